// A sealed file as the page and its worker read it: verified chunk by chunk, from anywhere, over connections that break.

import { unpacked } from "../crypto/content";
import { type Bytes, concat, decryptGcm, equal, sha256 } from "../crypto/encoding";
import { CHUNK_SIZE, nonce, rechunk, TAG_SIZE } from "../crypto/stream";
import { damaged, RoomError } from "../errors";

/** What it takes to read a file. The key can be used, and not be read back. */
export interface SealedFile {
  readonly name: string;
  readonly type: string;
  /** Of the content, in bytes. */
  readonly size: number;
  /** Of the object on the host, in bytes; the manifest is signed, so this can be relied on. */
  readonly length: number;
  readonly digest: Bytes;
  readonly cipher: CryptoKey;
  readonly bound: Bytes;
  /** Where the object is on the web; null when it is in the page itself. */
  readonly address: string | null;
}

/** The object's bytes from position `from` on. */
export type Pieces = (from: number, signal?: AbortSignal) => AsyncGenerator<Bytes>;

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Told that the connection was lost and is tried again, and that it is back. */
  readonly onConnection?: (lost: boolean) => void;
}

const SEALED_CHUNK = CHUNK_SIZE + TAG_SIZE;
const HEADER_SIZE = 17; // docs/format.md, "Objects"

// Waited before each try of a lost connection, in milliseconds: soon at first, for two minutes in all, which is
// a tunnel or a change of networks. Every chunk that arrives starts the count again.
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/**
 * The plaintext chunks from number `first` on. Each is verified before it is given out; from the first on, the last one
 * only when the whole is what the seller signed.
 */
export async function* plaintext(
  file: SealedFile,
  pieces: Pieces,
  first: number,
  options: ReadOptions,
): AsyncGenerator<Bytes> {
  const count = Math.ceil(file.length / SEALED_CHUNK);
  const retries = new Retries(options);
  const digests: Bytes[] = [];
  let index = first;
  while (index < count) {
    const before = index;
    try {
      for await (const chunk of verifiedChunks(file, pieces, index, options.signal)) {
        retries.succeeded();
        if (first === 0) {
          digests.push(await sha256(chunk));
          await checkWhole(file, digests, count);
        }
        yield chunk;
        index += 1;
      }
    } catch (error) {
      await retries.wait(error, index > 0);
      continue;
    }
    if (index === before) {
      throw damaged("an object is cut off");
    }
  }
}

/** The chunks that one connection brings, from number `first` on. */
async function* verifiedChunks(
  file: SealedFile,
  pieces: Pieces,
  first: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes> {
  let index = first;
  for await (const sealed of rechunk(pieces(index * SEALED_CHUNK, signal), SEALED_CHUNK, true)) {
    const left = file.length - index * SEALED_CHUNK;
    if (sealed.length < Math.min(SEALED_CHUNK, left)) {
      return;
    }
    yield await verified(file, sealed, index, left <= SEALED_CHUNK);
    index += 1;
  }
}

/** How often a lost connection is tried again. */
class Retries {
  private failures = 0;

  constructor(private readonly options: ReadOptions) {}

  succeeded(): void {
    if (this.failures > 0) {
      this.failures = 0;
      this.options.onConnection?.(false);
    }
  }

  /** Waits before the next try, or throws `error`: at once when the host never `answered`. */
  async wait(error: unknown, answered: boolean): Promise<void> {
    const pause = answered ? PAUSES[this.failures] : undefined;
    if (!(error instanceof RoomError && error.reason === "unreachable") || pause === undefined) {
      throw error;
    }
    this.failures += 1;
    this.options.onConnection?.(true);
    await pauseFor(pause, this.options.signal);
  }
}

/** The content from byte `from` on. `compressed` content is read from its start, whatever is wanted of it. */
export async function* content(
  file: SealedFile,
  pieces: Pieces,
  options: ReadOptions & { readonly from?: number; readonly compressed?: boolean } = {},
): AsyncGenerator<Bytes> {
  const { from = 0, compressed = true } = options;
  if (from === 0 || compressed) {
    yield* dropped(unpacked(plaintext(file, pieces, 0, options)), from);
    return;
  }
  const start = HEADER_SIZE + from;
  const first = Math.floor(start / CHUNK_SIZE);
  let left = file.size - from;
  for await (const piece of dropped(
    plaintext(file, pieces, first, options),
    start - first * CHUNK_SIZE,
  )) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) {
      return;
    }
  }
  throw damaged("an object is shorter than it says");
}

/** Reads as much as shows that the object is there, and whole at its start. Tells whether its content is compressed. */
export async function probe(
  file: SealedFile,
  pieces: Pieces,
  signal?: AbortSignal,
): Promise<boolean> {
  for await (const sealed of rechunk(pieces(0, signal), SEALED_CHUNK)) {
    const chunk = await verified(file, sealed, 0, file.length <= SEALED_CHUNK);
    return chunk[0] === 1;
  }
  throw damaged("an object is empty");
}

async function verified(
  file: SealedFile,
  sealed: Bytes,
  index: number,
  last: boolean,
): Promise<Bytes> {
  const chunk = await decryptGcm(file.cipher, nonce(index, last), sealed, file.bound);
  if (chunk === null) {
    throw damaged("an object was changed or cut off");
  }
  return chunk;
}

async function checkWhole(
  file: SealedFile,
  digests: readonly Bytes[],
  count: number,
): Promise<void> {
  if (digests.length === count && !equal(await sha256(concat(digests)), file.digest)) {
    throw damaged("an object is not the one that the seller signed");
  }
}

/** The pieces without their first `size` bytes. */
async function* dropped(pieces: AsyncGenerator<Bytes>, size: number): AsyncGenerator<Bytes> {
  let left = size;
  for await (const piece of pieces) {
    if (left < piece.length) {
      yield piece.subarray(left);
    }
    left = Math.max(0, left - piece.length);
  }
}

/** Waits, but no longer than until the device is online again. */
async function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    addEventListener("online", finish);
    signal?.addEventListener("abort", finish);
  });
  signal?.throwIfAborted();
}
