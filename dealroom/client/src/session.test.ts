// Whole rooms, and the attacks on them that the Python reader refuses too.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { deriveFromPassphrase } from "./crypto/argon2";
import { type Bytes, base64url, fromBase64url, importSecret, sha256 } from "./crypto/encoding";
import type { Secret } from "./crypto/slots";
import { findDescriptor, parseDescriptor } from "./descriptor";
import { RoomError } from "./errors";
import { readFragment } from "./fragment";
import type { Host } from "./host";
import { Session } from "./session";

const VECTORS = new URL("../../../tests/vectors/", import.meta.url);
const CHUNK = 65_536 + 16;

interface Opening {
  person: { id: string; name: string; kind: string };
  passphrase: string;
  link: string;
  title: string;
  lang: string;
  page: string;
  files: { ref: string; name: string; type: string; sha256: string }[];
}

interface Attack {
  name: string;
  reason: string;
  do: [string, ...unknown[]][];
  opens: "everyone" | "security";
  file: string;
}

interface SlotJson {
  id: string;
  box: string;
}

const { openings, attacks } = JSON.parse(
  await readFile(new URL("rooms.json", VECTORS), "utf-8"),
) as { openings: [Opening, Opening, Opening]; attacks: Attack[] };

/** A published room whose bytes a test may change. */
class Room implements Host {
  readonly objects = new Map<string, Bytes | null>();
  json: string;

  private constructor(json: string) {
    this.json = json;
  }

  static async load(folder: string): Promise<Room> {
    const page = await readFile(new URL(`rooms/${folder}/index.html`, VECTORS), "utf-8");
    return new Room(findDescriptor(page));
  }

  async *object(name: string, _signal?: AbortSignal, from = 0): AsyncGenerator<Bytes> {
    const changed = this.objects.get(name);
    const data = changed === undefined ? await publishedObject(name) : changed;
    if (data === null) {
      throw new RoomError("missing");
    }
    if (data.length > from) {
      yield data.subarray(from);
    }
  }

  address(): null {
    return null;
  }

  // biome-ignore lint/suspicious/useAwait: a host answers later
  async descriptor(): ReturnType<Host["descriptor"]> {
    return parseDescriptor(this.json);
  }
}

async function published(path: string): Promise<Bytes> {
  return new Uint8Array(await readFile(new URL(path, VECTORS)));
}

/** An object of the current room, or null when it has none of this name. */
function publishedObject(name: string): Promise<Bytes | null> {
  return published(`rooms/current/o/${name}`).catch(() => null);
}

async function linkSecret(link: string): Promise<Secret> {
  const { secret } = readFragment(new URL(link).hash);
  if (typeof secret === "string") {
    throw new Error("not a link");
  }
  return { way: "link", key: await importSecret(secret) };
}

async function passphraseSecret(room: Room, passphrase: string): Promise<Secret> {
  const { salt, settings } = parseDescriptor(room.json);
  const derived = await deriveFromPassphrase(passphrase, salt, settings);
  return { way: "passphrase", key: await importSecret(derived) };
}

async function digest(blob: Blob): Promise<string> {
  const hash = await sha256(new Uint8Array(await blob.arrayBuffer()));
  return Buffer.from(hash).toString("hex");
}

describe.each(openings)("$person.id", (opening) => {
  test.each(["link", "passphrase"])("opens their view by %s", async (way) => {
    const room = await Room.load("current");
    const secret =
      way === "link"
        ? await linkSecret(opening.link)
        : await passphraseSecret(room, opening.passphrase.toUpperCase().replaceAll(" ", "-"));
    const session = await Session.open(room, secret, parseDescriptor(room.json));
    expect(session.person).toEqual(opening.person);
    expect(session.view.title).toBe(opening.title);
    expect(session.view.lang).toBe(opening.lang);
    expect(session.view.page).toBe(opening.page);
    expect([...session.view.files.keys()]).toEqual(opening.files.map((file) => file.ref));
    for (const file of opening.files) {
      const blob = await session.openFile(file.ref);
      expect(blob.type).toBe(file.type);
      expect(await digest(blob)).toBe(file.sha256);
    }
  });
});

test("a passphrase that is not of the room is wrong", async () => {
  const room = await Room.load("current");
  const secret = await passphraseSecret(room, "correct horse battery staple");
  await expect(Session.open(room, secret, parseDescriptor(room.json))).rejects.toMatchObject({
    reason: "wrong_passphrase",
  });
});

test("a version that was replaced while the page was open gives way to the one published", async () => {
  const older = await Room.load("older");
  const current = await Room.load("current");
  const gone: Host = {
    // The older view was pruned; only the current one is there.
    async *object(name) {
      try {
        yield* current.object(name);
      } catch {
        throw new RoomError("missing");
      }
    },
    address: () => null,
    descriptor: () => current.descriptor(),
  };
  const secret = await linkSecret(openings[0].link);
  const session = await Session.open(gone, secret, parseDescriptor(older.json));
  expect(session.view.page).toBe(openings[0].page);
  expect(await session.renew()).toBe(false);
});

test("someone who was let in after the page was loaded is let in", async () => {
  const current = await Room.load("current");
  const before = await Room.load("current");
  editSlots(before, () => []);
  editDescriptor(before, (descriptor) => {
    descriptor["nonce"] = "AAAAAAAAAAAAAAAAAAAAAA";
  });
  const secret = await linkSecret(openings[0].link);
  const session = await Session.open(current, secret, parseDescriptor(before.json));
  expect(session.person.id).toBe("dana");
});

test("a wrong link stays wrong when the host cannot be asked again", async () => {
  const room = await Room.load("current");
  const descriptor = parseDescriptor(room.json);
  room.descriptor = () => Promise.reject(new RoomError("unreachable"));
  const secret: Secret = { way: "link", key: await importSecret(new Uint8Array(32)) };
  await expect(Session.open(room, secret, descriptor)).rejects.toMatchObject({
    reason: "wrong_link",
  });
});

test("progress is told in verified bytes", async () => {
  const room = await Room.load("current");
  const secret = await linkSecret(openings[1].link);
  const session = await Session.open(room, secret, parseDescriptor(room.json));
  const told: number[] = [];
  await session.openFile("soc2", { onProgress: (done) => told.push(done) });
  expect(told).toEqual([...told].sort((one, other) => one - other));
  expect(told.at(-1)).toBe(150_000);
});

describe("an attack is refused", () => {
  test.each(attacks)("$name", async (attack) => {
    const room = await Room.load("current");
    for (const [step, ...rest] of attack.do) {
      const take = steps[step];
      if (take === undefined) {
        throw new Error(`no step ${step}`);
      }
      await take(room, ...(rest as never[]));
    }
    const opening = attack.opens === "everyone" ? openings[0] : openings[1];
    const secret = await linkSecret(opening.link);
    const shown: string[] = [];
    const open = async (): Promise<void> => {
      const session = await Session.open(room, secret, parseDescriptor(room.json));
      shown.push("view");
      await session.openFile(attack.file);
      shown.push("file");
    };
    await expect(open()).rejects.toMatchObject({ reason: attack.reason });
    expect(shown).toEqual(attack.file === "" ? [] : ["view"]);
  });
});

const steps: Record<string, (room: Room, ...rest: never[]) => Promise<void> | void> = {
  flip: change((data, position: number) => {
    const at = position < 0 ? data.length + position : position;
    const flipped = data.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return flipped;
  }),
  cut: change((data, size: number) => data.slice(0, size)),
  extend: change((data, size: number) => new Uint8Array([...data, ...new Uint8Array(size)])),
  chunks: change((data, order: number[]) => {
    const parts = order.map((number) => [...data.subarray(number * CHUNK, (number + 1) * CHUNK)]);
    return new Uint8Array(parts.flat());
  }),
  remove: (room: Room, name: string) => {
    room.objects.set(name, null);
  },
  copy: async (room: Room, name: string, source: string) => {
    room.objects.set(name, await published(`rooms/${source}`));
  },
  mix: async (room: Room, name: string, order: [string, number][]) => {
    const parts = order.map(async ([source, number]) => {
      const data = await published(`rooms/${source}`);
      return [...data.subarray(number * CHUNK, (number + 1) * CHUNK)];
    });
    room.objects.set(name, new Uint8Array((await Promise.all(parts)).flat()));
  },
  box: (room: Room, id: string, box: string) => {
    editSlots(room, (slots) => slots.map((slot) => (slot.id === id ? { id, box } : slot)));
  },
  foreign_page: async (room: Room, folder: string) => {
    room.json = (await Room.load(folder)).json;
  },
  set: (room: Room, path: string[], value: unknown) => {
    editDescriptor(room, (descriptor) => {
      const target = path
        .slice(0, -1)
        .reduce((inner, name) => inner[name] as Record<string, unknown>, descriptor);
      target[path.at(-1) ?? ""] = value;
    });
  },
  flip_boxes: (room: Room, position: number) => {
    editSlots(room, (slots) =>
      slots.map(({ id, box }) => {
        const bytes = fromBase64url(box) ?? new Uint8Array(0);
        bytes[position] = (bytes[position] ?? 0) ^ 1;
        return { id, box: base64url(bytes) };
      }),
    );
  },
  swap_boxes: (room: Room) => {
    editSlots(room, (slots) =>
      slots.map(({ id }, index) => ({ id, box: slots[(index + 1) % slots.length]?.box ?? "" })),
    );
  },
  drop_slots: (room: Room) => {
    editSlots(room, () => []);
  },
  foreign_slots: async (room: Room, folder: string) => {
    const foreign = JSON.parse((await Room.load(folder)).json) as { slots: SlotJson[] };
    editSlots(room, () => foreign.slots);
  },
};

/** A step that changes the bytes of an object. */
function change<Argument>(edit: (data: Bytes, argument: Argument) => Bytes) {
  return async (room: Room, name: string, argument: Argument): Promise<void> => {
    room.objects.set(name, edit(await published(`rooms/current/o/${name}`), argument));
  };
}

function editDescriptor(room: Room, edit: (descriptor: Record<string, unknown>) => void): void {
  const descriptor = JSON.parse(room.json) as Record<string, unknown>;
  edit(descriptor);
  room.json = JSON.stringify(descriptor);
}

function editSlots(room: Room, edit: (slots: SlotJson[]) => SlotJson[]): void {
  editDescriptor(room, (descriptor) => {
    descriptor["slots"] = edit(descriptor["slots"] as SlotJson[]);
  });
}
