// The opened page: its HTML is put in place, its behaviour started, and taken away again.

import type { OpenFileOptions, RoomContext } from "./context";
import { markAbsent, withAssets } from "./copy";
import type { View } from "./crypto/view";
import { serveFiles } from "./files";
import { type Remembering, startRemembering } from "./remember";
import { startRoom } from "./room";
import type { Session } from "./session";
import type { Texts } from "./texts";
import { POLICY } from "./trusted";
import { element } from "./unlock";

export interface PageActions {
  readonly onLock: () => void;
  readonly reopen: () => Promise<void>;
}

export class Page {
  private readonly root = element("#room", HTMLElement);
  private readonly lockedTitle = document.title;
  private readonly lockedLang = document.documentElement.lang;
  private content = new AbortController();
  private shown: View | null = null;

  constructor(
    private readonly texts: Texts,
    private readonly actions: PageActions,
  ) {}

  /**
   * Shows what the session opened, in place of what was shown before. `remembering` is the choice to keep it open;
   * `null` when there is none, or when it is offered later.
   */
  show(session: Session, remembering: Remembering | null): void {
    const { view, person } = session;
    this.content.abort();
    this.content = new AbortController();
    this.root.innerHTML = POLICY.createHTML(withAssets(view.page, session.copy));
    markAbsent(this.root, session.absent, session.copy, this.texts);
    this.root.hidden = false;
    this.shown = view;
    document.title = view.title;
    document.documentElement.lang = view.lang;
    const context: RoomContext = {
      person,
      reply: session.reply,
      title: view.title,
      files: view.files,
      openFile: (ref: string, options?: OpenFileOptions) => session.openFile(ref, options),
      openSource: (ref: string, signal?: AbortSignal) => session.openSource(ref, signal),
      onLock: this.actions.onLock,
      reopen: this.actions.reopen,
      signal: this.content.signal,
      texts: this.texts,
    };
    serveFiles(this.root, context);
    startRoom(this.root, context);
    if (remembering) {
      this.offerKeeping(remembering);
    }
  }

  /** Offers the choice to keep the room open on this device. */
  offerKeeping(remembering: Remembering | null): void {
    startRemembering(this.root, remembering, this.texts, this.content.signal);
  }

  /** Whether what is shown is what the session holds now. */
  shows(session: Session): boolean {
    return this.shown === session.view;
  }

  /** Removes everything that was opened. */
  clear(): void {
    this.content.abort();
    this.root.replaceChildren();
    this.root.hidden = true;
    this.shown = null;
    document.title = this.lockedTitle;
    document.documentElement.lang = this.lockedLang;
  }

  /** Moves the reader to the element with this id; without one, to the title of the room. */
  goTo(anchor: string | null): void {
    const target = anchor === null ? null : document.getElementById(anchor);
    if (target && this.root.contains(target)) {
      target.scrollIntoView();
      focus(target);
    } else {
      focus(this.root.querySelector("h1") ?? this.root);
    }
  }
}

/** Focus follows the reader into the room, so that a screen reader goes on there. */
function focus(target: HTMLElement): void {
  if (!target.hasAttribute("tabindex")) {
    target.tabIndex = -1;
  }
  target.focus({ preventScroll: true });
}
