// What answering puts into the page, so that it can be taken out again when the page changes under its reader.

import { icon } from "../room/dom";

/** Marks what is put into the page. */
export function placed<Kind extends HTMLElement>(element: Kind): Kind {
  element.dataset["placed"] = "";
  return element;
}

/** Takes out all that was put in before. Whether there was anything. */
export function clear(room: HTMLElement): boolean {
  for (const tick of room.querySelectorAll("[data-step] > [data-tick]")) {
    tick.replaceWith(icon("open"));
  }
  const found = room.querySelectorAll("[data-placed]");
  for (const element of found) {
    element.remove();
  }
  return found.length > 0;
}

/** Resolves when no form is open: who is writing goes on with what they have written. */
export async function undisturbed(room: HTMLElement): Promise<void> {
  for (let open = openIn(room); open; open = openIn(room)) {
    const dialog = open;
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  }
}

function openIn(room: HTMLElement): Element | null {
  return room.querySelector("dialog.sheet[open]");
}
