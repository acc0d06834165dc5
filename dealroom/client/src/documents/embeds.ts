// Frames of other sites, such as a film on a host for films. Nothing is asked of the site before the reader's click on a
// card that names it.

import { make } from "../room/dom";

// What a player needs. It stays in its own origin: its scripts cannot reach the room, nor lead the room elsewhere.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation";
const FEATURES = "fullscreen; picture-in-picture; encrypted-media";

/** Makes the cards below `root` load their frames when they are clicked. */
export function serveEmbeds(root: HTMLElement, signal: AbortSignal): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-embed]")) {
    button.addEventListener("click", () => load(button), { signal });
  }
}

function load(button: HTMLButtonElement): void {
  const address = new URL(button.dataset["embed"] ?? "", location.href);
  // In the room's own origin the sandbox would hold nothing.
  if (address.protocol !== "https:" || address.origin === location.origin) {
    return;
  }
  const frame = make("iframe", "embed-frame");
  frame.title = button.dataset["title"] ?? "";
  frame.setAttribute("sandbox", SANDBOX);
  frame.allow = FEATURES;
  frame.referrerPolicy = "no-referrer";
  frame.src = address.href;
  button.closest("[data-embed-card]")?.classList.add("is-loaded");
  button.replaceWith(frame);
  frame.focus();
}
