/*
 * Tells the server that somebody reads or writes here, and shows who else does and whether something came in.
 */
const EVERY = 20000;
const place = document.querySelector("[data-here]");
const token = document.querySelector("input[name$=csrf_token]")?.value;
let wroteAt = 0;

const body = (facts) => {
  const data = new FormData();
  data.set("csrf_token", token);
  for (const [name, value] of Object.entries(facts)) data.set(name, value);
  return data;
};

const line = (words, name) => {
  const paragraph = document.createElement("p");
  paragraph.textContent = words.replace("{n}", name);
  return paragraph;
};

const show = ({ others, newest }) => {
  const { reads, writes, came } = place.dataset;
  const lines = others.map((other) => line(other.writing ? writes : reads, other.name));
  if (newest > Number(place.dataset.newest)) lines.push(line(came, ""));
  if (lines.map((each) => each.textContent).join() === [...place.children].map((each) => each.textContent).join()) return;
  place.replaceChildren(...lines);
};

const tell = async () => {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await fetch(place.dataset.here, {
      method: "POST",
      body: body({ schrijft: Date.now() - wroteAt < 2 * EVERY ? "1" : "0" }),
    });
    if (answer.ok) show(await answer.json());
  } catch {
    // Offline: nobody else can be seen from here.
  }
};

if (place && token) {
  document.addEventListener("input", (event) => {
    const began = Date.now() - wroteAt > EVERY;
    if (event.target.matches("textarea")) wroteAt = Date.now();
    if (began && wroteAt) tell();
  });
  window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.here, body({ weg: "1" })));
  document.addEventListener("visibilitychange", tell);
  setInterval(tell, EVERY);
  tell();
}
