// Making elements without HTML: the page's policy lets no text become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with a class and a text or children. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className) {
    element.className = className;
  }
  element.append(...content);
  return element;
}

/** One of the page's icons. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Shows a text, or hides its element when there is none. */
export function show(element: HTMLElement | null, text: string): void {
  if (element) {
    write(element, text);
    element.hidden = text === "";
  }
}

/** Writes a text. The same one, set anew, would be laid out anew. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
