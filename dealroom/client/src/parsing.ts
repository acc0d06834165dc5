// HTML becomes elements a piece at a time: the page of a large plan is half a megabyte.

import type { Pace } from "./pace";
import { POLICY } from "./trusted";

// Characters that a phone parses in a few milliseconds.
const PIECE = 8192;

// So many elements move from one document to another at once.
const FEW = 150;

/** The elements of `html`, in a document that shows nothing, loads nothing and runs nothing. */
export async function parse(html: string, pace: Pace): Promise<HTMLElement> {
  const inert = document.implementation.createHTMLDocument();
  inert.open();
  inert.write(POLICY.createHTML("<!doctype html><body>"));
  for (const piece of pieces(html)) {
    inert.write(POLICY.createHTML(piece));
    await pace.breathe();
  }
  inert.close();
  // There is none in what was sanitised. If there were, it would run once it is in the page, as one from `innerHTML`
  // never does.
  for (const script of inert.querySelectorAll("script")) {
    script.remove();
  }
  return inert.body;
}

/** Moves the node into `place`, its children one after the other where there are many. */
export async function move(node: ChildNode, place: Element, pace: Pace): Promise<void> {
  if (!(node instanceof Element) || node.getElementsByTagName("*").length <= FEW) {
    place.append(node);
    await pace.breathe();
    return;
  }
  const children = [...node.childNodes];
  node.replaceChildren();
  place.append(node);
  for (const child of children) {
    await move(child, node, pace);
  }
}

/** The text in pieces that end with a tag where they can. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const tag = text.indexOf(">", start + PIECE);
    const end = tag < 0 ? text.length : tag + 1;
    yield text.slice(start, end);
    start = end;
  }
}
