// The choice in the opened room's menu to keep it open on this device, and until when it is.

import type { Texts } from "./texts";

// Long enough to read a line, short enough not to be in the way. In milliseconds.
const SHOWN = 6000;

export interface Remembering {
  /** Until when the room is kept; `null` when it is not. */
  readonly until: Date | null;
  /** Keeps the room or forgets it, and gives until when it is kept now. */
  readonly change: (keep: boolean) => Promise<Date | null>;
}

/** Offers the choice in the menu below `root`. Without `remembering` the room may not be kept here. */
export function startRemembering(
  root: HTMLElement,
  remembering: Remembering | null,
  texts: Texts,
  signal: AbortSignal,
): void {
  closeOnLeaving(root, signal);
  const choice = root.querySelector<HTMLElement>("[data-remember]");
  const box = choice?.querySelector("input");
  if (!choice || !box || !remembering) {
    return;
  }
  const until = root.querySelector<HTMLElement>("[data-remember-until]");
  const paint = (end: Date | null) => {
    box.checked = end !== null;
    if (until) {
      const date = end?.toLocaleDateString(root.ownerDocument.documentElement.lang, {
        dateStyle: "long",
      });
      until.textContent = date ? texts["remember.until"].replace("{date}", date) : "";
    }
  };
  choice.hidden = false;
  paint(remembering.until);
  box.addEventListener(
    "change",
    () => {
      const wanted = box.checked;
      void remembering.change(wanted).then((end) => {
        paint(end);
        if (wanted && end === null) {
          tell(root, texts["remember.refused"]);
        }
      });
    },
    { signal },
  );
}

/** Shows a line that goes away by itself. */
export function tell(root: HTMLElement, text: string): void {
  const toast = root.querySelector<HTMLElement>("[data-toast]");
  if (toast) {
    toast.textContent = text;
    setTimeout(() => {
      if (toast.textContent === text) {
        toast.textContent = "";
      }
    }, SHOWN);
  }
}

/** The menu closes as menus do: with Escape, or with a click or the focus elsewhere. */
function closeOnLeaving(root: HTMLElement, signal: AbortSignal): void {
  const menu = root.querySelector<HTMLDetailsElement>("[data-reader-menu]");
  if (!menu) {
    return;
  }
  const leave = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) {
      menu.open = false;
    }
  };
  document.addEventListener("pointerdown", leave, { signal });
  document.addEventListener("focusin", leave, { signal });
  menu.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && menu.open) {
        event.stopPropagation();
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }
    },
    { signal },
  );
}
