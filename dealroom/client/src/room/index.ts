// The behaviour of the opened page.

import type { RoomContext } from "../context";

/** Starts what the page does by itself. `root` holds the page; nothing outlives `context.signal`. */
export function startRoom(root: HTMLElement, context: RoomContext): void {
  for (const button of root.querySelectorAll("[data-action=lock]")) {
    button.addEventListener("click", context.onLock, { signal: context.signal });
  }
}
