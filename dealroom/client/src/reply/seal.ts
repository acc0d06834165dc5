// A reply, sealed to the seller's key of the room; its MAC tells the seller who wrote it. docs/format.md, "Replies".

import type { Person } from "../context";
import { type Bytes, concat, FORMAT, fields, hkdf, utf8 } from "../crypto/encoding";
import { armor } from "./armor";

/** Who replies to which room, and with what keys. */
export interface Sender {
  readonly room: string;
  readonly person: Person;
  /** For HKDF; not extractable. */
  readonly replyKey: CryptoKey;
  /** The seller's X25519 public key for this room. */
  readonly repliesTo: Bytes;
}

// In bytes, as in `seal/reply.py`.
const LARGEST_PAYLOAD = 256 * 1024;
const SMALLEST_PLAINTEXT = 1024;
const MAC_SIZE = 32;

export class TooLong extends Error {}
export class TooOld extends Error {}

/** The text to send. Throws `TooLong`, or `TooOld` when the browser lacks X25519. */
export async function sealReply(sender: Sender, payload: Bytes): Promise<string> {
  const plaintext = await replyPlaintext(sender, payload);
  const { seal } = await import("./hpke");
  let sealed: Bytes;
  try {
    sealed = await seal(sender.repliesTo, replyInfo(sender.room), plaintext);
  } catch (error) {
    throw new TooOld(String(error));
  }
  return armor(sender.room, sealed);
}

/** What is sealed: MAC, size, payload and padding. */
export async function replyPlaintext(sender: Sender, payload: Bytes): Promise<Bytes> {
  if (payload.length > LARGEST_PAYLOAD) {
    throw new TooLong(`${payload.length} bytes`);
  }
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, payload.length);
  const written = concat([await mac(sender, payload), size, payload]);
  const padded = new Uint8Array(padme(Math.max(SMALLEST_PLAINTEXT, written.length)));
  padded.set(written);
  return padded;
}

export function replyInfo(room: string): Bytes {
  return fields(FORMAT, "reply", room);
}

/** What a reply says as bytes; `null` members are left out. */
export function encodePayload(payload: object): Bytes {
  return utf8(JSON.stringify(payload, (_, value: unknown) => value ?? undefined));
}

async function mac({ room, person, replyKey }: Sender, payload: Bytes): Promise<Bytes> {
  const info = fields(FORMAT, "reply mac", room, person.kind, person.id);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const raw = await hkdf(replyKey, info, MAC_SIZE);
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  const signed = fields(FORMAT, "reply", room, payload);
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, signed));
}

/** Padmé (Nikitin et al., PoPETs 2019, algorithm 1): the padded size of `size` bytes. */
export function padme(size: number): number {
  const exponent = 31 - Math.clz32(size);
  const zeros = exponent - (32 - Math.clz32(exponent));
  const mask = 2 ** zeros - 1;
  return Math.floor((size + mask) / 2 ** zeros) * 2 ** zeros;
}
