// The forward pass over what the page knows: what another date does to the later ones. `schedule/forward.py` and
// `schedule/what_if.py` do the same, and both are held to tests/vectors/what_if.json.

import type { Day } from "../room/days";
import type { Network, Node, Whose } from "./facts";

// 1970-01-01 was a Thursday; days since then, modulo 7, that are Saturday and Sunday.
const WEEKEND = [2, 3];
const WEEK = 7;
// Where nobody works any more, as under a shutdown without an end, a day is not sought for longer. In days.
const FARTHEST = 40_000;

export interface Move {
  readonly before: Day;
  readonly after: Day;
}

export interface WhatIf {
  /** The buyer's date, or the projected one where that is later. */
  readonly goLive: Move & { readonly days: number };
  /** Milestones whose expected end moves, by id and in the network's order. */
  readonly moves: ReadonlyMap<string, Move>;
}

interface Earliest {
  readonly start: Day;
  readonly finish: Day;
}

/** The working days of both sides. Outside of what the page knows, they are Monday to Friday. */
export class WorkCalendar {
  constructor(private readonly network: Network) {}

  isWorking(day: Day, whose: Whose): boolean {
    const at = day - this.network.first;
    const buyer = this.network.buyer[at];
    const seller = this.network.seller[at];
    if (buyer === undefined || seller === undefined) {
      return !WEEKEND.includes(((day % WEEK) + WEEK) % WEEK);
    }
    return (whose === "seller" || buyer === "1") && (whose === "buyer" || seller === "1");
  }

  onOrAfter(day: Day, whose: Whose): Day {
    return this.step(day, 1, 1, whose);
  }

  after(day: Day, whose: Whose): Day {
    return this.step(day + 1, 1, 1, whose);
  }

  /** The last of `takes` working days from `start` on. */
  finish(start: Day, takes: number, whose: Whose): Day {
    return this.step(start, takes, 1, whose);
  }

  /** The first of `takes` working days that end with `finish`. */
  start(finish: Day, takes: number, whose: Whose): Day {
    return this.step(finish, takes, -1, whose);
  }

  /** Working days after `from`, up to and including `to`; negative when `to` is the earlier. */
  between(from: Day, to: Day, whose: Whose): number {
    let count = 0;
    for (let day = Math.min(from, to) + 1; day <= Math.max(from, to); day += 1) {
      count += this.isWorking(day, whose) ? 1 : 0;
    }
    return from <= to ? count : -count;
  }

  private step(from: Day, count: number, way: 1 | -1, whose: Whose): Day {
    let day = from;
    for (let left = count, sought = 0; sought < FARTHEST; sought += 1, day += way) {
      left -= this.isWorking(day, whose) ? 1 : 0;
      if (left === 0) {
        return day;
      }
    }
    return day;
  }
}

/** What moves when open milestones finish on the days of `suppose`, compared with those of `before`. */
export function whatIf(
  network: Network,
  today: Day,
  suppose: ReadonlyMap<string, Day>,
  before: ReadonlyMap<string, Day> = new Map(),
): WhatIf {
  const calendar = new WorkCalendar(network);
  const was = expected(network, calendar, today, before);
  const now = expected(network, calendar, today, suppose);
  const moves = new Map<string, Move>();
  for (const { id, state } of network.nodes) {
    const move = { before: was.finishes.get(id) ?? 0, after: now.finishes.get(id) ?? 0 };
    if (state !== "dropped" && move.before !== move.after) {
      moves.set(id, move);
    }
  }
  const days = calendar.between(was.goLive, now.goLive, "both");
  return { goLive: { before: was.goLive, after: now.goLive, days }, moves };
}

/** The day on which all up to go-live can be done as it stands. */
export function projected(network: Network, today: Day, suppose: ReadonlyMap<string, Day>): Day {
  return project(network, forward(network, new WorkCalendar(network), today, suppose));
}

function expected(
  network: Network,
  calendar: WorkCalendar,
  today: Day,
  suppose: ReadonlyMap<string, Day>,
): { goLive: Day; finishes: ReadonlyMap<string, Day> } {
  const earliest = forward(network, calendar, today, suppose);
  const finishes = new Map<string, Day>();
  for (const node of network.nodes) {
    const found = earliest.get(node.id)?.finish ?? today;
    const supposed = isOpen(node) ? suppose.get(node.id) : undefined;
    const planned = isOpen(node) ? Math.max(node.finish ?? found, found) : found;
    finishes.set(node.id, supposed ?? planned);
  }
  return { goLive: Math.max(network.goLive, project(network, earliest)), finishes };
}

function project(network: Network, earliest: ReadonlyMap<string, Earliest>): Day {
  const live = network.nodes.find(({ id }) => id === network.milestone);
  if (live?.state === "done") {
    return earliest.get(live.id)?.finish ?? network.goLive;
  }
  const counted = network.nodes.filter((node) => node.state !== "dropped" && !node.isAfterGoLive);
  const finishes = counted.map(({ id }) => earliest.get(id)?.finish ?? network.goLive);
  return finishes.length > 0 ? Math.max(...finishes) : network.goLive;
}

function forward(
  { nodes }: Network,
  calendar: WorkCalendar,
  today: Day,
  suppose: ReadonlyMap<string, Day>,
): Map<string, Earliest> {
  const earliest = new Map<string, Earliest>();
  // The day on which all that a milestone stands for is finished: of a dropped one, that of those before it.
  const reached = new Map<string, Day | null>();
  for (const node of nodes) {
    const days = node.after.map((id) => reached.get(id) ?? null).filter((day) => day !== null);
    const before = days.length > 0 ? Math.max(...days) : null;
    let found = soonest(node, calendar, today, before);
    const supposed = isOpen(node) ? suppose.get(node.id) : undefined;
    if (supposed !== undefined) {
      const start = calendar.start(supposed, node.takes, node.days);
      found = { start: Math.min(found.start, start), finish: supposed };
    }
    earliest.set(node.id, found);
    reached.set(node.id, node.state === "dropped" ? before : found.finish);
  }
  return earliest;
}

function soonest(node: Node, calendar: WorkCalendar, today: Day, before: Day | null): Earliest {
  const { takes, days } = node;
  if (node.state === "done") {
    const finish = node.done ?? Math.min(node.finish ?? today, today);
    return { start: node.started ?? calendar.start(finish, takes, days), finish };
  }
  if (isOpen(node) && (node.started !== null || node.state === "in-progress")) {
    const start = node.started ?? Math.min(node.start ?? today, today);
    const finish = calendar.finish(start, takes, days);
    return { start, finish: Math.max(finish, calendar.onOrAfter(today, days)) };
  }
  const start =
    before === null || before < today
      ? calendar.onOrAfter(today, days)
      : calendar.after(before, days);
  return { start, finish: calendar.finish(start, takes, days) };
}

function isOpen({ state }: Node): boolean {
  return state !== "done" && state !== "dropped";
}
