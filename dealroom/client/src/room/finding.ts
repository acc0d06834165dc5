// Finding what the reader types among everything that the page holds.

import { fold, foldedOf } from "./folded";

// So many of a kind fit a phone's screen together; who looks for more types more. The order is that of the list.
const MOST_OF_A_KIND = 6;

// Characters before a match that are shown with it.
const BEFORE = 40;
const AFTER = 90;

export type Kind =
  | "milestones"
  | "steps"
  | "criteria"
  | "people"
  | "documents"
  | "pages"
  | "history";

export interface Entry {
  readonly kind: Kind;
  readonly title: string;
  /** Where it stands: a step's milestone, a heading's page. */
  readonly within: string;
  /** Everything else that is read there. */
  readonly text: string;
}

/** Pieces of a text; every second one, from the second on, is a match. */
export type Marked = readonly string[];

export interface Found<E extends Entry> {
  readonly entry: E;
  readonly title: Marked;
  readonly excerpt: Marked;
}

interface Indexed<E extends Entry> {
  readonly entry: E;
  readonly title: string;
  readonly all: string;
}

export class Finder<E extends Entry> {
  private readonly indexed: readonly Indexed<E>[];

  constructor(entries: readonly E[]) {
    this.indexed = entries.map((entry) => {
      const title = fold(entry.title);
      return { entry, title, all: `${title}\n${fold(entry.within)}\n${fold(entry.text)}` };
    });
  }

  /** What holds every word of the query, the best of each kind first. */
  find(query: string): Found<E>[] {
    const words = fold(query).split(/\s+/u).filter(Boolean);
    if (words.length === 0) {
      return [];
    }
    const ranked = this.indexed
      .filter(({ all }) => words.every((word) => all.includes(word)))
      .map((indexed) => ({ ...indexed, rank: rank(indexed.title, words) }));
    // Sorting keeps the page's order among equals.
    ranked.sort((one, other) => one.rank - other.rank);
    const counts = new Map<Kind, number>();
    return ranked
      .filter(({ entry: { kind } }) => {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return (counts.get(kind) ?? 0) <= MOST_OF_A_KIND;
      })
      .map(({ entry }) => ({
        entry,
        title: marked(entry.title, words),
        excerpt: excerpt(entry.text, words),
      }));
  }
}

/** 0 when the title begins with the query, 1 when its words do, 2 when they are in it, 3 when they are elsewhere. */
function rank(title: string, words: readonly string[]): number {
  if (title.startsWith(words.join(" "))) {
    return 0;
  }
  if (words.every((word) => title.startsWith(word) || title.includes(` ${word}`))) {
    return 1;
  }
  return words.every((word) => title.includes(word)) ? 2 : 3;
}

/** The text with every occurrence of the words apart. */
export function marked(original: string, words: readonly string[]): Marked {
  const { text, from, to } = foldedOf(original);
  const pieces: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length; ) {
    const word = words.find((one) => text.startsWith(one, at));
    const [start, end] = [from[at] ?? 0, to[at + (word?.length ?? 1) - 1] ?? 0];
    if (word && start >= done) {
      pieces.push(original.slice(done, start), original.slice(start, end));
      done = end;
    }
    at += word?.length ?? 1;
  }
  return [...pieces, original.slice(done)];
}

/** What stands around the first match; nothing without one. */
function excerpt(original: string, words: readonly string[]): Marked {
  const { text, from } = foldedOf(original);
  const places = words.map((word) => text.indexOf(word)).filter((at) => at >= 0);
  if (places.length === 0) {
    return [];
  }
  const at = from[Math.min(...places)] ?? 0;
  const [start, end] = [Math.max(0, at - BEFORE), Math.min(original.length, at + AFTER)];
  const piece = `${start > 0 ? "…" : ""}${original.slice(start, end)}${end < original.length ? "…" : ""}`;
  return marked(piece, words);
}
