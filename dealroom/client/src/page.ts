// The opened page: its HTML is put in place, its behaviour started, and taken away again.

import { holdAttention } from "./attention";
import type { OpenFileOptions, RoomContext } from "./context";
import { markAbsent, withAssets } from "./copy";
import type { View } from "./crypto/view";
import { fillFiles, serveFiles } from "./files";
import { Original } from "./original";
import { AT_ONCE, afterFrame, nextTask, Pace } from "./pace";
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
}

export class Page {
  private root = element(`#${ROOM}`, HTMLElement);
  private readonly lockedTitle = document.title;
  private readonly lockedLang = document.documentElement.lang;
  /** Of the page that is shown, and of what it holds now. */
  private opened = new AbortController();
  private content = new AbortController();
  private coming = new AbortController();
  private shown: View | null = null;
  /** What is shown as it was written, where it may change while it is read. */
  private original: Original | null = null;

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
    const original = isFollowed() ? new Original(body, page) : null;
    for (const part of [...body.childNodes]) {
      await move(part, page, pace);
    }
    markAbsent(page, session.absent, session.copy, this.texts);
    const content = contentOf(coming.signal);
    const context = this.contextOf(session, content.signal, coming.signal);
    const { settling, arrange, start } = await prepareRoom(page, context, pace);
    await pace.rest();
    page.hidden = false;
    // First: of the plan and the pages, what is not shown is not laid out either.
    arrange();
    const target = placeInPlan(page, anchor);
    await (target ? settling?.upTo(target, pace) : settling?.ahead(pace, whole));
    if (coming.signal.aborted) {
      return false;
    }
    this.coming = new AbortController();
    this.opened.abort();
    this.opened = coming;
    this.content = content;
    this.original = original;
    this.shown = view;
    this.root.remove();
    this.root = page;
    page.id = ROOM;
    page.classList.remove(COMING);
    page.removeAttribute("aria-hidden");
    name(view);
    start();
    if (remembering) {
      this.offerKeeping(remembering);
    }
    // In a task of its own: this one ends with what is seen first.
    void nextTask().then(() => coming.signal.aborted || serveFiles(page, context));
    return true;
  }

  /**
   * Draws at once what differs in what the session holds now from what is shown, and leaves the rest, and what its
   * reader is at, as it is. False when all of it has to be shown anew.
   */
  async renew(session: Session): Promise<boolean> {
    const { original, opened, root } = this;
    if (!original) {
      return false;
    }
    this.coming.abort();
    const body = await parse(withAssets(session.view.page, session.copy), AT_ONCE);
    if (opened.signal.aborted) {
      return true;
    }
    const attend = holdAttention(root);
    const frame = frameOf(root);
    this.content.abort();
    this.content = contentOf(opened.signal);
    original.become(body);
    if (frameOf(root).some((part, index) => part !== frame[index])) {
      return false;
    }
    this.shown = session.view;
    name(session.view);
    const context = this.contextOf(session, this.content.signal, opened.signal);
    const { settling, arrange, start } = await prepareRoom(root, context, AT_ONCE);
    settling?.finish();
    arrange({ again: true });
    start();
    attend();
    fillFiles(root, context);
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

  private contextOf(session: Session, signal: AbortSignal, closed: AbortSignal): RoomContext {
    return {
      person: session.person,
      reply: session.reply,
      title: session.view.title,
      // What opens documents outlasts a change of what is shown.
      get files() {
        return session.view.files;
      },
      openFile: (ref: string, options?: OpenFileOptions) => session.openFile(ref, options),
      openSource: (ref: string, wanted?: AbortSignal) => session.openSource(ref, wanted),
      onLock: this.actions.onLock,
      signal,
      closed,
      texts: this.texts,
    };
  }

  /** Offers the choice to keep the room open on this device. */
  offerKeeping(remembering: Remembering | null): void {
    startRemembering(this.root, remembering, this.texts, this.opened.signal);
  }

  /** Whether what is shown is what the session holds now. */
  shows(session: Session): boolean {
    return this.shown === session.view;
  }

  /** Removes everything that was opened. */
  clear(): void {
    this.coming.abort();
    this.opened.abort();
    this.root.replaceChildren();
    this.root.hidden = true;
    this.shown = null;
    this.original = null;
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

/** Whether the page may change while it is read: the preview server says so by the version of what it serves. */
function isFollowed(): boolean {
  return document.querySelector("script[data-version]") !== null;
}

/** What ends with the page, or earlier. */
function contentOf(opened: AbortSignal): AbortController {
  const content = new AbortController();
  opened.addEventListener("abort", () => content.abort());
  return content;
}

/** What is at work for as long as the page is open: when one of these is replaced, all of it has to be. */
function frameOf(page: HTMLElement): (Element | null)[] {
  return ["[data-texts]", "[data-viewer=dialog]", "[data-remember]"].map((selector) =>
    page.querySelector(selector),
  );
}

function name({ title, lang }: View): void {
  document.title = title;
  // The same language, set anew, would style the whole page anew.
  if (document.documentElement.lang !== lang) {
    document.documentElement.lang = lang;
  }
}

/** The place in the plan, which may be far down, that the anchor names. */
function placeInPlan(page: HTMLElement, anchor: string | null): Element | null {
  return anchor === null ? null : page.querySelector(`.plan #${CSS.escape(anchor)}`);
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
