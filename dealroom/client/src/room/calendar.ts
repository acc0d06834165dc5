// The plan's dates as a calendar file (RFC 5545), made here from what the page holds: it needs no network, and nothing
// of it is ever outside the sealed room. `dealroom.exchange.ics` writes the same events.

import type { Day } from "./days";
import { toDate } from "./days";
import type { Milestone, Plan, Step } from "./plan";

/** A day in the plan; `id` is unique in its room and never changes. */
export interface Entry {
  readonly id: string;
  readonly day: Day;
  readonly title: string;
  readonly notes: readonly string[];
  /** A milestone that was dropped: taking the file in again removes it. */
  readonly cancelled: boolean;
}

/** How an entry is worded, in the page's language. */
export interface EntryWords {
  readonly goLive: (title: string) => string;
  readonly done: (title: string) => string;
  readonly stepOf: (title: string) => string;
  readonly owners: (people: readonly string[]) => string;
  readonly nameOf: (person: string) => string;
}

export interface CalendarFacts {
  /** The room's id, by which events of two rooms never meet. */
  readonly room: string;
  readonly name: string;
  /** Where a place in the room is; `null` when the page has no address that others could open. */
  readonly addressOf: (anchor: string) => string | null;
  /** When the file is made: what a calendar already has and is older gives way to it. */
  readonly stamp: Date;
}

const GO_LIVE = "go-live";

// RFC 5545, section 3.1: no line is longer, in octets without its end.
const LINE = 75;

// A revision's number has to grow from one file to the next: minutes since this one leave room for 4,000 years.
const FIRST_REVISION = Date.UTC(2020, 0, 1);
const MINUTE = 60_000;

/** The plan's dates; with a `person`, those of the steps and milestones they answer for, and go-live. */
export function entriesOf(
  plan: Plan,
  title: string,
  words: EntryWords,
  person: string | null = null,
): Entry[] {
  const entries: Entry[] = [];
  if (plan.goLive !== null) {
    const entry = { day: plan.goLive, title: words.goLive(title), notes: [], cancelled: false };
    entries.push({ id: GO_LIVE, ...entry });
  }
  return entries.concat(plan.milestones.flatMap((each) => ofWork(each, words, person)));
}

/** A milestone and its steps, as far as the person answers for them. */
function ofWork(milestone: Milestone, words: EntryWords, person: string | null): Entry[] {
  const entries: Entry[] = [];
  const own = person === null || Object.values(milestone.owners).some((owner) => owner === person);
  if (own && milestone.finish !== null && !milestone.isGoLive) {
    entries.push(ofMilestone(milestone, milestone.finish, words));
  }
  for (const step of milestone.steps) {
    // What has no day of its own is due with its milestone, which an owner of that has already.
    const day = step.due ?? (own ? null : milestone.finish);
    if (day !== null && (person === null || step.owner === person)) {
      entries.push(ofStep(step, day, milestone, words));
    }
  }
  return entries;
}

function ofMilestone(milestone: Milestone, day: Day, words: EntryWords): Entry {
  const owners = Object.values(milestone.owners).map(words.nameOf).filter(Boolean);
  return {
    id: milestone.anchor,
    day,
    title: milestone.state === "done" ? words.done(milestone.title) : milestone.title,
    notes: owners.length > 0 ? [words.owners(owners)] : [],
    cancelled: milestone.state === "dropped",
  };
}

function ofStep(step: Step, day: Day, milestone: Milestone, words: EntryWords): Entry {
  const owner = step.owner === null ? "" : words.nameOf(step.owner);
  return {
    id: step.anchor,
    day,
    title: step.done ? words.done(step.title) : step.title,
    notes: [words.stepOf(milestone.title), ...(owner ? [words.owners([owner])] : [])],
    cancelled: milestone.state === "dropped",
  };
}

/** The entries as a file: all-day events which replace those of an earlier file. */
export function writeCalendar(entries: readonly Entry[], facts: CalendarFacts): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//dealroom//dealroom//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `X-WR-CALNAME:${escapeText(facts.name)}`,
    ...entries.flatMap((entry) => writeEvent(entry, facts)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function writeEvent(entry: Entry, { room, name, addressOf, stamp }: CalendarFacts): string[] {
  const address = addressOf(entry.id);
  const notes = [name, ...entry.notes, ...(address === null ? [] : [address])];
  const made = compact(stamp.toISOString().replace(/\.\d+/, ""));
  return [
    "BEGIN:VEVENT",
    `UID:${entry.id}@${room}`,
    `DTSTAMP:${made}`,
    `LAST-MODIFIED:${made}`,
    `SEQUENCE:${Math.floor((stamp.getTime() - FIRST_REVISION) / MINUTE)}`,
    `DTSTART;VALUE=DATE:${date(entry.day)}`,
    // The end is the first day after.
    `DTEND;VALUE=DATE:${date(entry.day + 1)}`,
    `SUMMARY:${escapeText(entry.title)}`,
    `DESCRIPTION:${escapeText(notes.join("\n"))}`,
    ...(address === null ? [] : [`URL:${address}`]),
    `STATUS:${entry.cancelled ? "CANCELLED" : "CONFIRMED"}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function date(day: Day): string {
  return compact(toDate(day).toISOString().slice(0, 10));
}

function compact(iso: string): string {
  return iso.replace(/[-:]/g, "");
}

/** RFC 5545, section 3.3.11. Control characters are not allowed in a text at all. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\p{Cc}/gu, "");
}

/** A line in pieces of at most 75 octets, of which the later ones start with a space. No character is cut in two. */
export function fold(line: string): string {
  let folded = "";
  let size = 0;
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length;
    if (size + octets > LINE) {
      folded += "\r\n ";
      size = 1;
    }
    folded += character;
    size += octets;
  }
  return folded;
}
