// A dialog over the page; on a phone it comes from the foot of the screen.

import { icon, make } from "../room/dom";
import type { Desk } from "./desk";
import { placed } from "./placing";

export class Sheet {
  readonly dialog = make("dialog", "sheet");
  private readonly title = make("h2", "sheet-title");
  private readonly body = make("div", "sheet-body");
  private opener: HTMLElement | null = null;

  constructor(desk: Desk, name: string) {
    const close = make("button", "viewer-close", icon("close"));
    close.type = "button";
    close.setAttribute("aria-label", desk.say("close"));
    close.addEventListener("click", () => this.close());
    this.title.id = `sheet-${name}`;
    this.title.tabIndex = -1;
    this.dialog.setAttribute("aria-labelledby", this.title.id);
    this.dialog.append(make("header", "sheet-head", this.title, close), this.body);
    // A click on the ground beside it closes it; one that began inside, like a selection, does not.
    this.dialog.addEventListener("pointerdown", (event) => {
      if (event.target === this.dialog) {
        this.close();
      }
    });
    this.dialog.addEventListener("close", () => this.release());
    desk.parts.room.append(placed(this.dialog));
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }

  /** Shows this, in place of what was shown. The focus goes to `first`, else to the title. */
  show(title: string, content: readonly Node[], first: HTMLElement | null = null): void {
    this.title.textContent = title;
    this.body.replaceChildren(...content);
    this.body.scrollTop = 0;
    if (!this.dialog.open) {
      this.opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      this.dialog.showModal();
    }
    (first ?? this.title).focus();
  }

  close(): void {
    this.dialog.close();
  }

  /** The event comes late: by then something else may be shown. */
  private release(): void {
    if (this.dialog.open) {
      return;
    }
    this.body.replaceChildren();
    this.opener?.focus({ preventScroll: true });
    this.opener = null;
  }
}

/** A button. Its action runs once for each click. */
export function button(
  className: string,
  label: string,
  action: () => void,
  iconName?: string,
): HTMLButtonElement {
  const made = make("button", className, ...(iconName ? [icon(iconName)] : []), label);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}
