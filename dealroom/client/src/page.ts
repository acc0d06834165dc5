// The opened page: its HTML is put in place, its behaviour started, and taken away again.

import type { OpenFileOptions, RoomContext } from "./context";
import { markAbsent, withAssets } from "./copy";
import type { View } from "./crypto/view";
import { serveFiles } from "./files";
import { afterFrame, nextTask, Pace } from "./pace";
import { move, parse } from "./parsing";
import { type Remembering, startRemembering } from "./remember";
import { prepareRoom } from "./room";
import type { Session } from "./session";
import type { Texts } from "./texts";
import { element } from "./unlock";

const ROOM = "room";

// Of a page that is laid out, and that nobody sees yet.
const COMING = "is-coming";

export interface PageActions {
  readonly onLock: () => void;
  readonly reopen: () => Promise<void>;
}

export class Page {
  private root = element(`#${ROOM}`, HTMLElement);
  private readonly lockedTitle = document.title;
  private readonly lockedLang = document.documentElement.lang;
  private content = new AbortController();
  private coming = new AbortController();
  private shown: View | null = null;

  constructor(
    private readonly texts: Texts,
    private readonly actions: PageActions,
  ) {}

  /**
   * Shows what the session opened, in place of what was shown before, once all of it is there. `remembering` is the
   * choice to keep it open; `null` when there is none, or when it is offered later. False when meanwhile something else
   * was to be shown, or nothing. All of it is drawn at once for a reader who is led to a place in it: to what `anchor`
   * names, or, with `whole`, to where they were.
   */
  async show(
    session: Session,
    remembering: Remembering | null,
    { anchor = null, whole = false }: { anchor?: string | null; whole?: boolean } = {},
  ): Promise<boolean> {
    const { view } = session;
    this.coming.abort();
    const coming = new AbortController();
    this.coming = coming;
    const pace = new Pace();
    await pace.rest();
    const body = await parse(withAssets(view.page, session.copy), pace);
    const page = this.waiting(coming.signal);
    for (const part of [...body.childNodes]) {
      await move(part, page, pace);
    }
    markAbsent(page, session.absent, session.copy, this.texts);
    const context = this.contextOf(session, coming.signal);
    const { settling, start } = await prepareRoom(page, context, pace);
    await pace.rest();
    page.hidden = false;
    await settling?.ahead(pace, whole || isInPlan(page, anchor));
    if (coming.signal.aborted) {
      return false;
    }
    this.coming = new AbortController();
    this.content.abort();
    this.content = coming;
    this.shown = view;
    this.root.remove();
    this.root = page;
    page.id = ROOM;
    page.classList.remove(COMING);
    page.removeAttribute("aria-hidden");
    document.title = view.title;
    document.documentElement.lang = view.lang;
    start();
    if (remembering) {
      this.offerKeeping(remembering);
    }
    // In a task of its own: this one ends with what is seen first.
    void nextTask().then(() => coming.signal.aborted || serveFiles(page, context));
    return true;
  }

  /** An element in the document in which a page is put together, and which nobody sees until it is whole. */
  private waiting(signal: AbortSignal): HTMLElement {
    const page = document.createElement("div");
    page.hidden = true;
    page.className = COMING;
    page.setAttribute("aria-hidden", "true");
    signal.addEventListener("abort", () => page.replaceChildren());
    signal.addEventListener("abort", () => page !== this.root && page.remove());
    this.root.after(page);
    return page;
  }

  private contextOf(session: Session, signal: AbortSignal): RoomContext {
    const { view, person } = session;
    return {
      person,
      reply: session.reply,
      title: view.title,
      files: view.files,
      openFile: (ref: string, options?: OpenFileOptions) => session.openFile(ref, options),
      openSource: (ref: string, wanted?: AbortSignal) => session.openSource(ref, wanted),
      onLock: this.actions.onLock,
      reopen: this.actions.reopen,
      signal,
      texts: this.texts,
    };
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
    this.coming.abort();
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
      lead(target);
      focus(target);
    } else {
      focus(this.root.querySelector("h1") ?? this.root);
    }
  }
}

/** Whether the anchor names a place in the plan, which may be far down. */
function isInPlan(page: HTMLElement, anchor: string | null): boolean {
  return anchor !== null && page.querySelector(`.plan #${CSS.escape(anchor)}`) !== null;
}

/** Scrolls to what a link names, and once more when letters have their own shapes, unless its reader went on. */
function lead(target: HTMLElement): void {
  target.scrollIntoView({ behavior: "instant" });
  const top = scrollY;
  void document.fonts.ready.then(afterFrame).then(() => {
    if (scrollY === top && target.isConnected) {
      target.scrollIntoView({ behavior: "instant" });
    }
  });
}

/** Focus follows the reader into the room, so that a screen reader goes on there. */
function focus(target: HTMLElement): void {
  if (!target.hasAttribute("tabindex")) {
    target.tabIndex = -1;
  }
  target.focus({ preventScroll: true });
}
