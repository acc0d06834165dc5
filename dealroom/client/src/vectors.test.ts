// The browser's reader against the vectors that the Python reader is tested with too.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { deriveFromPassphrase } from "./crypto/argon2";
import {
  type Bytes,
  base64url,
  concat,
  fields,
  fromBase64url,
  hkdf,
  importSecret,
  sha256,
} from "./crypto/encoding";
import { bytes32, objectKeys, openObject } from "./crypto/objects";
import { normalise } from "./crypto/passphrase";
import { verifySignature } from "./crypto/signature";

const VECTORS = new URL("../../../tests/vectors/", import.meta.url);

interface Values {
  fields: { parts: (string | number)[]; hex: string }[];
  base64url: { hex: string; text: string }[];
  not_base64url: string[];
  passphrases: { typed: string; normalised: string }[];
  hkdf: { secret: string; salt: string; info: string; hex: string }[];
  argon2id: {
    passphrase: string;
    salt: string;
    memory: number;
    iterations: number;
    parallelism: number;
    hex: string;
  }[];
  objects: { size: number; key: string; name: string; digest: string; content_sha256: string }[];
}

const values = JSON.parse(await readFile(new URL("values.json", VECTORS), "utf-8")) as Values;

function hex(bytes: Bytes): string {
  return Buffer.from(bytes).toString("hex");
}

function unhex(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, "hex"));
}

describe("encodings", () => {
  test.each(values.fields)("fields $parts", ({ parts, hex: expected }) => {
    expect(hex(fields(...parts))).toBe(expected);
  });

  test.each(values.base64url)("base64url $text", ({ hex: bytes, text }) => {
    expect(base64url(unhex(bytes))).toBe(text);
    expect(hex(fromBase64url(text) ?? new Uint8Array([0]))).toBe(bytes);
  });

  test.each(values.not_base64url)("%j is not base64url", (text) => {
    expect(fromBase64url(text)).toBeNull();
  });
});

describe("derivation", () => {
  test.each(values.passphrases)("$typed is compared as $normalised", ({ typed, normalised }) => {
    expect(normalise(typed)).toBe(normalised);
  });

  test.each(values.hkdf)("HKDF of $info", async ({ secret, salt, info, hex: expected }) => {
    const key = await importSecret(unhex(secret));
    expect(hex(await hkdf(key, unhex(info), expected.length / 2, unhex(salt)))).toBe(expected);
  });

  test("HKDF as in RFC 5869, test case 1", async () => {
    const key = await importSecret(unhex("0b".repeat(22)));
    const okm = await hkdf(
      key,
      unhex("f0f1f2f3f4f5f6f7f8f9"),
      42,
      unhex("000102030405060708090a0b0c"),
    );
    expect(hex(okm)).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
  });

  test.each(values.argon2id)(
    "Argon2id of $passphrase",
    async ({ passphrase, salt, hex: expected, ...settings }) => {
      expect(hex(await deriveFromPassphrase(passphrase, unhex(salt), settings))).toBe(expected);
    },
  );
});

describe("objects", () => {
  test.each(values.objects)(
    "of $size bytes",
    async ({ size, key, name, digest, content_sha256 }) => {
      const keys = await objectKeys(bytes32(key), { room: "aroom", epoch: 1, kind: "file" });
      expect(keys.name).toBe(name);
      const data = new Uint8Array(await readFile(new URL(`objects/${name}`, VECTORS)));
      const chunks: Bytes[] = [];
      // In pieces as a network brings them, which have nothing to do with chunks.
      for await (const chunk of openObject(pieces(data, 50_021), keys, bytes32(digest))) {
        chunks.push(chunk);
      }
      const content = concat(chunks);
      expect(content.length).toBe(size);
      expect(hex(await sha256(content))).toBe(content_sha256);
    },
  );
});

describe("signatures", () => {
  // RFC 8032, section 7.1, test 2.
  const publicKey = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = unhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );

  test("of RFC 8032 are verified", async () => {
    expect(await verifySignature(signature, unhex("72"), publicKey)).toBe(true);
    expect(await verifySignature(signature, unhex("73"), publicKey)).toBe(false);
    expect(await verifySignature(signature, unhex("72"), new Uint8Array(3))).toBe(false);
  });

  test("are verified where the browser has no Ed25519", async ({ onTestFinished }) => {
    const { importKey } = crypto.subtle;
    onTestFinished(() => {
      crypto.subtle.importKey = importKey;
    });
    crypto.subtle.importKey = () =>
      Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    expect(await verifySignature(signature, unhex("72"), publicKey)).toBe(true);
    expect(await verifySignature(signature, unhex("73"), publicKey)).toBe(false);
  });
});

// biome-ignore lint/suspicious/useAwait: a generator that stands for a network
async function* pieces(data: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let start = 0; start < data.length; start += size) {
    yield data.subarray(start, start + size);
  }
}
