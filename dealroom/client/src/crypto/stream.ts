// Chunked decryption: STREAM with AES-256-GCM, as docs/format.md describes it.

import { damaged } from "../errors";
import { type Bytes, decryptGcm, importAesKey } from "./encoding";

export const CHUNK_SIZE = 65_536; // bytes of plaintext
export const TAG_SIZE = 16;

/** The chunks of an encrypted stream in pieces of any size, each verified before it is given out. */
export async function* decrypt(
  pieces: AsyncIterable<Bytes>,
  key: Bytes,
  bound: Bytes,
): AsyncGenerator<Bytes> {
  const cipher = await importAesKey(key);
  let counter = 0;
  for await (const [piece, last] of withLast(rechunk(pieces, CHUNK_SIZE + TAG_SIZE))) {
    const chunk = await decryptGcm(cipher, nonce(counter, last), piece, bound);
    if (chunk === null) {
      throw damaged("an object was changed or cut off");
    }
    yield chunk;
    counter += 1;
  }
}

/**
 * The same bytes in chunks of `size`, but for a shorter last one. With `reuse`, a chunk holds its bytes only until the
 * next one is asked for.
 */
export async function* rechunk(
  pieces: AsyncIterable<Bytes>,
  size: number,
  reuse = false,
): AsyncGenerator<Bytes> {
  let chunk = new Uint8Array(size);
  let filled = 0;
  for await (const piece of pieces) {
    let start = 0;
    while (start < piece.length) {
      const part = piece.subarray(start, start + size - filled);
      chunk.set(part, filled);
      filled += part.length;
      start += part.length;
      if (filled === size) {
        yield chunk;
        if (!reuse) {
          chunk = new Uint8Array(size);
        }
        filled = 0;
      }
    }
  }
  if (filled > 0) {
    yield chunk.subarray(0, filled);
  }
}

/** Each item, and whether it is the last; runs one item ahead. */
export async function* withLast<Item>(items: AsyncIterable<Item>): AsyncGenerator<[Item, boolean]> {
  let waiting: [Item] | [] = [];
  for await (const item of items) {
    if (waiting.length === 1) {
      yield [waiting[0], false];
    }
    waiting = [item];
  }
  if (waiting.length === 1) {
    yield [waiting[0], true];
  }
}

/** 11 bytes of counter, big-endian, and one that marks the last chunk. */
export function nonce(counter: number, last: boolean): Bytes {
  const bytes = new Uint8Array(12);
  // 2^32 chunks are 256 TiB: the higher bytes of the counter stay zero.
  new DataView(bytes.buffer).setUint32(7, counter);
  bytes[11] = last ? 1 : 0;
  return bytes;
}
