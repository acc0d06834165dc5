// The buyer's side wears the buyer's own colour. It is sealed like the rest of the page, so the stylesheet that everybody
// can fetch does not have it; a stylesheet made here is no inline style, and the page's policy lets it be.

const COLOUR = /^#[0-9a-f]{6}$/;

/** What is worn by the pages that are open. Taken off and put on again, it would style the whole page anew. */
const worn = new WeakMap<AbortSignal, { readonly sheet: CSSStyleSheet; css: string }>();

/** Until the page is closed, with the colours that it names: of a mark and the text on it, light and dark. */
export function wearColours(room: HTMLElement, closed: AbortSignal): void {
  const css = rulesOf((room.dataset["buyerColours"] ?? "").split(" "));
  const outfit = worn.get(closed) ?? dress(closed);
  if (outfit.css !== css) {
    outfit.css = css;
    outfit.sheet.replaceSync(css);
  }
}

function rulesOf(colours: readonly string[]): string {
  if (colours.length !== 4 || !colours.every((colour) => COLOUR.test(colour))) {
    return "";
  }
  const [light, onLight, dark, onDark] = colours;
  return (
    `:root{--buyer:${light};--on-buyer:${onLight}}` +
    `@media screen and (prefers-color-scheme:dark){:root{--buyer:${dark};--on-buyer:${onDark}}}`
  );
}

function dress(closed: AbortSignal) {
  const outfit = { sheet: new CSSStyleSheet(), css: "" };
  worn.set(closed, outfit);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, outfit.sheet];
  closed.addEventListener("abort", () => {
    const { adoptedStyleSheets: all } = document;
    document.adoptedStyleSheets = all.filter((each) => each !== outfit.sheet);
  });
  return outfit;
}
