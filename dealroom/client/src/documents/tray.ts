// What is being saved, at the foot of the page: its name, how far it is, and a way to stop it.

import { make } from "../room/dom";
import type { Library } from "./library";
import { save } from "./saving";

// What is done sooner needs no words. In milliseconds.
const UNSEEN = 400;
// Long enough to read what went wrong. In milliseconds.
const FAILURE_SHOWN = 12_000;
const SUCCESS_SHOWN = 3000;

export class Tray {
  private readonly element = make("div", "tray");
  private readonly saving = new Map<string, AbortController>();

  constructor(
    private readonly library: Library,
    private readonly home: HTMLElement,
  ) {
    this.element.setAttribute("role", "status");
    home.append(this.element);
    addEventListener(
      "beforeunload",
      (event) => {
        // The browser asks whether to leave: the page is what decrypts.
        if (this.saving.size > 0) {
          event.preventDefault();
        }
      },
      { signal: library.signal },
    );
  }

  /** Shows the tray in a dialog while that covers the page, or again in the page. */
  moveTo(place: HTMLElement | null): void {
    (place ?? this.home).append(this.element);
  }

  /** Saves a file, and shows it on `link` too; what is being saved already goes on. */
  async save(ref: string, link: HTMLElement): Promise<void> {
    const file = this.library.file(ref);
    if (!file || this.saving.has(ref)) {
      return;
    }
    const stop = new AbortController();
    const lock = () => stop.abort();
    this.library.signal.addEventListener("abort", lock);
    this.saving.set(ref, stop);
    const entry = new Entry(this.library, file.name, file.size, () => stop.abort());
    const timer = setTimeout(() => this.element.append(entry.element), UNSEEN);
    link.dataset["state"] = "loading";
    try {
      await save(this.library, ref, {
        signal: stop.signal,
        onProgress: (done, size) => {
          entry.progress(done);
          link.dataset["progress"] = String(size === 0 ? 100 : Math.floor((100 * done) / size));
        },
        onConnection: (lost) => entry.connection(lost),
      });
      link.dataset["state"] = "ready";
      entry.end(this.library.say("file_saved", { name: file.name }), SUCCESS_SHOWN);
    } catch (error) {
      this.fail(error, link, entry);
    } finally {
      clearTimeout(timer);
      this.saving.delete(ref);
      this.library.signal.removeEventListener("abort", lock);
      delete link.dataset["progress"];
    }
  }

  private fail(error: unknown, link: HTMLElement, entry: Entry): void {
    if (error instanceof DOMException && error.name === "AbortError") {
      delete link.dataset["state"];
      entry.element.remove();
      return;
    }
    link.dataset["state"] = "failed";
    this.element.append(entry.element);
    entry.end(`${entry.name}: ${this.library.failure(error)}`, FAILURE_SHOWN);
  }
}

class Entry {
  readonly element = make("div", "tray-entry");
  private readonly text = make("p", "tray-text");
  private readonly bar = make("progress", "tray-bar");
  private readonly button: HTMLButtonElement;
  private done = 0;

  constructor(
    private readonly library: Library,
    readonly name: string,
    private readonly size: number,
    stop: () => void,
  ) {
    this.button = make("button", "quiet", library.say("file_cancel"));
    this.button.type = "button";
    this.button.addEventListener("click", stop);
    this.bar.max = Math.max(1, size);
    // Read out once, with the name; the figures beside it would never stop.
    this.bar.setAttribute("aria-label", library.say("file_saving", { name }));
    this.element.append(this.text, this.bar, this.button);
    this.progress(0);
  }

  progress(done: number): void {
    this.done = done;
    this.bar.value = done;
    this.text.textContent = `${this.name} · ${this.library.say("file_progress", {
      done: this.library.size(done),
      size: this.library.size(this.size),
    })}`;
  }

  connection(lost: boolean): void {
    this.element.classList.toggle("is-waiting", lost);
    if (lost) {
      this.text.textContent = this.library.say("file_lost");
    } else {
      this.progress(this.done);
    }
  }

  /** Says how it ended, for so many milliseconds. */
  end(text: string, shown: number): void {
    this.text.textContent = text;
    this.bar.remove();
    this.button.remove();
    setTimeout(() => this.element.remove(), shown);
  }
}
