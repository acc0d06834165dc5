// Sealed objects: the view of a person, or a file.

import { damaged } from "../errors";
import { unpacked } from "./content";
import {
  type Bytes,
  concat,
  equal,
  FORMAT,
  fields,
  fromBase64url,
  hkdf,
  importSecret,
  sha256,
} from "./encoding";
import { decrypt, withLast } from "./stream";

const NAME_SIZE = 16;
const STREAM_KEY_SIZE = 32;

/** Where an object belongs: its keys and every chunk are bound to this. */
export interface Place {
  readonly room: string;
  readonly epoch: number;
  readonly kind: "view" | "file";
}

export interface ObjectKeys {
  /** 32 hex digits. */
  readonly name: string;
  readonly streamKey: Bytes;
  readonly bound: Bytes;
}

export async function objectKeys(key: Bytes, place: Place): Promise<ObjectKeys> {
  const bound = fields(FORMAT, "object", place.room, place.epoch, place.kind);
  const derived = await hkdf(await importSecret(key), bound, NAME_SIZE + STREAM_KEY_SIZE);
  const name = Array.from(derived.subarray(0, NAME_SIZE), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return { name, streamKey: derived.subarray(NAME_SIZE), bound };
}

/**
 * The content of a sealed object, each chunk verified before any of it is given out. With `digest`,
 * the last chunk is given out only when the whole is what the digest says: others who know the key
 * could have made another object with it.
 */
export function openObject(
  sealed: AsyncIterable<Bytes>,
  keys: ObjectKeys,
  digest?: Bytes,
): AsyncGenerator<Bytes> {
  const chunks = decrypt(sealed, keys.streamKey, keys.bound);
  return unpacked(digest === undefined ? chunks : checked(chunks, digest));
}

async function* checked(chunks: AsyncIterable<Bytes>, digest: Bytes): AsyncGenerator<Bytes> {
  const digests: Bytes[] = [];
  for await (const [chunk, last] of withLast(chunks)) {
    digests.push(await sha256(chunk));
    if (last && !equal(await sha256(concat(digests)), digest)) {
      throw damaged("an object is not the one that the seller signed");
    }
    yield chunk;
  }
}

/** The 32 bytes of a key or a digest in a manifest. */
export function bytes32(text: unknown): Bytes {
  const bytes = typeof text === "string" ? fromBase64url(text) : null;
  if (bytes?.length !== 32) {
    throw damaged("32 bytes in base64url are expected");
  }
  return bytes;
}
