// Slots: what a credential opens. Each holds the key of the person's view, and who the person is.

import type { Person } from "../context";
import type { Descriptor } from "../descriptor";
import { damaged, RoomError } from "../errors";
import {
  type Bytes,
  base64url,
  decryptGcm,
  FORMAT,
  fields,
  fromUtf8,
  hkdf,
  importAesKey,
} from "./encoding";

const SLOT_ID_SIZE = 16;
const KEY_SIZE = 32;
const HEAD_SIZE = 4 * KEY_SIZE + 2;
// A box key encrypts one box only.
const BOX_NONCE = new Uint8Array(12);

/** What a person opens a room with: the secret of their link, or what their passphrase was derived to. */
export interface Secret {
  readonly way: "link" | "passphrase";
  /** For HKDF; not extractable. */
  readonly key: CryptoKey;
}

export interface SlotContent {
  readonly viewKey: Bytes;
  /** Of the view's object: others who read the view know its key too, and could make another one. */
  readonly viewDigest: Bytes;
  readonly signingKey: Bytes;
  readonly replyKey: Bytes;
  readonly person: Person;
}

/** Opens the slot of this secret. Throws when there is none, or when it was changed. */
export async function openSlot(descriptor: Descriptor, secret: Secret): Promise<SlotContent> {
  const { room, epoch, nonce } = descriptor;
  const info = fields(FORMAT, "slot", secret.way, room, epoch);
  const derived = await hkdf(secret.key, info, SLOT_ID_SIZE + KEY_SIZE, nonce);
  const id = derived.subarray(0, SLOT_ID_SIZE);
  const box = descriptor.slots.get(base64url(id));
  if (box === undefined) {
    throw new RoomError(secret.way === "link" ? "wrong_link" : "wrong_passphrase");
  }
  const key = await importAesKey(derived.subarray(SLOT_ID_SIZE));
  const bound = fields(FORMAT, "slot box", room, epoch, id);
  const plain = await decryptGcm(key, BOX_NONCE, box, bound);
  if (plain === null || plain.length < HEAD_SIZE) {
    throw damaged("a slot was changed");
  }
  return parse(plain);
}

function parse(plain: Bytes): SlotContent {
  const size = new DataView(plain.buffer, plain.byteOffset).getUint16(HEAD_SIZE - 2);
  return {
    viewKey: plain.slice(0, KEY_SIZE),
    viewDigest: plain.slice(KEY_SIZE, 2 * KEY_SIZE),
    signingKey: plain.slice(2 * KEY_SIZE, 3 * KEY_SIZE),
    replyKey: plain.slice(3 * KEY_SIZE, 4 * KEY_SIZE),
    person: parsePerson(plain.subarray(HEAD_SIZE, HEAD_SIZE + size)),
  };
}

function parsePerson(json: Bytes): Person {
  try {
    const { id, name, kind } = JSON.parse(fromUtf8(json)) as Record<string, unknown>;
    if (typeof id === "string" && typeof name === "string" && isKind(kind)) {
      return { id, name, kind };
    }
  } catch {
    // Told below, as any other fault of it.
  }
  throw damaged("a slot names nobody");
}

function isKind(kind: unknown): kind is Person["kind"] {
  return kind === "buyer" || kind === "seller" || kind === "shared";
}
