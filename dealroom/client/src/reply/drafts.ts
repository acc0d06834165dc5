// What the reader is about to send, and has sent: kept on this device until it is sent or withdrawn, encrypted under a key
// that follows from their reply key, which only their link or passphrase gives.

import {
  type Bytes,
  base64url,
  decryptGcm,
  FORMAT,
  fields,
  fromUtf8,
  hkdf,
  importAesKey,
  utf8,
} from "../crypto/encoding";
import { answer, done, inTime } from "../device";
import { type Change, withChange } from "./changes";
import type { Sender } from "./seal";

const DATABASE = "dealroom-replies";
const STORE = "drafts";
const ID_SIZE = 16;
const KEY_SIZE = 32;
const NONCE_SIZE = 12;

export type Way = "endpoint" | "mail" | "copy" | "file";

/** A reply that was sent, or given to the reader to send. */
export interface Sent {
  readonly id: string;
  /** ISO, in UTC. */
  readonly at: string;
  readonly way: Way;
  readonly changes: readonly Change[];
  readonly note: string;
}

export interface Contents {
  readonly changes: readonly Change[];
  readonly note: string;
  /** Who they say they are, where several people share a passphrase. */
  readonly name: string;
  /** How many replies were sealed on this device. */
  readonly sequence: number;
  readonly sent: readonly Sent[];
}

const NOTHING: Contents = { changes: [], note: "", name: "", sequence: 0, sent: [] };

/** Where encrypted drafts lie; in memory alone where the browser keeps nothing. */
interface Shelf {
  get(id: string): Promise<Box | null>;
  put(box: Box): Promise<void>;
}

interface Box {
  readonly id: string;
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export class Drafts {
  private current = NOTHING;
  private saving: Promise<void> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly shelf: Shelf,
    private readonly id: string,
    private readonly key: Bytes,
    private readonly bound: Bytes,
  ) {}

  /** The drafts of this person for this room, as the device has them. */
  static async open({ room, person, replyKey }: Sender): Promise<Drafts> {
    const bound = fields(FORMAT, "drafts", room, person.kind, person.id);
    const derived = await hkdf(replyKey, bound, ID_SIZE + KEY_SIZE);
    const id = base64url(derived.subarray(0, ID_SIZE));
    const drafts = new Drafts(await openShelf(), id, derived.slice(ID_SIZE), bound);
    await drafts.reload();
    return drafts;
  }

  get contents(): Contents {
    return this.current;
  }

  /** Calls `listener` after every change, until the signal. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  add(change: Change): void {
    this.update({ changes: withChange(this.current.changes, change) });
  }

  /** Puts a change in the place of another one. */
  replace(before: Change, after: Change): void {
    this.update({ changes: this.current.changes.map((each) => (each === before ? after : each)) });
  }

  remove(change: Change): void {
    this.update({ changes: this.current.changes.filter((each) => each !== change) });
  }

  /** What was in the tray was sent, or handed to the reader. */
  keepSent(sent: Sent): void {
    const { changes, sequence } = this.current;
    this.update({
      // What was added while it was on its way stays.
      changes: changes.filter((change) => !sent.changes.includes(change)),
      note: "",
      sequence: sequence + 1,
      sent: [...this.current.sent, sent],
    });
  }

  /** Puts back what the reader did not send after all. */
  takeBack(sent: Sent): void {
    this.update({
      changes: this.current.changes.reduce(withChange, [...sent.changes]),
      note: this.current.note || sent.note,
      sent: this.current.sent.filter((each) => each !== sent),
    });
  }

  update(part: Partial<Contents>): void {
    this.current = { ...this.current, ...part };
    this.saving = this.saving.then(() => this.save());
    this.tell();
  }

  /** Takes what another tab has kept since. */
  async reload(): Promise<void> {
    await this.saving;
    const box = await this.shelf.get(this.id);
    const plain =
      box && (await decryptGcm(await importAesKey(this.key), box.nonce, box.sealed, this.bound));
    if (plain) {
      this.current = { ...NOTHING, ...(JSON.parse(fromUtf8(plain)) as Partial<Contents>) };
      this.tell();
    }
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }

  private async save(): Promise<void> {
    const key = await crypto.subtle.importKey("raw", this.key, "AES-GCM", false, ["encrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: this.bound };
    const written = utf8(JSON.stringify(this.current));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, written));
    await this.shelf.put({ id: this.id, nonce, sealed });
  }
}

async function openShelf(): Promise<Shelf> {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    const database = await inTime(answer(request));
    database.onversionchange = () => database.close();
    const store = (mode: IDBTransactionMode) =>
      database.transaction(STORE, mode).objectStore(STORE);
    return {
      get: (id) => inTime(answer<Box | undefined>(store("readonly").get(id))).then(orNull, toNull),
      // A browser that has closed or emptied its store keeps the drafts as long as the page is open.
      put: (box) => inTime(done(store("readwrite").put(box))).catch(() => undefined),
    };
  } catch {
    return { get: async () => null, put: async () => undefined };
  }
}

function orNull(box: Box | undefined): Box | null {
  return box ?? null;
}

function toNull(): null {
  return null;
}
