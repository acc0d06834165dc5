// The lock: its form, its states, and what it says.

import type { RoomError } from "./errors";
import type { TextKey, Texts } from "./texts";

export type State = "locked" | "opening" | "open" | "failed";

// A page in the background paints nothing, and so never tells that it did. In milliseconds.
const LONGEST_PAINT = 100;

export class Lock {
  private readonly section = element("#lock", HTMLElement);
  private readonly form = element("#unlock", HTMLFormElement);
  private readonly input = element("#passphrase", HTMLInputElement);
  private readonly message = element("#unlock-message", HTMLElement);
  private readonly reveal = element("#reveal", HTMLButtonElement);
  // Absent where the seller lets no device keep the room, and in a theme's own form.
  private readonly choice = document.querySelector<HTMLElement>("#remember");
  private readonly box = this.choice?.querySelector<HTMLInputElement>("input");

  constructor(
    private readonly texts: Texts,
    private readonly onPassphrase: (passphrase: string, keep: boolean) => void,
  ) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.reveal.addEventListener("click", () => this.toggle());
  }

  /** Whether it waits for a passphrase: nothing is open or being opened. */
  get isReady(): boolean {
    const state = document.documentElement.dataset["state"];
    return state === "locked" || state === "failed";
  }

  /** Shows the lock, ready for a passphrase. `note` tells why a room that was open before is not now. */
  show(note?: TextKey): void {
    setState("locked");
    this.section.hidden = false;
    this.setBusy(false);
    this.write(note ? this.texts[note] : "", "note");
    this.input.focus({ preventScroll: true });
  }

  /** Offers to keep the room open on this device, where the page has the choice and the browser the means. */
  offerKeeping(possible: boolean): void {
    if (this.choice) {
      this.choice.hidden = !possible;
    }
  }

  /** Says that the room is being opened, and waits until the reader can see it. */
  async showOpening(): Promise<void> {
    setState("opening");
    this.write("");
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
    this.write("");
    this.input.value = "";
    if (this.box) {
      this.box.checked = false;
    }
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
    this.onPassphrase(
      this.input.value,
      this.choice?.hidden === false && this.box?.checked === true,
    );
  }

  private say(text: string): void {
    this.write(text);
    this.input.focus({ preventScroll: true });
    this.input.select();
  }

  private write(text: string, tone: "fault" | "note" = "fault"): void {
    this.message.textContent = text;
    this.message.dataset["tone"] = tone;
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
