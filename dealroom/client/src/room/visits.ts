// What is new since the reader was here last. Only this device remembers, under a name that says nothing, and only
// short digests of what it has shown: no text, no date, no file name.

// Within these hours, coming back is the same visit: what was new an hour ago is still marked. In hours.
const SAME_VISIT = 4;

const HOUR = 3_600_000;
const PREFIX = "dealroom.seen.";

interface Visits {
  /** Digests of what had been shown before this visit began; `null` on the first one. */
  readonly before: readonly string[] | null;
  /** Digests of what has been shown by now. */
  readonly shown: readonly string[];
  /** When this visit began, in whole hours. */
  readonly began: number;
}

/** A digest that tells texts apart, and says nothing of them: 53 bits of cyrb53 by bryc, which is public domain. */
export function digest(text: string): string {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
}

/**
 * Notes that `shown`, digests, is what the reader sees now, and gives what they had seen before this visit; `null` when
 * they were never here, or the device does not remember.
 */
export function visit(
  storage: Storage | null,
  room: string,
  shown: readonly string[],
  now: Date,
): ReadonlySet<string> | null {
  const hour = Math.floor(now.getTime() / HOUR);
  const last = read(storage, room);
  const isSame = last !== null && hour - last.began < SAME_VISIT && hour >= last.began;
  const before = isSame ? last.before : (last?.shown ?? null);
  write(storage, room, { before, shown, began: isSame ? last.began : hour });
  return before === null ? null : new Set(before);
}

/** Forgets that anyone was here. */
export function forgetVisits(storage: Storage | null, room: string): void {
  try {
    storage?.removeItem(PREFIX + room);
  } catch {
    // A device that refuses to forget refused to remember, too.
  }
}

/** The device's storage, where the browser allows it. */
export function deviceStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function read(storage: Storage | null, room: string): Visits | null {
  try {
    const found: unknown = JSON.parse(storage?.getItem(PREFIX + room) ?? "null");
    return isVisits(found) ? found : null;
  } catch {
    return null;
  }
}

function write(storage: Storage | null, room: string, visits: Visits): void {
  try {
    storage?.setItem(PREFIX + room, JSON.stringify(visits));
  } catch {
    // Private windows and full disks: nothing is remembered, and nothing else suffers.
  }
}

function isVisits(found: unknown): found is Visits {
  const visits = found as Partial<Visits> | null;
  return (
    visits !== null &&
    typeof visits === "object" &&
    typeof visits.began === "number" &&
    Array.isArray(visits.shown) &&
    (visits.before === null || Array.isArray(visits.before))
  );
}
