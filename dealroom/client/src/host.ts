// Where the room comes from: its page and its objects, fetched from beside the page itself.

import type { Copy } from "./copy";
import type { Bytes } from "./crypto/encoding";
import { type Descriptor, findDescriptor, parseDescriptor } from "./descriptor";
import { fetchPieces } from "./documents/fetching";
import { RoomError } from "./errors";

export interface Host {
  /** The bytes of a sealed object from position `from` on, as they come. Throws `missing`, `unreachable` or `damaged`. */
  object(name: string, signal?: AbortSignal, from?: number): AsyncGenerator<Bytes>;
  /** Where an object is on the web; null when it is not. */
  address(name: string): string | null;
  /** The descriptor as it is published now. */
  descriptor(): Promise<Descriptor>;
  /** What is special about a copy in one file; absent on the web. */
  readonly copy?: Copy;
}

/** The host of the page at `address` (without fragment). */
export function webHost(address: string): Host {
  const objectAddress = (name: string) => new URL(`o/${name}`, address).href;
  return {
    object: (name, signal, from) => fetchPieces(objectAddress(name), from, signal),
    address: objectAddress,
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
