/*
 * Suggests the names of municipalities in a text field, fetched at the first key; any other name may be typed.
 * Knows no form: the field says in data-suggestions where the names are.
 */
const FEWEST = 2; // letters before a list of names helps
const MOST = 12;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const suggest = (field) => {
  const list = document.createElement("datalist");
  list.id = `${field.id}-names`;
  let names;
  const show = () => {
    const typed = plain(field.value.replace(/^\s*gemeente\s+/i, ""));
    const found = typed.length < FEWEST ? [] : names.filter((name) => plain(name).includes(typed)).slice(0, MOST);
    list.replaceChildren(...found.map((name) => new Option(name)));
  };
  const fetchNames = async () => {
    const answer = await fetch(field.dataset.suggestions);
    names = answer.ok ? await answer.json() : [];
    field.after(list);
    field.setAttribute("list", list.id);
    field.addEventListener("input", show);
    show();
  };
  // Without the network it stays what it was: a field to type in.
  field.addEventListener("input", () => fetchNames().catch(() => {}), { once: true });
};

document.querySelectorAll("input[data-suggestions]").forEach(suggest);
