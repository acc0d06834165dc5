// Argon2id (RFC 9106, version 1.3). A module of its own: who opens by a link need not load it.

import { argon2id } from "hash-wasm";
import type { Settings } from "../descriptor";
import type { Bytes } from "./encoding";
import { utf8 } from "./encoding";
import { normalise } from "./passphrase";

const DERIVED_SIZE = 32;

/** 32 bytes over the normalised passphrase. Holds the thread for as long as it takes, 50 to 250 ms. */
export async function deriveFromPassphrase(
  passphrase: string,
  salt: Bytes,
  settings: Settings,
): Promise<Bytes> {
  const derived = await argon2id({
    password: utf8(normalise(passphrase)),
    salt,
    memorySize: settings.memory,
    iterations: settings.iterations,
    parallelism: settings.parallelism,
    hashLength: DERIVED_SIZE,
    outputType: "binary",
  });
  return new Uint8Array(derived);
}
