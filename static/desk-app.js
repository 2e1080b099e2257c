/*
 * The desk as an application: starts the service worker, keeps a form that is sent without a connection on its page,
 * and leaves no text of one person behind for the next.
 */
const KEPT = /^(consult-(antwoord|notitie)-|draft:)/;
const WHO = "consult-wie";

const names = () => Object.keys(localStorage).filter((name) => KEPT.test(name));
const clear = () => names().forEach((name) => localStorage.removeItem(name));

const who = document.querySelector("[data-left]");
if (who?.dataset.who) {
  const before = localStorage.getItem(WHO);
  if (before !== null && before !== who.dataset.who) clear();
  localStorage.setItem(WHO, who.dataset.who);
}
if (who) {
  who.querySelector("form")?.addEventListener("submit", (event) => {
    const left = names().some((name) => localStorage.getItem(name).trim());
    if (!navigator.onLine) return;
    if (left && !window.confirm(who.dataset.left)) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    clear();
    localStorage.removeItem(WHO);
  }, true);

  /* What was typed stays on the page, where it can be sent again. */
  document.addEventListener("submit", (event) => {
    const { target: form } = event;
    if (navigator.onLine || form.matches("[data-keep]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const line = form.querySelector("[data-offline-line]") ?? document.createElement("p");
    line.dataset.offlineLine = "";
    line.className = "error";
    line.setAttribute("role", "alert");
    line.textContent = who.dataset.offline;
    form.append(line);
  }, true);
}

navigator.serviceWorker?.register("/werkplek/dienst.js", { scope: "/werkplek/" }).catch(() => {
  // A browser that keeps nothing of sites has a desk without the page that stands in.
});
