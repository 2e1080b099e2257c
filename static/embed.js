/*
 * <consult-contact page="polarisatie"><a href="…/p/polarisatie">Stel uw vraag</a></consult-contact>
 * The link is the contact; this shows the contact block in its place, once the frame says that it is there.
 * Knows nothing of the page round it and leaves the link alone when anything stands in the way.
 */
(() => {
  const home = new URL(document.currentScript.src);
  const PATIENCE = 4000;
  const LOWEST = 200;
  const HIGHEST = 4000;
  const titles = { nl: "Contact", en: "Contact us" };

  class ConsultContact extends HTMLElement {
    connectedCallback() {
      const page = this.getAttribute("page");
      if (!page || this.frame) return;
      const address = new URL(`embed/${encodeURIComponent(page)}`, home);
      address.searchParams.set("site", location.origin);
      const language = this.getAttribute("language");
      if (language) address.searchParams.set("taal", language);
      const frame = document.createElement("iframe");
      frame.src = address;
      frame.title = this.getAttribute("title") || titles[language] || titles.nl;
      // Not display: none, in which a page has no height to tell.
      Object.assign(frame.style, { position: "absolute", visibility: "hidden", width: "100%", height: "0", border: "0" });
      this.frame = frame;
      this.listen = (event) => this.hear(event);
      window.addEventListener("message", this.listen);
      this.limit = setTimeout(() => this.giveUp(), PATIENCE);
      this.style.display = "block";
      this.style.position = "relative";
      this.append(frame);
    }

    disconnectedCallback() {
      this.giveUp();
    }

    hear(event) {
      if (event.source !== this.frame.contentWindow || event.origin !== home.origin) return;
      const said = event.data;
      if (said?.consult !== "ready" && said?.consult !== "height") return;
      if (said.consult === "ready") this.show();
      if (Number.isFinite(said.height)) {
        this.frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(said.height)))}px`;
      }
    }

    show() {
      clearTimeout(this.limit);
      Object.assign(this.frame.style, { position: "static", visibility: "visible" });
      for (const child of this.children) if (child !== this.frame) child.hidden = true;
    }

    giveUp() {
      clearTimeout(this.limit);
      window.removeEventListener("message", this.listen);
      this.frame?.remove();
      this.frame = null;
      for (const child of this.children) child.hidden = false;
    }
  }

  if (!customElements.get("consult-contact")) customElements.define("consult-contact", ConsultContact);
})();
