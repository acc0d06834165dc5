// An opened room: the secret that opened it, kept in memory only, and what it gave.

import type { OpenFileOptions, Person } from "./context";
import { concat } from "./crypto/encoding";
import { objectKeys, openObject, type Place } from "./crypto/objects";
import { openSlot, type Secret } from "./crypto/slots";
import { unpackView, type View } from "./crypto/view";
import type { Descriptor } from "./descriptor";
import { damaged, type Reason, RoomError } from "./errors";
import type { Host } from "./host";

/** Everything of one version of a room that one secret opens. */
interface Opened {
  readonly descriptor: Descriptor;
  readonly person: Person;
  readonly view: View;
}

// Decrypted chunks are handed to the browser's blob store, which may keep them on disk, this many bytes at a time.
const BLOB_PART = 4 << 20;

// A saved or opened document must not run in the room's origin: only these types are told to the browser.
const PASSIVE_TYPES = /^(?:image|audio|video)\/[\w.+-]+$|^application\/pdf$|^text\/plain$/;

export class Session {
  private constructor(
    private readonly host: Host,
    readonly secret: Secret,
    private opened: Opened,
  ) {}

  /** Opens a room, or throws a RoomError. Nothing is given out before all of the view is verified. */
  static async open(host: Host, secret: Secret, descriptor: Descriptor): Promise<Session> {
    return new Session(host, secret, await openCurrent(host, secret, descriptor));
  }

  get person(): Person {
    return this.opened.person;
  }

  get view(): View {
    return this.opened.view;
  }

  /** Opens the room as it is published now, with the same secret. True when it was another version. */
  async renew(): Promise<boolean> {
    const descriptor = await this.host.descriptor();
    if (isSame(descriptor, this.opened.descriptor)) {
      return false;
    }
    this.opened = await openVersion(this.host, this.secret, descriptor);
    return true;
  }

  async openFile(ref: string, options: OpenFileOptions = {}): Promise<Blob> {
    try {
      return await this.read(ref, options);
    } catch (error) {
      // The page may be older than what is published: a file is then found under its new name.
      if (error instanceof RoomError && error.reason === "missing" && (await this.renew())) {
        return this.read(ref, options);
      }
      throw error;
    }
  }

  private async read(ref: string, { onProgress, signal }: OpenFileOptions): Promise<Blob> {
    const { descriptor, view } = this.opened;
    const file = view.files.get(ref);
    if (file === undefined) {
      throw new RoomError("missing", `no file ${ref}`);
    }
    const keys = await objectKeys(file.key, place(descriptor, "file"));
    const parts: Blob[] = [];
    let waiting: Uint8Array<ArrayBuffer>[] = [];
    let waitingSize = 0;
    let done = 0;
    for await (const chunk of openObject(this.host.object(keys.name, signal), keys, file.digest)) {
      waiting.push(chunk);
      waitingSize += chunk.length;
      done += chunk.length;
      if (waitingSize >= BLOB_PART) {
        parts.push(new Blob(waiting));
        waiting = [];
        waitingSize = 0;
      }
      onProgress?.(done, file.size);
    }
    if (done !== file.size) {
      throw damaged("a file has another size than its manifest says");
    }
    const type = PASSIVE_TYPES.test(file.type) ? file.type : "application/octet-stream";
    return new Blob([...parts, ...waiting], { type });
  }
}

// What a page meets that is older than what is published: its objects are gone, and people came since.
const SIGNS_OF_AGE = new Set<Reason>(["missing", "wrong_link", "wrong_passphrase"]);

/** Opens a version; when it does not open and a newer one was published meanwhile, opens that. */
async function openCurrent(host: Host, secret: Secret, descriptor: Descriptor): Promise<Opened> {
  try {
    return await openVersion(host, secret, descriptor);
  } catch (error) {
    if (!(error instanceof RoomError && SIGNS_OF_AGE.has(error.reason))) {
      throw error;
    }
    // If nothing newer can be had, the first answer stands.
    const published = await host.descriptor().catch(() => descriptor);
    if (isSame(published, descriptor)) {
      throw error;
    }
    return openVersion(host, secret, published);
  }
}

async function openVersion(host: Host, secret: Secret, descriptor: Descriptor): Promise<Opened> {
  const slot = await openSlot(descriptor, secret);
  const keys = await objectKeys(slot.viewKey, place(descriptor, "view"));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of openObject(host.object(keys.name), keys)) {
    chunks.push(chunk);
  }
  const { room, epoch } = descriptor;
  const view = await unpackView(concat(chunks), slot.signingKey, room, epoch);
  return { descriptor, person: slot.person, view };
}

function place(descriptor: Descriptor, kind: Place["kind"]): Place {
  return { room: descriptor.room, epoch: descriptor.epoch, kind };
}

/** Whether both are one version of one room: the nonce changes with anything that is in the slots. */
function isSame(one: Descriptor, other: Descriptor): boolean {
  return (
    one.room === other.room &&
    one.epoch === other.epoch &&
    one.nonce.every((byte, index) => byte === other.nonce[index])
  );
}
