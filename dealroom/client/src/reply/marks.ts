// What is pending, sent or answered, shown where it belongs on the page.

import { type Day, parseDay } from "../room/days";
import { icon, make } from "../room/dom";
import type { Answer } from "./answers";
import type { Change, Target } from "./changes";
import type { Desk } from "./desk";
import type { Sent } from "./drafts";
import type { Item } from "./items";
import { placed } from "./placing";

// An answer is news for a month; the list of what was sent keeps it. In days.
const NEWS = 30;

export type State = "pending" | "sent" | Answer["answer"];

/** One change with what has become of it. `on` is the day of that, ISO. */
export interface Entry {
  readonly target: Target;
  readonly state: State;
  readonly text: string;
  readonly on: string;
  readonly answer?: Answer;
  readonly change?: Change;
}

/** One reply that was sent, with what has become of its parts. */
export interface Told {
  readonly id: string;
  readonly on: string;
  readonly entries: readonly Entry[];
  /** What this device knows of it; a reply from another device is known by its answers only. */
  readonly sent?: Sent;
}

const ICONS: Readonly<Record<State, string>> = {
  pending: "edit",
  sent: "waiting",
  accepted: "done",
  changed: "done",
  declined: "dropped",
};

/** Every reply that was sent, the newest first. */
export function toldOf(desk: Desk, answers: readonly Answer[]): readonly Told[] {
  const byReply = new Map<string, Map<number, Answer>>();
  for (const answer of answers) {
    const found = byReply.get(answer.reply) ?? new Map<number, Answer>();
    byReply.set(answer.reply, found.set(answer.change, answer));
  }
  const known = desk.parts.drafts.contents.sent.map((sent): Told => {
    const found = byReply.get(sent.id) ?? new Map<number, Answer>();
    byReply.delete(sent.id);
    return { id: sent.id, on: sent.at.slice(0, 10), entries: entriesOf(desk, sent, found), sent };
  });
  const others = [...byReply].map(([id, found]): Told => {
    const all = [...found.values()].sort((one, other) => one.change - other.change);
    const entries = all.map((answer) => answered(answer, answer.asked));
    return { id, on: all[0]?.sent ?? "", entries };
  });
  return [...known, ...others].sort((one, other) => (one.on < other.on ? 1 : -1));
}

function entriesOf(desk: Desk, sent: Sent, answers: ReadonlyMap<number, Answer>): Entry[] {
  const parts: [number, Target, string][] = sent.changes.map((change, index) => [
    index + 1,
    change.target,
    desk.describe(change),
  ]);
  if (sent.note) {
    parts.unshift([0, "plan", desk.say("is_note", { text: sent.note })]);
  }
  return parts.map(([number, target, text]) => {
    const answer = answers.get(number);
    return answer
      ? answered(answer, text)
      : { target, text, state: "sent", on: sent.at.slice(0, 10) };
  });
}

function answered(answer: Answer, text: string): Entry {
  return { target: answer.target, text, state: answer.answer, on: answer.on, answer };
}

/** What is to be seen on the page by its target: what is pending, what waits for an answer, and recent answers. */
export function entriesByTarget(
  desk: Desk,
  told: readonly Told[],
  today: Day,
): ReadonlyMap<Target, readonly Entry[]> {
  const recent = ({ state, on }: Entry) => state === "sent" || today - (parseDay(on) ?? 0) <= NEWS;
  const pending = desk.parts.drafts.contents.changes.map(
    (change): Entry => ({
      target: change.target,
      text: desk.describe(change),
      state: "pending",
      on: "",
      change,
    }),
  );
  const found = new Map<Target, Entry[]>();
  for (const entry of [...pending, ...told.flatMap(({ entries }) => entries).filter(recent)]) {
    found.set(entry.target, [...(found.get(entry.target) ?? []), entry]);
  }
  return found;
}

/** A line that says what has become of a change. */
export function entryLine(desk: Desk, entry: Entry, ...more: readonly Node[]): HTMLElement {
  const { state, text, answer } = entry;
  const words = make("p", "mark-text", text);
  const about = make("p", "mark-state", stateText(desk, entry));
  const said = answer?.words
    ? [make("p", "mark-words", `${desk.parts.facts.seller}: “${answer.words}”`)]
    : [];
  const instead = answer?.now
    ? [make("p", "", desk.say("instead", { value: desk.isoDate(answer.now) || answer.now }))]
    : [];
  const line = make(
    "div",
    "mark",
    icon(ICONS[state]),
    make("div", "", words, about, ...instead, ...said),
  );
  line.dataset["state"] = state;
  line.append(...more);
  return line;
}

export function stateText(desk: Desk, { state, on }: Entry): string {
  const date = desk.isoDate(on);
  return state === "sent" ? desk.say("sent_on", { date }) : desk.say(state, { date });
}

/** Shows an item's entries in its place. */
export function markItem(desk: Desk, item: Item, entries: readonly Entry[]): void {
  const place = placeOf(item);
  if (!place) {
    return;
  }
  const shown = place.querySelector<HTMLElement>(":scope > .marks");
  if (!shown && entries.length === 0) {
    return;
  }
  const box = shown ?? placed(make("div", "marks"));
  box.replaceChildren(...entries.map((entry) => entryLine(desk, entry)));
  box.hidden = entries.length === 0;
  if (entries.length > 0 && !box.isConnected) {
    item.milestone && !item.step ? place.prepend(box) : place.append(box);
  }
  markSummary(desk, item, entries);
}

function placeOf({ element, milestone, step, target }: Item): HTMLElement | null {
  if (target === "plan") {
    return element.querySelector<HTMLElement>("[data-reply-plan-marks]");
  }
  if (target.startsWith("person:")) {
    return element.querySelector<HTMLElement>(".person-text");
  }
  return milestone && !step ? element.querySelector<HTMLElement>(".milestone-body") : element;
}

/** A milestone that is folded says so too, for its steps as well. */
function markSummary(
  desk: Desk,
  { element, milestone, step }: Item,
  entries: readonly Entry[],
): void {
  const badges = milestone && !step ? element.querySelector<HTMLElement>(".badges") : null;
  badges?.querySelector(".badge-reply")?.remove();
  const latest = entries[0];
  if (badges && latest) {
    const badge = placed(
      make("span", "badge badge-reply", icon(ICONS[latest.state]), stateText(desk, latest)),
    );
    badge.dataset["state"] = latest.state;
    badges.append(badge);
  }
}
