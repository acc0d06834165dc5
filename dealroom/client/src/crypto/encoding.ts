// How values become bytes: base64url, length-prefixed fields, HKDF. docs/format.md describes them.

export type Bytes = Uint8Array<ArrayBuffer>;

export const FORMAT = "dealroom/1";

const ENCODER = new TextEncoder();
// Bytes per String.fromCharCode call; engines limit the number of arguments.
const SLICE = 0x8000;

export function utf8(text: string): Bytes {
  return ENCODER.encode(text);
}

/** The text that `bytes` hold. Throws a TypeError when they are not UTF-8. */
export function fromUtf8(bytes: Bytes): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function base64url(bytes: Bytes): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + SLICE));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes that `text` stands for, or null when it is not base64url without padding and stray bits. */
export function fromBase64url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    return null;
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return base64url(bytes) === text ? bytes : null;
}

export function concat(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** `parts` as one byte string that no other parts give: each is led by its length, 4 bytes big-endian. */
export function fields(...parts: readonly (string | number | Bytes)[]): Bytes {
  return concat(
    parts.flatMap((part) => {
      const bytes = toBytes(part);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length);
      return [length, bytes];
    }),
  );
}

function toBytes(part: string | number | Bytes): Bytes {
  if (typeof part === "string") {
    return utf8(part);
  }
  if (typeof part === "number") {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(part));
    return bytes;
  }
  return part;
}

/** A secret as a key that can be derived from, and not be read back. */
export function importSecret(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
}

/** HKDF-SHA256 (RFC 5869); `size` in bytes. */
export async function hkdf(
  secret: CryptoKey,
  info: Bytes,
  size: number,
  salt: Bytes = new Uint8Array(0),
): Promise<Bytes> {
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, secret, size * 8));
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function equal(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** The key for AES-256-GCM that these 32 bytes are. */
export function importAesKey(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
}

/** What AES-256-GCM encrypted, or null when the tag does not fit. */
export async function decryptGcm(
  key: CryptoKey,
  iv: Bytes,
  sealed: Bytes,
  additionalData: Bytes,
): Promise<Bytes | null> {
  try {
    const algorithm = { name: "AES-GCM", iv, additionalData };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed));
  } catch {
    // WebCrypto gives one OperationError for whatever does not fit.
    return null;
  }
}
