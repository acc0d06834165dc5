// Ed25519 (RFC 8032): by the browser itself, else by a library that is loaded only then.

import type { Bytes } from "./encoding";

export async function verifySignature(
  signature: Bytes,
  message: Bytes,
  publicKey: Bytes,
): Promise<boolean> {
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") {
      const { verifyAsync } = await import("@noble/ed25519");
      // Strict, as browsers verify.
      return verifyAsync(signature, message, publicKey, { zip215: false });
    }
    return false;
  }
  return crypto.subtle.verify("Ed25519", key, signature, message);
}
