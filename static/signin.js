/*
 * Passkeys, and pages that go on by themselves. A form with data-passkey asks the server for a question, hands it to
 * the browser and sends the answer along; where the browser knows no passkeys it stays hidden.
 */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const descriptor = (each) => ({ ...each, id: bytes(each.id) });

const readable = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(descriptor) }),
  ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(descriptor) }),
});

const sendable = ({ id, rawId, type, response }) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(given) });
};

const answer = async (form) => {
  const question = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (!question.ok) throw new Error(`the question: ${question.status}`);
  const publicKey = readable(await question.json());
  const kind = form.dataset.passkey === "create" ? "create" : "get";
  form.elements.credential.value = sendable(await navigator.credentials[kind]({ publicKey }));
};

const ask = async (form) => {
  const [button, failed] = [form.querySelector("button"), form.querySelector("[data-failed]")];
  button.disabled = true;
  failed.textContent = "";
  try {
    await answer(form);
    form.submit();
  } catch {
    // Cancelled, too late, or no passkey here: the other ways are on the same page.
    failed.textContent = failed.dataset.failed;
    button.disabled = false;
    button.focus();
  }
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = false;
  for (const hint of document.querySelectorAll("[data-no-passkeys]")) hint.hidden = true;
}
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-passkey]") || form.elements.name?.value === "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form);
  },
  true,
);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("[data-passkey] button")) button.disabled = false;
});

const onward = document.querySelector("[data-go-on]");
if (onward?.matches("a")) location.replace(onward.href);
else onward?.submit();
