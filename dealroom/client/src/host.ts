// Where the room comes from: its page and its objects, fetched from beside the page itself.

import { fromStream } from "./crypto/content";
import type { Bytes } from "./crypto/encoding";
import { type Descriptor, findDescriptor, parseDescriptor } from "./descriptor";
import { RoomError } from "./errors";

export interface Host {
  /** The bytes of a sealed object, as they come. Throws `missing` or `unreachable`. */
  object(name: string, signal?: AbortSignal): AsyncGenerator<Bytes>;
  /** The descriptor as it is published now. */
  descriptor(): Promise<Descriptor>;
}

/** The host of the page at `address` (without fragment). */
export function webHost(address: string): Host {
  return {
    async *object(name, signal) {
      const options: RequestInit = { referrerPolicy: "no-referrer" };
      if (signal) {
        options.signal = signal;
      }
      const response = await get(new URL(`o/${name}`, address).href, options);
      if (response.body) {
        yield* reachable(fromStream(response.body), signal);
      }
    },
    async descriptor() {
      const options: RequestInit = { referrerPolicy: "no-referrer", cache: "no-store" };
      const response = await get(address, options);
      return parseDescriptor(findDescriptor(await response.text()));
    },
  };
}

async function get(url: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new RoomError("unreachable", String(error));
  }
  if (response.ok) {
    return response;
  }
  // 404 and 410: the host is there, the file is not. Anything else may pass.
  const gone = response.status === 404 || response.status === 410;
  throw new RoomError(gone ? "missing" : "unreachable", `${response.status} for ${url}`);
}

/** A connection that breaks in the middle is no damage. */
async function* reachable(
  pieces: AsyncGenerator<Bytes>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes> {
  try {
    yield* pieces;
  } catch (error) {
    signal?.throwIfAborted();
    throw new RoomError("unreachable", String(error));
  }
}
