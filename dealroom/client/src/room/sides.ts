// The buyer's side wears the buyer's own colour. It is sealed like the rest of the page, so the stylesheet that everybody
// can fetch does not have it; a stylesheet made here is no inline style, and the page's policy lets it be.

const COLOUR = /^#[0-9a-f]{6}$/;

/** Until the signal, with the colours that the page names: of a mark and the text on it, light and dark. */
export function wearColours(room: HTMLElement, signal: AbortSignal): void {
  const colours = (room.dataset["buyerColours"] ?? "").split(" ");
  if (colours.length !== 4 || !colours.every((colour) => COLOUR.test(colour))) {
    return;
  }
  const [light, onLight, dark, onDark] = colours;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `:root{--buyer:${light};--on-buyer:${onLight}}` +
      `@media screen and (prefers-color-scheme:dark){:root{--buyer:${dark};--on-buyer:${onDark}}}`,
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  signal.addEventListener("abort", () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
  });
}
