// What a reply says, as docs/format.md has it.

import type { Contents } from "./drafts";
import type { Sender } from "./seal";

// docs/format.md: more is refused.
export const MOST_CHANGES = 200;

const ID_SIZE = 16;

export interface Payload {
  readonly format: "dealroom-reply/1";
  readonly id: string;
  readonly sent: string;
  readonly [member: string]: unknown;
}

/** The payload of what is in the tray. `digest` is that of the commitments that the page shows. */
export function payloadOf(
  { room, person }: Pick<Sender, "room" | "person">,
  contents: Contents,
  digest: string,
  now: Date,
  id: string = randomId(),
): Payload {
  return {
    format: "dealroom-reply/1",
    room,
    id,
    person: person.id,
    kind: person.kind,
    name: (person.kind === "shared" && contents.name.trim()) || null,
    sequence: contents.sequence + 1,
    sent: now.toISOString(),
    plan: digest,
    note: contents.note.trim() || null,
    changes: contents.changes,
  };
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_SIZE));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
