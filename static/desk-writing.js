/*
 * What is typed at a question is never lost: kept on this device at once, and with the question as soon as the server
 * answers. Also: a saved reply goes in where the cursor is, and an answer that can be taken back counts down.
 */
const WAIT = 2000; // of silence before a text goes to the server

const flat = (text) => text.replace(/\s+/g, " ").trim();
const isInThread = (text) => [...document.querySelectorAll(".thread .pre")].some((entry) => flat(entry.textContent) === flat(text));

const keep = (form) => {
  const [area, line] = [form.querySelector("textarea"), form.querySelector("[data-kept]")];
  const name = `consult-${form.dataset.name}`;
  let wait = 0;
  const say = (text) => {
    line.textContent = text;
  };
  const send = async () => {
    const text = area.value;
    if (!navigator.onLine) return say(form.dataset.offline);
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) return;
      say((await answer.json()).kept);
      if (area.value === text) localStorage.removeItem(name);
    } catch {
      say(form.dataset.offline);
    }
  };
  area.addEventListener("input", () => {
    localStorage.setItem(name, area.value);
    clearTimeout(wait);
    wait = setTimeout(send, WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(wait);
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    localStorage.setItem(name, area.value);
    say(form.dataset.offline);
  }, true);
  window.addEventListener("online", () => localStorage.getItem(name) !== null && send());
  const stored = localStorage.getItem(name);
  if (stored === null) return;
  if (!stored.trim() || isInThread(stored) || stored === area.value) return localStorage.removeItem(name);
  area.value = stored;
  area.dispatchEvent(new Event("input"));
  say(form.dataset.again);
};

const insert = (form) => {
  const area = document.querySelector("#antwoord textarea");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = form.querySelector("select").selectedOptions[0].dataset.body;
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }, true);
};

const countDown = (form) => {
  const line = form.querySelector("[data-left]");
  const end = Date.now() + Number(form.dataset.undo) * 1000;
  const clock = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    line.textContent = line.dataset.left.replace("{n}", Math.max(0, left));
    if (left > 0) return;
    clearInterval(clock);
    form.remove();
  }, 1000);
};

/* Words that are selected in the thread are what must go. */
const redact = (form) => {
  const field = form.querySelector("input:not([type=hidden])");
  form.closest("details").addEventListener("toggle", () => {
    const chosen = flat(String(document.getSelection()));
    if (chosen && !field.value) field.value = chosen;
  });
};

document.querySelectorAll("form[data-keep]").forEach(keep);
document.querySelectorAll("form.saved").forEach(insert);
document.querySelectorAll("form[data-undo]").forEach(countDown);
document.querySelectorAll("form[data-redact]").forEach(redact);
