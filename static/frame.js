/*
 * Inside the frame: tell the page round it that we are here and how high we are.
 * Speaks only to the origin that the server found among the allowed sites of this page; without one it is silent.
 */
const { site } = document.querySelector("main [data-site]")?.dataset ?? {};

if (site && window.parent !== window) {
  const tell = (consult) => {
    const height = document.documentElement.getBoundingClientRect().height;
    window.parent.postMessage({ consult, height }, site);
  };
  tell("ready");
  new ResizeObserver(() => tell("height")).observe(document.documentElement);
}
