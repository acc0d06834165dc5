// Bytes from the host, from any position on.

import type { Bytes } from "../crypto/encoding";
import { damaged, RoomError } from "../errors";

// A phone that changes networks leaves connections that say nothing any more. In milliseconds.
const LONGEST_SILENCE = 30_000;

// Read at once, into memory that is used again for what follows. In bytes.
const READ_SIZE = 128 * 1024;

/**
 * The bytes at `url` from position `from` on, as they come. A host that knows no ranges sends everything again,
 * and what is before `from` is dropped. A piece holds its bytes until the next one is asked for.
 *
 * Throws `missing`, `unreachable` (also when the connection breaks in the middle), `damaged` when there is
 * nothing at `from`, or the signal's reason.
 */
export async function* fetchPieces(
  url: string,
  from = 0,
  signal?: AbortSignal,
): AsyncGenerator<Bytes> {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  try {
    const response = await inTime(request(url, from, connection.signal), stop);
    const read = response.body ? readingOf(response.body) : null;
    let skip = response.status === 206 ? 0 : from;
    for (;;) {
      const value = read ? await inTime(read(), stop) : null;
      if (value === null) {
        return;
      }
      if (skip < value.length) {
        yield value.subarray(skip);
      }
      skip = Math.max(0, skip - value.length);
    }
  } catch (error) {
    signal?.throwIfAborted();
    // What fetch and streams throw says nothing more than that the connection is gone.
    throw error instanceof RoomError ? error : new RoomError("unreachable", String(error));
  } finally {
    signal?.removeEventListener("abort", stop);
    // Also when the reader of the pieces stops early: nothing more is then fetched.
    stop();
  }
}

/**
 * A function that reads a stream's next piece; null is its end. Where the browser can, each piece lies in the memory of
 * the one before: a large document would leave its whole size behind to be collected.
 */
function readingOf(body: ReadableStream<Bytes>): () => Promise<Bytes | null> {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    // Not every browser's bodies can be read so.
    const plain = body.getReader();
    return async () => (await plain.read()).value ?? null;
  }
  let memory = new ArrayBuffer(READ_SIZE);
  return async () => {
    const { done, value } = await reader.read(new Uint8Array(memory));
    if (done || !value) {
      return null;
    }
    memory = value.buffer;
    return value;
  };
}

/** What the host answers. Throws a RoomError for anything but the bytes that were asked for. */
export async function request(url: string, from: number, signal: AbortSignal): Promise<Response> {
  const options: RequestInit = { referrerPolicy: "no-referrer", signal };
  if (from > 0) {
    options.headers = { Range: `bytes=${from}-` };
  }
  const response = await fetch(url, options);
  const { status } = response;
  if (status === 206 && !response.headers.get("Content-Range")?.startsWith(`bytes ${from}-`)) {
    throw new RoomError("unreachable", "the host sent another range than was asked for");
  }
  if (response.ok) {
    return response;
  }
  if (status === 416) {
    throw damaged("an object is shorter than its manifest says");
  }
  // 404 and 410: the host is there, the file is not. Anything else may pass.
  throw new RoomError(
    status === 404 || status === 410 ? "missing" : "unreachable",
    `${status} for ${url}`,
  );
}

/** `waited`, but `give up` is called when it takes too long, which is to make it fail. */
async function inTime<Value>(waited: Promise<Value>, giveUp: () => void): Promise<Value> {
  const timer = setTimeout(giveUp, LONGEST_SILENCE);
  try {
    return await waited;
  } finally {
    clearTimeout(timer);
  }
}
