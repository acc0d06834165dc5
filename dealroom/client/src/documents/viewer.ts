// The viewer: a dialog over the room in which a document is read, looked at, or played.

import { kindOf } from "./kinds";
import type { Library } from "./library";
import { isAbort, Opening } from "./opening";
import type { Tray } from "./tray";

/** What is in the address while a document is open: its reference, so that a link leads to it. */
const STATE = "dealroom:document";

export class Viewer {
  private opening: Opening | null = null;
  private link: HTMLElement | null = null;
  private ref = "";
  /** Whether the reader is here by a step of the history that closing takes back. */
  private pushed = false;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly library: Library,
    private readonly tray: Tray,
  ) {
    const { signal } = library;
    dialog.addEventListener("close", () => this.closed(), { signal });
    // A click on what is around the dialog: the dialog itself is covered by what it holds.
    dialog.addEventListener("click", (event) => event.target === dialog && this.close(), {
      signal,
    });
    this.on("close", () => this.close());
    this.on("save", () => this.save());
    this.on("retry", () => this.load());
    this.on("cancel", () => this.close());
    signal.addEventListener("abort", () => this.opening?.end());
    addEventListener("popstate", () => this.follow(), { signal });
    addEventListener("hashchange", () => this.follow(), { signal });
  }

  /** Whether a file is shown in the page, rather than saved. */
  opens(ref: string): boolean {
    return kindOf(this.library.file(ref)?.type ?? "") !== null;
  }

  /** Opens a document from a link in the room. */
  open(ref: string, link: HTMLElement): void {
    this.link = link;
    history.pushState({ [STATE]: ref }, "", `#${ref}`);
    this.pushed = true;
    this.show(ref);
  }

  /** Opens what the address names, and closes what it names no more. */
  follow(): void {
    const ref = location.hash.slice(1);
    if (this.dialog.open && ref !== this.ref) {
      this.pushed = false;
      this.dialog.close();
    }
    if (!this.dialog.open && this.opens(ref)) {
      this.pushed = false;
      this.show(ref);
    }
  }

  private show(ref: string): void {
    this.ref = ref;
    const file = this.library.file(ref);
    const listed = document.querySelector<HTMLElement>(`.file [data-object="${CSS.escape(ref)}"]`);
    this.link ??= listed;
    const title = listed?.querySelector(".file-title")?.textContent ?? file?.name ?? "";
    this.part("title").textContent = title;
    this.part("about").textContent = `${file?.name ?? ""} · ${this.library.size(file?.size ?? 0)}`;
    this.dialog.showModal();
    this.tray.moveTo(this.dialog);
    this.load();
  }

  private load(): void {
    const type = this.library.file(this.ref)?.type ?? "";
    const kind = kindOf(type);
    this.opening?.end();
    if (!kind) {
      return;
    }
    const opening = new Opening(this.dialog, this.library, this.ref, kind);
    this.opening = opening;
    const title = this.part("title").textContent ?? "";
    opening.start(title).catch((error: unknown) => {
      if (!isAbort(error)) {
        opening.fail(error);
      }
    });
  }

  private save(): void {
    const link = this.link ?? this.dialog;
    if (!this.opening?.saveAtOnce()) {
      this.tray.save(this.ref, link).catch(() => undefined);
    }
  }

  private close(): void {
    this.dialog.close();
  }

  /** Also by Escape, or by the gesture for going back. */
  private closed(): void {
    this.opening?.end();
    this.opening = null;
    this.tray.moveTo(null);
    this.link?.focus({ preventScroll: true });
    this.link = null;
    if (this.pushed) {
      this.pushed = false;
      history.back();
    } else if (location.hash === `#${this.ref}`) {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }

  private on(action: string, act: () => void): void {
    for (const button of this.dialog.querySelectorAll(`[data-viewer-action=${action}]`)) {
      button.addEventListener("click", act, { signal: this.library.signal });
    }
  }

  private part(name: string): HTMLElement {
    return this.dialog.querySelector<HTMLElement>(`[data-viewer=${name}]`) ?? this.dialog;
  }
}
