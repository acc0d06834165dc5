// The changes that a reader asks for, as docs/format.md has them.

import type { PersonFact } from "./facts";

/** `plan`, `milestone:ID`, `step:ID/ID`, `criterion:ID`, `person:ID` or `document:REF`. */
export type Target = string;

interface On {
  readonly target: Target;
}

export interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly side: PersonFact["side"];
  readonly title?: string;
  readonly email?: string;
}

/** Days are ISO. `was` is what the page showed in the place of what is changed. */
export type Change =
  | (On & { readonly kind: "done"; readonly date: string })
  | (On & {
      readonly kind: "date";
      readonly date: string;
      readonly was: string | null;
      readonly reason?: string;
    })
  | (On & {
      readonly kind: "blocked";
      readonly by: string;
      readonly owner?: string;
      readonly since: string;
    })
  | (On & { readonly kind: "unblocked" })
  | (On & {
      readonly kind: "owner";
      readonly person: string;
      readonly was: string | null;
      readonly side?: PersonFact["side"];
    })
  | (On & { readonly kind: "person"; readonly person: NewPerson })
  | (On & {
      readonly kind: "step";
      readonly title: string;
      readonly owner?: string;
      readonly due?: string;
    })
  | (On & { readonly kind: "current"; readonly value: string; readonly was: string | null })
  | (On & { readonly kind: "comment" | "question"; readonly text: string })
  | (On & { readonly kind: "agree"; readonly digest: string });

export type Kind = Change["kind"];

/** Of these there can be several about one thing. */
const REPEATED = new Set<Kind>(["comment", "question", "step", "person"]);
/** Of two that contradict each other the later one counts. */
const AGAINST: Partial<Record<Kind, Kind>> = { blocked: "unblocked", unblocked: "blocked" };

/** The changes with one more, which takes the place of those that it makes pointless. */
export function withChange(changes: readonly Change[], added: Change): Change[] {
  return [...changes.filter((change) => !isReplaced(change, added)), added];
}

function isReplaced(change: Change, by: Change): boolean {
  if (change.target !== by.target || (change.kind === by.kind && REPEATED.has(by.kind))) {
    return false;
  }
  if (change.kind === "owner" && by.kind === "owner") {
    return change.side === by.side;
  }
  return change.kind === by.kind || change.kind === AGAINST[by.kind];
}

/** An id for a new person, from their name; none that is taken. Lower-case letters, digits and hyphens. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const base =
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40)
      .replace(/^-+|-+$/g, "")
      .replace(/^(?=\d)/, "p-") || "person";
  let id = base;
  for (let number = 2; taken.has(id); number += 1) {
    id = `${base}-${number}`;
  }
  return id;
}
