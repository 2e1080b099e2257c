/*
 * Keeps what was typed in a form in this browser, so that a closed window costs nobody a text. It is gone once the form
 * was sent, and after a day. Knows no form by name; hidden fields are never kept, and nothing leaves the browser.
 */
const DAY = 24 * 3600 * 1000;

const store = (() => {
  try {
    return window.localStorage; // refuses where somebody keeps sites from storing anything
  } catch {
    return null;
  }
})();

const isTyped = (element) => element.name && element.type !== "hidden" && !element.closest(".pot");

const typed = (form) => {
  const names = new Set([...form.elements].filter(isTyped).map((element) => element.name));
  return [...new FormData(form)].filter(([name]) => names.has(name));
};

const fill = (form, pairs) => {
  for (const [name, value] of pairs) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true;
    else if (field instanceof RadioNodeList || !field.value) field.value = value;
  }
};

const keep = (form) => {
  const key = `draft:${form.dataset.draft}`;
  const line = form.querySelector("[data-draft-back]");
  const areas = [...form.querySelectorAll("textarea")];
  const left = JSON.parse(store.getItem(key) ?? "null");
  if (left && Date.now() - left.at > DAY) store.removeItem(key);
  else if (left && areas.every((area) => !area.value)) {
    fill(form, left.typed);
    line.hidden = false;
  }
  let wait = 0;
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => {
      if (areas.some((area) => area.value)) store.setItem(key, JSON.stringify({ at: Date.now(), typed: typed(form) }));
      else store.removeItem(key);
    }, 300);
  });
  line.querySelector("button").addEventListener("click", () => {
    store.removeItem(key);
    for (const element of [...form.elements].filter(isTyped)) {
      if (element.type === "checkbox") element.checked = false;
      else if (element.type !== "radio") element.value = "";
    }
    line.hidden = true;
    areas[0]?.focus();
  });
};

if (store) {
  document.querySelectorAll("[data-draft-sent]").forEach((sent) => store.removeItem(`draft:${sent.dataset.draftSent}`));
  document.querySelectorAll("form[data-draft]").forEach(keep);
}
