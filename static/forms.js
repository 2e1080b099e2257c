/*
 * What a script adds to a form that already works: a live count, focus on what went wrong, and one send per press.
 * Knows no page and no field by name; everything is read from attributes.
 */
const count = (area) => {
  const line = document.getElementById(`${area.id}-count`);
  if (!line) return;
  const most = Number(area.dataset.counter);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const start = line.textContent;
  let wait = 0;
  const show = () => {
    const left = most - Array.from(area.value.replace(/\r\n/g, "\n")).length;
    const text = left < 0 ? line.dataset.over : left < most / 5 ? line.dataset.left : "";
    line.textContent = text ? text.replace("{n}", number.format(Math.abs(left))) : start;
    line.classList.toggle("error", left < 0);
  };
  line.setAttribute("aria-live", "polite");
  area.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(show, 300);
  });
  show();
};

const PATIENCE = 8000; // after this a form that stayed on the page (a download) may be sent again

const sendOnce = (form) => {
  let sent = false;
  const set = (state) => {
    sent = state;
    for (const button of form.querySelectorAll("button")) button.toggleAttribute("data-sent", state);
  };
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    if (event.submitter?.formTarget) return; // the answer comes in a frame, the form stays
    set(true);
    setTimeout(set, PATIENCE, false);
  });
  window.addEventListener("pageshow", () => set(false));
};

document.querySelectorAll("[data-counter]").forEach(count);
document.querySelectorAll("form[method=post]").forEach(sendOnce);
document.querySelector("#fouten, #weglaten")?.focus();
