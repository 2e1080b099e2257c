/*
 * On the page of a contact page in the office: shows the preview without leaving the place where somebody writes, and
 * copies the lines for another site. Without it the same buttons do the same, by way of a new page.
 */
const preview = async (form, button) => {
  const sent = new FormData(form);
  sent.set(button.name, button.value);
  const answer = await fetch(form.action, { method: "POST", body: sent });
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-preview]");
  if (!made) return false;
  const old = document.querySelector("[data-preview]");
  if (old) old.replaceWith(made);
  else form.querySelector(".buttons:last-child").after(made);
  made.querySelector("h2").focus();
  return true;
};

// On the way down: what lets a form be sent once only must not count a look as that.
document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter: button } = event;
    if (!form.matches("form[data-page]") || button?.name !== "doe") return;
    event.preventDefault();
    event.stopPropagation();
    // Signed out, or no network: the ordinary way says what is the matter.
    const ordinary = () => {
      const pressed = { type: "hidden", name: button.name, value: button.value };
      form.append(Object.assign(document.createElement("input"), pressed));
      form.submit();
    };
    preview(form, button).then((shown) => shown || ordinary(), ordinary);
  },
  true,
);

document.querySelectorAll("[data-copy]").forEach((place) => {
  if (!navigator.clipboard) return;
  const told = place.querySelector("[role=status]");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(place.dataset.copy).textContent);
    told.textContent = told.dataset.done;
  });
});
