/*
 * The desk by keyboard: single keys for what is on the page, a list of them, and a palette of everything that can be
 * done. Can be switched off, and never listens while somebody types. Knows no page: it looks for what is there.
 */
const OFF = "consult-toetsen";
const template = document.getElementById("desk-keys");

const isOff = () => localStorage.getItem(OFF) === "uit";
const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const open = (id) => {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
};

const move = (step) => {
  const links = [...document.querySelectorAll("[data-keys-list] a, .agenda a")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, here < 0 ? 0 : here + step))].focus();
};

const enter = (selector) => {
  const place = document.querySelector(selector);
  if (!place) return;
  place.closest("details")?.setAttribute("open", "");
  if (place.matches("details")) place.open = true;
  const field = place.matches("textarea, input, select") ? place : place.querySelector("textarea, select, input:not([type=hidden])");
  (field ?? place).focus();
  (field ?? place).scrollIntoView({ block: "center" });
};

const press = (end) => document.querySelector(`form[action$="${end}"] button`)?.click();

const search = () => {
  const field = document.getElementById("zoek");
  if (field) field.focus();
  else document.querySelector(".rail a[href$='/vragen']")?.click();
};

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => enter("#antwoord textarea"),
  n: () => enter("#notitie textarea"),
  a: () => enter("#overdragen"),
  s: () => enter("#uitstellen"),
  e: () => press("/afronden"),
  "/": search,
  "?": () => open("toetsen"),
};

/* Everything that the page offers: links of the menu, parts that fold out, and buttons of a form of their own. */
const offers = () =>
  [...document.querySelectorAll(".rail a, main summary, main .post-button button, main .tabs a")].map((element) => ({
    words: element.textContent.replace(/\s+/g, " ").trim(),
    act: () => {
      if (element.matches("summary")) element.parentElement.open = true;
      element.matches("summary") ? element.focus() : element.click();
    },
  }));

const palette = (dialog) => {
  const [field, list] = [dialog.querySelector("input"), dialog.querySelector("ul")];
  let known = [];
  const show = () => {
    const typed = field.value.toLowerCase();
    const found = known.filter((offer) => offer.words.toLowerCase().includes(typed)).slice(0, 8);
    list.replaceChildren(
      ...found.map((offer) => {
        const [item, button] = [document.createElement("li"), document.createElement("button")];
        button.type = "button";
        button.textContent = offer.words;
        button.addEventListener("click", () => {
          dialog.close();
          offer.act();
        });
        item.append(button);
        return item;
      }),
    );
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  return () => {
    known = offers();
    field.value = "";
    show();
    open("palet");
    field.focus();
  };
};

const begin = () => {
  document.body.append(template.content.cloneNode(true));
  const showPalette = palette(document.getElementById("palet"));
  const tick = document.getElementById("toetsen-aan");
  tick.checked = !isOff();
  tick.addEventListener("change", () => localStorage.setItem(OFF, tick.checked ? "aan" : "uit"));
  for (const button of document.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      showPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
};

if (template) begin();
