// Opens the page: by a personal link, by a passphrase, or because this device keeps the room open.

import { type Bytes, importSecret, utf8 } from "./crypto/encoding";
import { LONGEST, normalise } from "./crypto/passphrase";
import type { Secret } from "./crypto/slots";
import { DESCRIPTOR_ELEMENT, type Descriptor, findDescriptor, parseDescriptor } from "./descriptor";
import type { Device } from "./device";
import { damaged, type Reason, RoomError } from "./errors";
import { readFragment } from "./fragment";
import type { Host } from "./host";
import { Keeping, type Kept } from "./keeping";
import { afterFrame } from "./pace";
import { Page } from "./page";
import { tell } from "./remember";
import { Session } from "./session";
import { readTexts, TEXTS_ELEMENT } from "./texts";
import { Lock } from "./unlock";

/** One try to open the room. `kept` is what this device kept of it, where that is what opens it. */
interface Entry {
  readonly secret: () => Promise<Secret>;
  readonly anchor: string | null;
  readonly kept?: Kept;
  readonly keep?: boolean;
}

export class App {
  private readonly texts = readTexts(document.getElementById(TEXTS_ELEMENT)?.textContent);
  private readonly lock: Lock;
  private readonly page: Page;
  private readonly keeping: Keeping;
  private session: Session | null = null;

  /** What opened a room until access was lost, and where its reader was: a seller who edits a plan may give it back. */
  private lost: { readonly secret: Secret; readonly top: number } | null = null;

  /** Counts the tries to open, so that of two at once only the later one counts. */
  private tries = 0;

  /** `device` is where rooms may be kept open; `now` is the reader's clock. */
  constructor(
    private readonly host: Host,
    device: Promise<Device | null>,
    now: () => Date = () => new Date(),
  ) {
    this.lock = new Lock(this.texts, (passphrase, keep) => {
      void this.open({ secret: () => this.fromPassphrase(passphrase), anchor: null, keep });
    });
    this.keeping = new Keeping(device, now, (room) => {
      if (room === roomHere() && !this.lock.isReady) {
        this.forget();
      }
    });
    const onLock = () => {
      this.keeping.lock(this.session?.descriptor.room);
      this.forget();
    };
    this.page = new Page(this.texts, { onLock });
  }

  start(): void {
    if (!this.enterByLink()) {
      this.showLock();
      void this.enterByDevice();
    }
    addEventListener("hashchange", () => this.enterByLink());
    // With the page as it is published now, where that is known.
    document.addEventListener("dealroom:reload", (event) => {
      const page = event instanceof CustomEvent ? event.detail : null;
      void this.reopen(typeof page === "string" ? page : undefined);
    });
  }

  /** Opens by the personal link in the address, if there is one; any other fragment is a place in the room. */
  private enterByLink(): boolean {
    const { secret, anchor } = readFragment(location.hash);
    if (secret === "none") {
      return false;
    }
    // The secret must not stay in the address bar, the history, or a screenshot.
    const place = anchor === null ? "" : `#${encodeURIComponent(anchor)}`;
    history.replaceState(history.state, "", location.pathname + location.search + place);
    if (secret === "broken") {
      this.lock.showFailure(new RoomError("wrong_link"));
    } else {
      void this.open({ secret: () => fromLink(secret), anchor });
    }
    return true;
  }

  /** Opens by what this device keeps, unless the reader was faster. */
  private async enterByDevice(): Promise<void> {
    const current = this.tries;
    const room = roomHere();
    const found = room === null || unfitness() !== null ? null : await this.keeping.find(room);
    if (found === null || current !== this.tries) {
      return;
    }
    if (found.state === "kept") {
      const { kept } = found;
      await this.open({ secret: async () => kept.secret, anchor: null, kept });
    } else if (found.state === "expired") {
      this.lock.show("unlock.again");
    } else if (found.state === "moved") {
      this.lock.showFailure(new RoomError("access_changed"));
    }
  }

  private showLock(): void {
    this.lock.show();
    const reason = unfitness();
    if (reason !== null) {
      this.lock.showFailure(new RoomError(reason));
      return;
    }
    // Fetched while the reader types. If that fails, it is tried again when it is needed.
    import("./crypto/argon2").catch(() => undefined);
    void this.keeping.isPossible().then((possible) => this.lock.offerKeeping(possible));
  }

  private async open(entry: Entry): Promise<void> {
    this.tries += 1;
    const current = this.tries;
    this.session = null;
    this.lost = null;
    this.page.clear();
    await this.lock.showOpening();
    try {
      const reason = unfitness();
      if (reason !== null) {
        throw new RoomError(reason);
      }
      const opened = await Session.open(this.host, await entry.secret(), descriptor());
      if (current === this.tries) {
        await this.enter(opened, entry, current);
      }
    } catch (error) {
      if (current === this.tries) {
        this.page.clear();
        await this.showFailure(asRoomError(error), entry.kept);
      }
    }
  }

  /** Shows what was opened, unless the seller lets no device keep it any longer. */
  private async enter(opened: Session, entry: Entry, current: number): Promise<void> {
    if (entry.kept && !this.keeping.holds(entry.kept, opened)) {
      await this.keeping.forget(entry.kept.room);
      this.lock.show("unlock.again");
      return;
    }
    // Before anything is seen: who reads may reload the page at once.
    const kept = !entry.keep || (await this.keeping.keep(opened)) !== null;
    const anchor = entry.anchor ?? readFragment(location.hash).anchor;
    if (!(await this.page.show(opened, null, { anchor }))) {
      return;
    }
    this.session = opened;
    this.lock.hide();
    await this.arrive(anchor);
    const remembering = await this.keeping.of(opened);
    if (current === this.tries && this.session === opened) {
      this.page.offerKeeping(remembering);
      if (!kept && remembering) {
        tell(document.body, this.texts["remember.refused"]);
      }
    }
  }

  /** Leads to a place at once, before it is seen to move; to the room itself when it has been drawn. */
  private async arrive(anchor: string | null): Promise<void> {
    const { session } = this;
    if (anchor === null) {
      await afterFrame();
    }
    if (this.session === session) {
      this.page.goTo(anchor);
    }
  }

  /** Says why the room did not open. A secret that opens nothing any more is not kept either. */
  private async showFailure(error: RoomError, kept: Kept | undefined): Promise<void> {
    if (!kept || !isRefused(error.reason)) {
      this.lock.showFailure(error);
      return;
    }
    const published = await this.host.descriptor().catch(() => null);
    if (published === null) {
      // The page may be an old copy from the browser's cache: nothing is known of the reader's access.
      this.lock.showFailure(new RoomError("unreachable"));
      return;
    }
    await this.keeping.forget(kept.room);
    if (this.keeping.isDerivedAnew(kept, published)) {
      this.lock.show("unlock.again");
    } else {
      this.lock.showFailure(new RoomError("access_changed"));
    }
  }

  private async fromPassphrase(passphrase: string): Promise<Secret> {
    if (utf8(normalise(passphrase)).length > LONGEST) {
      throw new RoomError("wrong_passphrase");
    }
    const { salt, settings } = descriptor();
    const { deriveFromPassphrase } = await import("./crypto/argon2").catch((error: unknown) => {
      throw new RoomError("unreachable", String(error));
    });
    const derived = await deriveFromPassphrase(passphrase, salt, settings).catch(
      (error: unknown) => {
        throw new RoomError("exhausted", String(error));
      },
    );
    return { way: "passphrase", key: await importSecret(derived) };
  }

  /** Renews the opened room in place. What cannot be reached leaves it as it is; lost access locks it. */
  private async reopen(published?: string): Promise<void> {
    const { session } = this;
    if (session === null) {
      await this.regain();
      return;
    }
    const top = window.scrollY;
    try {
      await session.renew(published && parseDescriptor(findDescriptor(published)));
    } catch (error) {
      if (isRefused(asRoomError(error).reason) && this.session === session) {
        await this.keeping.forgetIfOf(session);
        this.forget();
        this.lost = { secret: session.secret, top };
        this.lock.showFailure(new RoomError("access_changed"));
      }
      return;
    }
    if (this.session === session && !this.page.shows(session)) {
      if (await this.page.renew(session)) {
        return;
      }
      if (await this.page.show(session, await this.keeping.of(session), { whole: true })) {
        scrollTo({ top, behavior: "instant" });
      }
    }
  }

  /** Opens the room again that was lost, where its reader was, if what opened it does so now. */
  private async regain(): Promise<void> {
    const was = this.lost;
    if (was === null) {
      return;
    }
    const opened = await this.host
      .descriptor()
      .then((current) => Session.open(this.host, was.secret, current))
      .catch(() => null);
    if (opened === null || this.lost !== was) {
      return;
    }
    this.lost = null;
    this.session = opened;
    if (!(await this.page.show(opened, await this.keeping.of(opened), { whole: true }))) {
      return;
    }
    this.lock.hide();
    scrollTo({ top: was.top, behavior: "instant" });
  }

  /** Removes everything that was opened from this page, and shows the lock. */
  private forget(): void {
    this.tries += 1;
    this.session = null;
    this.lost = null;
    this.page.clear();
    this.showLock();
  }
}

/** Why this browser cannot open a room here, if so. */
function unfitness(): "insecure" | "insecure_file" | "outdated" | null {
  if (!isSecureContext || !crypto.subtle) {
    return location.protocol.startsWith("http") ? "insecure" : "insecure_file";
  }
  return typeof DecompressionStream === "undefined" ? "outdated" : null;
}

function descriptor(): Descriptor {
  return parseDescriptor(document.getElementById(DESCRIPTOR_ELEMENT)?.textContent ?? "");
}

/** The room that this page is of; `null` when the page is damaged, which is told when the room is opened. */
function roomHere(): string | null {
  try {
    return descriptor().room;
  } catch {
    return null;
  }
}

async function fromLink(secret: Bytes): Promise<Secret> {
  return { way: "link", key: await importSecret(secret) };
}

function isRefused(reason: Reason): boolean {
  return reason === "wrong_link" || reason === "wrong_passphrase";
}

function asRoomError(error: unknown): RoomError {
  if (error instanceof RoomError) {
    return error;
  }
  // A fault of this script: told to who looks into the console, while the reader gets a plain answer.
  reportError(error);
  return damaged(String(error));
}
