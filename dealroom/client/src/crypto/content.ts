// What an object encrypts: header, content (compressed where it helps), zeros up to a padded size.

import { damaged, RoomError } from "../errors";
import type { Bytes } from "./encoding";

const HEADER_SIZE = 17; // encoding (1), size of the encoded content (8), size of the content (8)
const IDENTITY = 0;
const DEFLATE = 1;

/** The content of an object from the chunks of its plaintext; reads them to their end, padding included. */
export async function* unpacked(chunks: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  const { value: first } = await chunks.next();
  const encoding = first?.[0];
  if (!first || first.length < HEADER_SIZE || (encoding !== IDENTITY && encoding !== DEFLATE)) {
    throw damaged("an object has no valid header");
  }
  const header = new DataView(first.buffer, first.byteOffset, HEADER_SIZE);
  const encodedSize = Number(header.getBigUint64(1));
  const content = withoutPadding(first.subarray(HEADER_SIZE), chunks, encodedSize);
  let left = Number(header.getBigUint64(9));
  for await (const piece of encoding === DEFLATE ? inflate(content) : content) {
    left -= piece.length;
    if (left < 0) {
      break;
    }
    yield piece;
  }
  if (left !== 0) {
    throw damaged("an object has another size than it says");
  }
}

async function* withoutPadding(
  first: Bytes,
  rest: AsyncIterable<Bytes>,
  size: number,
): AsyncGenerator<Bytes> {
  yield first.subarray(0, size);
  let left = size - Math.min(size, first.length);
  for await (const piece of rest) {
    if (left > 0) {
      yield piece.subarray(0, left);
      left -= Math.min(left, piece.length);
    }
  }
  if (left > 0) {
    throw damaged("an object is shorter than it says");
  }
}

async function* inflate(pieces: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  const inflated = toStream(pieces).pipeThrough(new DecompressionStream("deflate-raw"));
  try {
    yield* fromStream(inflated);
  } catch (error) {
    // The stream gives a TypeError for what is not DEFLATE; errors of the pieces come through as they are.
    throw error instanceof RoomError ? error : damaged("an object does not decompress");
  }
}

function toStream(pieces: AsyncGenerator<Bytes>): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** A stream's pieces. Not every browser can iterate a stream by itself. */
export async function* fromStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Bytes> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    // Also when the reader of the pieces stops early: nothing more is then fetched.
    reader.cancel().catch(() => undefined);
  }
}
