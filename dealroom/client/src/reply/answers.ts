// What the seller said to the reader's earlier replies. Others who share the view cannot open it: `seal/answers.py`.

import {
  base64url,
  decryptGcm,
  FORMAT,
  fields,
  fromBase64url,
  fromUtf8,
  hkdf,
  importAesKey,
} from "../crypto/encoding";
import type { Kind, Target } from "./changes";
import type { ClosedAnswers } from "./facts";
import type { Sender } from "./seal";

const ID_SIZE = 16;
const KEY_SIZE = 32;
// A key encrypts one box only.
const NONCE = new Uint8Array(12);

/** An answer to one change of a reply, which counts from 1; 0 is the note. Days are ISO. */
export interface Answer {
  readonly reply: string;
  readonly sent: string;
  readonly on: string;
  readonly change: number;
  readonly kind: Kind | "note";
  readonly target: Target;
  readonly answer: "accepted" | "changed" | "declined";
  /** The change in the seller's words. */
  readonly asked: string;
  readonly words?: string;
  readonly now?: string;
}

/** The reader's own answers; none when there are none, or when they are damaged. */
export async function openAnswers(
  { room, person, replyKey }: Sender,
  closed: readonly ClosedAnswers[],
): Promise<readonly Answer[]> {
  const whose = [room, person.kind, person.id];
  const id = base64url(await hkdf(replyKey, fields(FORMAT, "answers id", ...whose), ID_SIZE));
  const own = closed.find((box) => box.id === id);
  const salt = own && fromBase64url(own.salt);
  const box = own && fromBase64url(own.box);
  if (!salt || !box) {
    return [];
  }
  const raw = await hkdf(replyKey, fields(FORMAT, "answers", ...whose), KEY_SIZE, salt);
  const bound = fields(FORMAT, "answers box", ...whose);
  const plain = await decryptGcm(await importAesKey(raw), NONCE, box, bound);
  return plain === null ? [] : (JSON.parse(fromUtf8(plain)) as Answer[]);
}
