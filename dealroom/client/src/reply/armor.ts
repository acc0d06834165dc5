// The text that carries a sealed reply: `seal/armor.py` reads it back, whatever mail programs did to it.

import { type Bytes, base64url, FORMAT } from "../crypto/encoding";

// Letters a line: what mail programs leave alone.
const LINE = 64;

export function armor(room: string, sealed: Bytes): string {
  const letters = base64url(sealed).replaceAll("-", "+").replaceAll("_", "/");
  const lines = letters.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return [
    "-----BEGIN DEALROOM REPLY-----",
    `Format: ${FORMAT}`,
    `Room: ${room}`,
    "",
    ...lines,
    "-----END DEALROOM REPLY-----",
    "",
  ].join("\n");
}
