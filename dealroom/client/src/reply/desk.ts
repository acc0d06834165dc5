// What all parts of answering share: the page, what is known of the plan, the drafts, and the words for them.

import type { Person } from "../context";
import { type Day, parseDay, toDate } from "../room/days";
import { DIGITS, knownLocale, type Wording } from "../room/wording";
import type { Change, Target } from "./changes";
import type { Drafts } from "./drafts";
import type { PersonFact, ReplyFacts } from "./facts";
import type { Item } from "./items";
import type { Sender } from "./seal";

export interface DeskParts {
  readonly room: HTMLElement;
  readonly facts: ReplyFacts;
  readonly items: ReadonlyMap<Target, Item>;
  readonly drafts: Drafts;
  readonly sender: Sender;
  readonly wording: Wording;
  readonly today: () => Day;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export class Desk {
  readonly lang: string;
  private long: Intl.DateTimeFormat | undefined;

  constructor(readonly parts: DeskParts) {
    this.lang = knownLocale(parts.room.lang);
  }

  get person(): Person {
    return this.parts.sender.person;
  }

  say(key: string, values: Readonly<Record<string, string>> = {}): string {
    const { wording, facts } = this.parts;
    return wording.say(`reply_${key}`, { seller: facts.seller, ...values });
  }

  count(key: string, number: number): string {
    return this.parts.wording.count(`reply_${key}`, number);
  }

  format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.lang, { ...DIGITS, ...options, timeZone: "UTC" });
  }

  /** `1 March 2027`. */
  date(day: Day): string {
    // Made when it is first wanted: it takes a phone a tenth of a second.
    this.long ??= this.format({ day: "numeric", month: "long", year: "numeric" });
    return this.long.format(toDate(day));
  }

  isoDate(iso: string): string {
    const day = parseDay(iso.slice(0, 10));
    return day === null ? "" : this.date(day);
  }

  /** The people of the plan, and those who are to be added. */
  get people(): readonly PersonFact[] {
    const added = this.parts.drafts.contents.changes.flatMap((change) =>
      change.kind === "person" ? [change.person] : [],
    );
    return [...this.parts.facts.people, ...added];
  }

  nameOf(id: string): string {
    return this.people.find((person) => person.id === id)?.name ?? id;
  }

  titleOf(target: Target): string {
    return target === "plan"
      ? this.say("the_plan")
      : (this.parts.items.get(target)?.title ?? target.replace(/^\w+:/, ""));
  }

  /** What a change asks for, in a line. */
  describe(change: Change): string {
    const key = `is_${change.kind}`;
    switch (change.kind) {
      case "done":
      case "date":
        return this.say(key, { date: this.isoDate(change.date) });
      case "blocked":
        return this.say(key, { text: change.by });
      case "owner":
        return this.say(key, { name: this.nameOf(change.person) });
      case "person":
        return this.say(key, { name: change.person.name });
      case "step":
        return this.say(key, { title: change.title });
      case "current":
        return this.say(key, { value: change.value });
      case "comment":
      case "question":
        return this.say(key, { text: change.text });
      case "unblocked":
        return this.say("unblocked");
      case "agree":
        return this.say(key);
    }
  }
}

export function isoOf(day: Day): string {
  return toDate(day).toISOString().slice(0, 10);
}
