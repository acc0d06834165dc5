// HPKE (RFC 9180) in base mode for one message. Loaded when a reply is sealed.

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, concat } from "../crypto/encoding";

/** The encapsulated key and the ciphertext. */
export async function seal(recipient: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  const cipher = suite();
  const recipientPublicKey = await cipher.kem.deserializePublicKey(recipient.buffer);
  const context = await cipher.createSenderContext({ recipientPublicKey, info: info.buffer });
  const ciphertext = await context.seal(plaintext.buffer);
  return concat([new Uint8Array(context.enc), new Uint8Array(ciphertext)]);
}

/** The algorithms of a reply. */
export function suite(): CipherSuite {
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
}
