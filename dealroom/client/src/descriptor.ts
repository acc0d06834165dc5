// The room descriptor: the public JSON in the page that says how to find and open one's slot.

import { type Bytes, FORMAT, fromBase64url } from "./crypto/encoding";
import { damaged, RoomError } from "./errors";

export const DESCRIPTOR_ELEMENT = "dealroom-room";

/** The cost of a derivation; `memory` is in KiB. */
export interface Settings {
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
}

// OWASP's first choice for Argon2id is the floor: less would make a stolen page cheap to attack.
const LIGHTEST: Settings = { memory: 19_456, iterations: 2, parallelism: 1 };
// More would only make a phone run out of memory or patience.
const HEAVIEST: Settings = { memory: 262_144, iterations: 10, parallelism: 4 };

const SALT_SIZE = 16;
const NONCE_SIZE = 16;

export interface Descriptor {
  readonly room: string;
  readonly epoch: number;
  readonly salt: Bytes;
  readonly settings: Settings;
  /** Changes whenever anything in the slots does. */
  readonly nonce: Bytes;
  /** Boxes by the base64url of their slot's id. */
  readonly slots: ReadonlyMap<string, Bytes>;
}

/** Finds the descriptor in a page that was fetched. It holds no `<`, so its element ends at the first. */
export function findDescriptor(page: string): string {
  const found = /<script\b[^>]*\bid="?dealroom-room"?[^>]*>([^<]*)</.exec(page)?.[1];
  if (found === undefined) {
    throw damaged("the page holds no descriptor");
  }
  return found;
}

export function parseDescriptor(json: string): Descriptor {
  const value = record(parseJson(json));
  const format = value["format"];
  if (format !== FORMAT) {
    throw typeof format === "string" && format.startsWith("dealroom/")
      ? new RoomError("newer_format", format)
      : damaged("the descriptor is of no known format");
  }
  const room = value["room"];
  if (typeof room !== "string") {
    throw damaged("the descriptor names no room");
  }
  const kdf = record(value["kdf"]);
  return {
    room,
    epoch: count(value["epoch"]),
    salt: bytes(kdf["salt"], SALT_SIZE),
    settings: parseSettings(kdf),
    nonce: bytes(value["nonce"], NONCE_SIZE),
    slots: parseSlots(value["slots"]),
  };
}

function parseSettings(kdf: Record<string, unknown>): Settings {
  if (kdf["name"] !== "argon2id") {
    throw damaged("the descriptor names no known derivation");
  }
  const settings = {
    memory: count(kdf["memory"]),
    iterations: count(kdf["iterations"]),
    parallelism: count(kdf["parallelism"]),
  };
  for (const name of ["memory", "iterations", "parallelism"] as const) {
    if (settings[name] < LIGHTEST[name] || settings[name] > HEAVIEST[name]) {
      throw new RoomError("unsafe_settings", `${name} ${settings[name]}`);
    }
  }
  return settings;
}

function parseSlots(value: unknown): Map<string, Bytes> {
  if (!Array.isArray(value)) {
    throw damaged("the descriptor has no slots");
  }
  return new Map(
    value.map((slot: unknown) => {
      const { id, box } = record(slot);
      if (typeof id !== "string") {
        throw damaged("a slot has no id");
      }
      return [id, bytes(box)];
    }),
  );
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged("the descriptor is not JSON");
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw damaged("the descriptor is not valid");
  }
  return value as Record<string, unknown>;
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw damaged("the descriptor is not valid");
  }
  return value as number;
}

function bytes(value: unknown, size?: number): Bytes {
  const decoded = typeof value === "string" ? fromBase64url(value) : null;
  if (decoded === null || (size !== undefined && decoded.length !== size)) {
    throw damaged("the descriptor is not valid");
  }
  return decoded;
}
