// Remembering a room on this device: the key that opens it, in IndexedDB, until its owner locks the room,
// the time is over or the seller says otherwise. The key cannot be read out, only used, and only by
// pages of this origin.

import type { Secret } from "./crypto/slots";

const DATABASE = "dealroom";
const STORE = "rooms";
// Some browsers leave a request unanswered in private windows. In milliseconds.
const LONGEST_WAIT = 2_000;
const DAY = 86_400_000;

/** One remembered room. */
export interface Kept {
  /** The room's id: the key of the record, so that rooms of one origin do not disturb each other. */
  readonly room: string;
  /** Where the room was: tells one that was made anew with other keys from one never seen. */
  readonly path: string;
  /** The id of the person whose secret it is. */
  readonly person: string;
  readonly secret: Secret;
  /** How the passphrase was derived; with other settings the same passphrase gives another key. */
  readonly derivation: string;
  /** When it was kept, in milliseconds since 1970, and for how many days. */
  readonly since: number;
  readonly days: number;
}

/** What is known of a room: kept, kept until too long ago, or kept as it was before it was made anew. */
export type Found =
  | { readonly state: "kept"; readonly kept: Kept }
  | { readonly state: "expired" | "moved" | "none" };

export class Device {
  private constructor(private readonly database: IDBDatabase) {}

  /** The device's store; `null` where there is none, or where it may not be used. */
  static async open(): Promise<Device | null> {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "room" });
      const database = await inTime(answer(request));
      database.onversionchange = () => database.close();
      return new Device(database);
    } catch {
      return null;
    }
  }

  /** Looks for the room with this id, at this path. Removes what is over, also of other rooms. */
  async find(room: string, path: string, now: number): Promise<Found> {
    const all = await this.all();
    const over = all.filter((kept) => isOver(kept, kept.days, now));
    for (const kept of over) {
      await this.forget(kept.room);
    }
    const kept = all.find((each) => each.room === room);
    if (kept) {
      return over.includes(kept) ? { state: "expired" } : { state: "kept", kept };
    }
    const before = all.find((each) => each.path === path && !over.includes(each));
    if (before) {
      await this.forget(before.room);
    }
    return { state: before ? "moved" : "none" };
  }

  /** Keeps a room. False when the browser refuses. */
  async keep(kept: Kept): Promise<boolean> {
    try {
      await inTime(done(this.store("readwrite").put(kept)));
      return true;
    } catch {
      return false;
    }
  }

  async forget(room: string): Promise<void> {
    try {
      await inTime(done(this.store("readwrite").delete(room)));
    } catch {
      // A store that takes no change is one that the browser has emptied, or is about to.
    }
  }

  private async all(): Promise<Kept[]> {
    try {
      const found: unknown[] = await inTime(answer(this.store("readonly").getAll()));
      return found.filter(isKept);
    } catch {
      return [];
    }
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

/** Whether a room that may be kept for `days` was kept too long ago, or in a future that the clock has left. */
export function isOver(kept: Kept, days: number, now: number): boolean {
  return now >= kept.since + Math.min(days, kept.days) * DAY || now < kept.since - DAY;
}

/** The moment at which a room that is kept now is kept no more. */
export function endOf(kept: Kept, days: number): Date {
  return new Date(kept.since + Math.min(days, kept.days) * DAY);
}

function isKept(value: unknown): value is Kept {
  const kept = value as Partial<Kept> | null;
  return kept?.secret?.key instanceof CryptoKey && typeof kept.since === "number";
}

/** What a request of IndexedDB gives. */
export function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when the change is on the disk, and not only accepted. */
export function done(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const { transaction } = request;
    if (transaction) {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    }
  });
}

/** The same promise, or a rejection when the browser leaves it unanswered. */
export function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(reject, LONGEST_WAIT, new Error("no answer"))),
  ]);
}
