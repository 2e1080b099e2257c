/*
 * The page without a connection: what is still kept on this device, and back to the page that was asked for as soon as
 * there is a connection.
 */
const place = document.querySelector("[data-kept-texts]");
const kept = Object.entries(localStorage).filter(([name, text]) => /^consult-(antwoord|notitie)-/.test(name) && text.trim());

for (const [name, text] of kept) {
  const [reference, body] = [document.createElement("h3"), document.createElement("p")];
  reference.textContent = name.split("-").slice(2, 5).join("-");
  body.textContent = text;
  body.className = "card pre";
  place.append(reference, body);
}
place.hidden = kept.length === 0;
if (window.location.pathname !== "/werkplek/offline") window.addEventListener("online", () => window.location.reload());
