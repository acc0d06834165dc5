// An opened room: the secret that opened it, kept in memory only, and what it gave.

import type { FileSource, OpenFileOptions, Person, ReplyKeys } from "./context";
import type { Copy } from "./copy";
import { concat, importAesKey, importSecret } from "./crypto/encoding";
import { objectKeys, openObject, type Place } from "./crypto/objects";
import { openSlot, type Secret } from "./crypto/slots";
import { unpackView, type View } from "./crypto/view";
import type { Descriptor } from "./descriptor";
import { blobOf } from "./documents/blob";
import { type Pieces, probe, type SealedFile } from "./documents/sealed";
import { type Reason, RoomError } from "./errors";
import type { Host } from "./host";

/** Everything of one version of a room that one secret opens. */
interface Opened {
  readonly descriptor: Descriptor;
  readonly person: Person;
  readonly replyKey: CryptoKey;
  readonly view: View;
  readonly absent: ReadonlySet<string>;
}

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

  get reply(): ReplyKeys {
    const { descriptor, replyKey, view } = this.opened;
    return { room: descriptor.room, replyKey, repliesTo: view.repliesTo };
  }

  get view(): View {
    return this.opened.view;
  }

  /** References of the files that a copy of the room does not hold. */
  get absent(): ReadonlySet<string> {
    return this.opened.absent;
  }

  get copy(): Copy | undefined {
    return this.host.copy;
  }

  get descriptor(): Descriptor {
    return this.opened.descriptor;
  }

  /** Opens the room as it is published now, with the same secret. True when it was another version. */
  async renew(published?: Descriptor | ""): Promise<boolean> {
    const descriptor = published || (await this.host.descriptor());
    if (isSame(descriptor, this.opened.descriptor)) {
      return false;
    }
    this.opened = await openVersion(this.host, this.secret, descriptor);
    return true;
  }

  openFile(ref: string, options: OpenFileOptions = {}): Promise<Blob> {
    return this.reading(ref, ({ file, pieces }) => blobOf(file, pieces, options));
  }

  openSource(ref: string, signal?: AbortSignal): Promise<FileSource> {
    return this.reading(ref, async ({ file, pieces }) => ({
      file,
      pieces,
      compressed: await probe(file, pieces, signal),
    }));
  }

  /** What `read` makes of a file. The page may be older than what is published: a file is then found under its new name. */
  private async reading<Result>(
    ref: string,
    read: (found: { file: SealedFile; pieces: Pieces }) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await read(await this.find(ref));
    } catch (error) {
      if (error instanceof RoomError && error.reason === "missing" && (await this.renew())) {
        return read(await this.find(ref));
      }
      throw error;
    }
  }

  private async find(ref: string): Promise<{ file: SealedFile; pieces: Pieces }> {
    const { descriptor, view } = this.opened;
    const listed = view.files.get(ref);
    if (listed === undefined) {
      throw new RoomError("missing", `no file ${ref}`);
    }
    const { name, type, size, length, digest } = listed;
    const keys = await objectKeys(listed.key, place(descriptor, "file"));
    const cipher = await importAesKey(keys.streamKey);
    const address = this.host.address(keys.name);
    const file = { name, type, size, length, digest, cipher, bound: keys.bound, address };
    return { file, pieces: (from, signal) => this.host.object(keys.name, signal, from) };
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
  for await (const chunk of openObject(host.object(keys.name), keys, slot.viewDigest)) {
    chunks.push(chunk);
  }
  const { room, epoch } = descriptor;
  const view = await unpackView(concat(chunks), slot.signingKey, room, epoch);
  const absent = await absentFiles(host.copy, view, descriptor);
  const replyKey = await importSecret(slot.replyKey);
  return { descriptor, person: slot.person, replyKey, view, absent };
}

async function absentFiles(
  copy: Copy | undefined,
  view: View,
  descriptor: Descriptor,
): Promise<ReadonlySet<string>> {
  const absent = new Set<string>();
  for (const [ref, file] of copy ? view.files : []) {
    const { name } = await objectKeys(file.key, place(descriptor, "file"));
    if (!copy?.has(name)) {
      absent.add(ref);
    }
  }
  return absent;
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
