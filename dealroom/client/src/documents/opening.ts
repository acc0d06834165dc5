// One document on its way into the viewer, from the click until it is closed: what is fetched, shown, and said meanwhile.

import { RoomError } from "../errors";
import { make } from "../room/dom";
import type { Delivery } from "./courier";
import type { Kind } from "./kinds";
import type { Library } from "./library";
import { saveBlob } from "./saving";
import { showAddress, showsFirstPageOnly, showsPdf, showText } from "./stage";

type State = "loading" | "waiting" | "ready" | "failed" | "unshown";

export class Opening {
  private readonly stop = new AbortController();
  private readonly stage: HTMLElement;
  private blob: Blob | null = null;
  private delivery: Delivery | null = null;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly library: Library,
    private readonly ref: string,
    private readonly kind: Kind,
  ) {
    this.stage = dialog.querySelector<HTMLElement>("[data-viewer=stage]") ?? dialog;
  }

  /** Fetches and shows the document. Rejects with a `RoomError`, or an `AbortError` when it ended before. */
  async start(title: string): Promise<void> {
    this.progress(0);
    this.say("loading", "");
    if (this.kind === "pdf" && !showsPdf()) {
      this.say("unshown", this.library.say("file_no_pdf"));
      return;
    }
    const { signal } = this.stop;
    if (this.kind !== "text" && this.kind !== "image") {
      this.delivery = await this.library.deliver(this.ref, false, signal, {
        onProgress: (done) => this.progress(done),
        onConnection: (lost) => this.connection(lost),
        onEnd: (reason) => this.ended(reason),
      });
    }
    const blob = this.delivery ? null : await this.fetch(signal);
    signal.throwIfAborted();
    await this.show(blob, title);
  }

  /** Saves what is here already; false when there is nothing yet. */
  saveAtOnce(): boolean {
    if (this.blob) {
      saveBlob(this.blob, this.library.file(this.ref)?.name ?? "");
    }
    return this.blob !== null;
  }

  fail(error: unknown): void {
    // What was shown so far may lack its end, or be followed by what is not the document's.
    this.stage.replaceChildren();
    this.say("failed", this.library.failure(error));
  }

  /** Takes the document away, with what is under way and every address of it. */
  end(): void {
    this.stop.abort();
    this.stage.replaceChildren();
    this.blob = null;
  }

  private async fetch(signal: AbortSignal): Promise<Blob> {
    const blob = await this.library.blob(this.ref, {
      signal,
      onProgress: (done) => this.progress(done),
      onConnection: (lost) => this.connection(lost),
    });
    this.blob = blob;
    return blob;
  }

  private async show(blob: Blob | null, title: string): Promise<void> {
    if (this.kind === "text") {
      const { element, note } = await showText(blob ?? new Blob(), this.library);
      this.stop.signal.throwIfAborted();
      this.stage.replaceChildren(element);
      this.say("ready", note);
      return;
    }
    const address = blob ? this.addressOf(blob) : (this.delivery?.address ?? "");
    const element = showAddress(this.kind, address, title, () => this.unshown());
    this.stage.replaceChildren(element);
    if (this.kind === "pdf" && blob && showsFirstPageOnly()) {
      this.stage.prepend(this.wayToNewTab(address));
    }
    this.say("ready", "");
  }

  private addressOf(blob: Blob): string {
    const address = URL.createObjectURL(blob);
    this.stop.signal.addEventListener("abort", () => URL.revokeObjectURL(address));
    return address;
  }

  private wayToNewTab(address: string): HTMLElement {
    const link = make("a", "quiet stage-tab", this.library.say("file_all_pages"));
    link.href = address;
    link.target = "_blank";
    return link;
  }

  /** The browser cannot show it, for all that arrived whole: a format it does not know. */
  private unshown(): void {
    if (!this.stop.signal.aborted && this.dialog.dataset["state"] !== "failed") {
      this.stage.replaceChildren();
      this.say("unshown", this.library.say("file_no_player"));
    }
  }

  private ended(reason: string | null): void {
    // A player stops and asks again as it likes.
    if (reason !== null && reason !== "stopped" && !this.stop.signal.aborted) {
      this.fail(new RoomError(reason === "unreachable" ? "unreachable" : "damaged", reason));
    }
  }

  private progress(done: number): void {
    const size = this.library.file(this.ref)?.size ?? 0;
    const bar = this.dialog.querySelector("progress");
    if (bar) {
      bar.max = Math.max(1, size);
      bar.value = done;
    }
    this.write(
      "figures",
      this.library.say("file_progress", {
        done: this.library.size(done),
        size: this.library.size(size),
      }),
    );
  }

  private connection(lost: boolean): void {
    const isLoading = this.dialog.dataset["state"] !== "ready";
    if (lost) {
      this.say("waiting", this.library.say("file_lost"));
    } else {
      this.say(isLoading && !this.delivery ? "loading" : "ready", "");
    }
  }

  private say(state: State, text: string): void {
    this.dialog.dataset["state"] = state;
    this.write("text", text);
  }

  private write(part: string, text: string): void {
    const element = this.dialog.querySelector<HTMLElement>(`[data-viewer=${part}]`);
    if (element) {
      element.textContent = text;
      element.hidden = text === "";
    }
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
