// Copy a link to a milestone: the room's address and the place, without any secret.

import type { Wording } from "./wording";

// Long enough to read a line, short enough not to be in the way. In milliseconds.
const SHOWN = 4000;

export function startCopying(room: HTMLElement, wording: Wording, signal: AbortSignal): void {
  const toast = room.querySelector<HTMLElement>("[data-toast]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (text: string) => {
    if (toast) {
      toast.textContent = text;
      clearTimeout(timer);
      timer = setTimeout(() => {
        toast.textContent = "";
      }, SHOWN);
    }
  };
  for (const button of room.querySelectorAll<HTMLElement>("[data-action=copy-link]")) {
    button.addEventListener(
      "click",
      () => {
        const address = placeAddress(location.href, button.dataset["anchor"] ?? "");
        navigator.clipboard.writeText(address).then(
          () => tell(wording.say("copied")),
          () => tell(`${wording.say("copy_failed")}: ${address}`),
        );
      },
      { signal },
    );
  }
}

/** The address of a place in the room that `href` is an address of. */
export function placeAddress(href: string, anchor: string): string {
  return `${href.replace(/#.*/s, "")}#${encodeURIComponent(anchor)}`;
}
