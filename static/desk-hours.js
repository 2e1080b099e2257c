/*
 * Working hours: shows what a visitor would see of what is typed, while it is typed. Nothing is kept by it; without a
 * script a button does the same.
 */
const WAIT = 500; // of silence before the server is asked

const watch = (form, box) => {
  let [wait, asked] = [0, 0];
  const show = async () => {
    const mine = (asked += 1);
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const part = answer.ok || answer.status === 422 ? await answer.text() : null;
      if (part !== null && mine === asked) box.replaceChildren(...new DOMParser().parseFromString(part, "text/html").body.childNodes);
    } catch {
      // Offline: the last preview stays.
    } finally {
      if (mine === asked) box.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(show, WAIT);
  });
};

/* The line of a folded day tells what stands in it now: from and until, the break, one more block. */
const tell = (day) => {
  const words = day.querySelector("summary [data-off]");
  const times = [...day.querySelectorAll("input[type=time]")].map((field) => field.value.replace(":", "."));
  const [main, pause, extra] = [0, 2, 4].map((at) => (times[at] && times[at + 1] ? `${times[at]}–${times[at + 1]}` : ""));
  const parts = [main, pause && `${words.dataset.break} ${pause}`, extra].filter(Boolean);
  words.textContent = parts.join(", ") || words.dataset.off;
};

const form = document.querySelector("form[data-preview]");
if (form) {
  watch(form, document.getElementById("voorbeeld"));
  for (const day of form.querySelectorAll(".week-day")) day.addEventListener("input", () => tell(day));
}
