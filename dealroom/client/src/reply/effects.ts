// What a proposed date does to the plan, in words.

import { type Day, parseDay } from "../room/days";
import type { Desk } from "./desk";
import type { Item } from "./items";
import { type Move, projected, WorkCalendar, whatIf } from "./schedule";

// Of the milestones that move, so many are named. A phone has no room for more.
const MOST_NAMED = 4;

export interface Effect {
  /** Whether go-live moves, and which way; for a go-live date, whether the work fits. */
  readonly tone: "same" | "later" | "earlier";
  readonly text: string;
  /** Other milestones that move. */
  readonly moves: readonly string[];
}

/** What happens when the item gets this date, together with the other dates that are proposed in the tray. */
export function effectOf(desk: Desk, item: Item, day: Day): Effect {
  const { facts, today } = desk.parts;
  const before = supposed(desk, item);
  if (item.target === "plan") {
    const fits = projected(facts.network, today(), before);
    const text = desk.say("fits", { date: desk.date(fits) });
    return { tone: fits > day ? "later" : "same", text, moves: [] };
  }
  const id = item.element.closest<HTMLElement>("[data-milestone]")?.dataset["milestone"] ?? "";
  const suppose = new Map(before);
  // A step holds its milestone up only when it is done after that was to be.
  if (!item.step || day > (item.milestone?.finish ?? day)) {
    suppose.set(id, day);
  }
  const { goLive, moves } = whatIf(facts.network, today(), suppose, before);
  const others = [...moves].filter(([moved]) => moved !== id);
  return { ...goLiveEffect(desk, goLive), moves: named(desk, others) };
}

/** Whether somebody who works on the item is off on this day. */
export function isDayOff(desk: Desk, item: Item, day: Day): boolean {
  const { network } = desk.parts.facts;
  const id = item.element.closest<HTMLElement>("[data-milestone]")?.dataset["milestone"];
  const node = network.nodes.find((each) => each.id === id);
  return !new WorkCalendar(network).isWorking(day, node?.days ?? "both");
}

/** The dates of other milestones that are proposed already. */
function supposed(desk: Desk, item: Item): Map<string, Day> {
  const found = new Map<string, Day>();
  for (const change of desk.parts.drafts.contents.changes) {
    const id = /^milestone:(.*)$/.exec(change.target)?.[1];
    const day = change.kind === "date" ? parseDay(change.date) : null;
    if (id !== undefined && day !== null && change.target !== item.target) {
      found.set(id, day);
    }
  }
  return found;
}

function goLiveEffect(
  desk: Desk,
  { before, after, days }: Move & { readonly days: number },
): Pick<Effect, "tone" | "text"> {
  const date = desk.date(after);
  if (before === after) {
    return { tone: "same", text: desk.say("stays", { date }) };
  }
  const tone = after > before ? "later" : "earlier";
  return { tone, text: desk.count(tone, Math.abs(days)).replace("{date}", date) };
}

function named(desk: Desk, moves: readonly (readonly [string, Move])[]): string[] {
  if (moves.length === 0) {
    return [];
  }
  const { wording } = desk.parts;
  const lines = moves.slice(0, MOST_NAMED).map(([id, { before, after }]) => {
    const title = desk.titleOf(`milestone:${id}`);
    return `${title}: ${desk.date(before)} → ${desk.date(after)}`;
  });
  const more = moves.length - lines.length;
  return [
    desk.count("moves", moves.length),
    ...lines,
    ...(more > 0 ? [wording.count("more", more)] : []),
  ];
}
