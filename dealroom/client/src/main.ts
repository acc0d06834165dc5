// The room's script: opens the page by a personal link or by a passphrase.

import { type Bytes, importSecret, utf8 } from "./crypto/encoding";
import { LONGEST, normalise } from "./crypto/passphrase";
import type { Secret } from "./crypto/slots";
import { DESCRIPTOR_ELEMENT, type Descriptor, parseDescriptor } from "./descriptor";
import { damaged, RoomError } from "./errors";
import { readFragment } from "./fragment";
import { webHost } from "./host";
import { Page } from "./page";
import { Session } from "./session";
import { readTexts, TEXTS_ELEMENT } from "./texts";
import { Lock } from "./unlock";

const texts = readTexts(document.getElementById(TEXTS_ELEMENT)?.textContent);
const host = webHost(location.href.replace(/#.*/s, ""));
const lock = new Lock(texts, (passphrase) => void open(() => fromPassphrase(passphrase), null));
const page = new Page(texts, { onLock: forget, reopen });
let session: Session | null = null;

/** What opened a room until access was lost, and where its reader was: a seller who edits a plan may give it back. */
let lost: { readonly secret: Secret; readonly top: number } | null = null;

/** Counts the tries to open, so that of two at once only the later one counts. */
let tries = 0;

if (!enterByLink()) {
  showLock();
}
addEventListener("hashchange", () => enterByLink());
document.addEventListener("dealroom:reload", () => void reopen());

/** Opens by the personal link in the address, if there is one; any other fragment is a place in the room. */
function enterByLink(): boolean {
  const { secret, anchor } = readFragment(location.hash);
  if (secret === "none") {
    return false;
  }
  // The secret must not stay in the address bar, the history, or a screenshot.
  const place = anchor === null ? "" : `#${encodeURIComponent(anchor)}`;
  history.replaceState(history.state, "", location.pathname + location.search + place);
  if (secret === "broken") {
    lock.showFailure(new RoomError("wrong_link"));
  } else {
    void open(() => fromLink(secret), anchor);
  }
  return true;
}

function showLock(): void {
  lock.show();
  const reason = unfitness();
  if (reason !== null) {
    lock.showFailure(new RoomError(reason));
    return;
  }
  // Fetched while the reader types. If that fails, it is tried again when it is needed.
  import("./crypto/argon2").catch(() => undefined);
}

async function open(secret: () => Promise<Secret>, anchor: string | null): Promise<void> {
  tries += 1;
  const current = tries;
  session = null;
  lost = null;
  page.clear();
  await lock.showOpening();
  try {
    const reason = unfitness();
    if (reason !== null) {
      throw new RoomError(reason);
    }
    const opened = await Session.open(host, await secret(), descriptor());
    if (current !== tries) {
      return;
    }
    page.show(opened);
    session = opened;
  } catch (error) {
    if (current === tries) {
      page.clear();
      lock.showFailure(asRoomError(error));
    }
    return;
  }
  lock.hide();
  page.goTo(anchor ?? readFragment(location.hash).anchor);
}

/** Why this browser cannot open a room here, if so. */
function unfitness(): "insecure" | "outdated" | null {
  if (!isSecureContext || !crypto.subtle) {
    return "insecure";
  }
  return typeof DecompressionStream === "undefined" ? "outdated" : null;
}

function descriptor(): Descriptor {
  return parseDescriptor(document.getElementById(DESCRIPTOR_ELEMENT)?.textContent ?? "");
}

async function fromLink(secret: Bytes): Promise<Secret> {
  return { way: "link", key: await importSecret(secret) };
}

async function fromPassphrase(passphrase: string): Promise<Secret> {
  if (utf8(normalise(passphrase)).length > LONGEST) {
    throw new RoomError("wrong_passphrase");
  }
  const { salt, settings } = descriptor();
  const { deriveFromPassphrase } = await import("./crypto/argon2").catch((error: unknown) => {
    throw new RoomError("unreachable", String(error));
  });
  const derived = await deriveFromPassphrase(passphrase, salt, settings).catch((error: unknown) => {
    throw new RoomError("exhausted", String(error));
  });
  return { way: "passphrase", key: await importSecret(derived) };
}

/** Renews the opened room in place. What cannot be reached leaves it as it is; lost access locks it. */
async function reopen(): Promise<void> {
  if (session === null) {
    await regain();
    return;
  }
  const top = window.scrollY;
  const { secret } = session;
  try {
    await session.renew();
  } catch (error) {
    const { reason } = asRoomError(error);
    if (reason === "wrong_link" || reason === "wrong_passphrase") {
      forget();
      lost = { secret, top };
      lock.showFailure(new RoomError("access_changed"));
    }
    return;
  }
  if (!page.shows(session)) {
    page.show(session);
    scrollTo({ top, behavior: "instant" });
  }
}

/** Opens the room again that was lost, where its reader was, if what opened it does so now. */
async function regain(): Promise<void> {
  const was = lost;
  if (was === null) {
    return;
  }
  const opened = await host
    .descriptor()
    .then((current) => Session.open(host, was.secret, current))
    .catch(() => null);
  if (opened === null || lost !== was) {
    return;
  }
  lost = null;
  session = opened;
  page.show(opened);
  lock.hide();
  scrollTo({ top: was.top, behavior: "instant" });
}

function forget(): void {
  session = null;
  lost = null;
  page.clear();
  showLock();
}

function asRoomError(error: unknown): RoomError {
  if (error instanceof RoomError) {
    return error;
  }
  // A fault of this script: told to who looks into the console, while the reader gets a plain answer.
  reportError(error);
  return damaged(String(error));
}
