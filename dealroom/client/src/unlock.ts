// The lock: its form, its states, and what it says.

import type { RoomError } from "./errors";
import type { Texts } from "./texts";

export type State = "locked" | "opening" | "open" | "failed";

// A page in the background paints nothing, and so never tells that it did. In milliseconds.
const LONGEST_PAINT = 100;

export class Lock {
  private readonly section = element("#lock", HTMLElement);
  private readonly form = element("#unlock", HTMLFormElement);
  private readonly input = element("#passphrase", HTMLInputElement);
  private readonly message = element("#unlock-message", HTMLElement);
  private readonly reveal = element("#reveal", HTMLButtonElement);

  constructor(
    private readonly texts: Texts,
    private readonly onPassphrase: (passphrase: string) => void,
  ) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.reveal.addEventListener("click", () => this.toggle());
  }

  /** Shows the lock, ready for a passphrase. */
  show(): void {
    setState("locked");
    this.section.hidden = false;
    this.setBusy(false);
    this.message.textContent = "";
    this.input.focus({ preventScroll: true });
  }

  /** Says that the room is being opened, and waits until the reader can see it. */
  async showOpening(): Promise<void> {
    setState("opening");
    this.message.textContent = "";
    this.setBusy(true);
    await painted();
  }

  /** Says why the room did not open; the form is usable again, the passphrase selected for another try. */
  showFailure(error: RoomError): void {
    setState("failed");
    this.section.hidden = false;
    this.setBusy(false);
    this.say(this.texts[error.textKey]);
  }

  /** Leaves the page to the room. */
  hide(): void {
    setState("open");
    this.section.hidden = true;
    this.setBusy(false);
    this.message.textContent = "";
    this.input.value = "";
    this.conceal();
  }

  private submit(): void {
    if (document.documentElement.dataset["state"] === "opening") {
      return;
    }
    if (this.input.value.trim() === "") {
      this.say(this.texts["unlock.empty"]);
      return;
    }
    this.onPassphrase(this.input.value);
  }

  private say(text: string): void {
    this.message.textContent = text;
    this.input.focus({ preventScroll: true });
    this.input.select();
  }

  private setBusy(busy: boolean): void {
    this.form.setAttribute("aria-busy", String(busy));
    // Read-only rather than disabled: focus and the text stay, and password managers still see the field.
    this.input.readOnly = busy;
  }

  private toggle(): void {
    const revealed = this.input.type === "password";
    this.input.type = revealed ? "text" : "password";
    this.reveal.setAttribute("aria-pressed", String(revealed));
    this.input.focus({ preventScroll: true });
  }

  private conceal(): void {
    this.input.type = "password";
    this.reveal.setAttribute("aria-pressed", "false");
  }
}

export function setState(state: State): void {
  document.documentElement.dataset["state"] = state;
}

/** The one element of the page that is `selector`. The page's template and this script belong together. */
export function element<Kind extends Element>(
  selector: string,
  kind: abstract new () => Kind,
): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) {
    throw new Error(`the page has no ${selector}`);
  }
  return found;
}

/** Resolves when what was changed has been painted. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const frame = requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(() => {
      cancelAnimationFrame(frame);
      resolve();
    }, LONGEST_PAINT);
  });
}
