// The behaviour of the opened page.

import type { RoomContext } from "../context";
import { Pace } from "../pace";
import { startReplies } from "../reply";
import { startCalendar } from "./calendar_buttons";
import { startCopying } from "./copying";
import { type Day, dayOf } from "./days";
import { startFolding } from "./folding";
import { Timeline } from "./grouping";
import { startNews } from "./news";
import { Places } from "./places";
import { type Plan, readPlan } from "./plan";
import { markReader } from "./reader";
import { paintDaysOff } from "./scale";
import { reachScrolling } from "./scrolling";
import { startSearch } from "./search";
import { Settling } from "./settling";
import { wearColours } from "./sides";
import { Spy } from "./spy";
import { paintTasks } from "./tasks";
import { Tip } from "./tip";
import { paintToday } from "./today";
import { type Wording, wordingOf } from "./wording";
import { Workdays } from "./workdays";

// How late a page may notice that midnight has passed. In milliseconds.
const A_MINUTE = 60_000;

/**
 * Prepares what the page does by itself, before it is shown. `root` holds the page, `now` is the reader's clock;
 * nothing outlives `context.signal`.
 */
export async function prepareRoom(
  root: HTMLElement,
  context: RoomContext,
  pace: Pace,
  now: () => Date = () => new Date(),
): Promise<PreparedRoom> {
  const { signal, person } = context;
  const room = root.querySelector<HTMLElement>("[data-texts]");
  const wording = room && wordingOf(room);
  if (room && wording) {
    // Before what locks: forgetting comes first.
    startNews(room, context, wording, now);
  }
  for (const button of root.querySelectorAll("[data-action=lock]")) {
    button.addEventListener("click", context.onLock, { signal });
  }
  if (!room || !wording) {
    return { settling: null, arrange: () => {}, start: () => {} };
  }
  await pace.breathe();
  const plan = await readPlan(room, pace);
  const workdays = Workdays.read(room.querySelector<HTMLElement>(".gantt"));
  const day: Painted = { today: dayOf(now()), repaintReplies: () => {} };
  await paintToday(room, plan, workdays, day.today, wording, pace);
  await pace.breathe();
  await paintTasks(room, plan, person, day.today, wording, pace);
  markReader(room, person, wording);
  await pace.breathe();
  wearColours(room, context.closed);
  paintDaysOff(room, workdays);
  await pace.breathe();
  const settling = new Settling(room);
  const timeline = new Timeline(room, plan, person, wording);
  const places = new Places(room, (target) => {
    timeline.reveal(target);
    settling.reach(target);
  });
  const prepared = { plan, workdays, wording, day, settling, timeline, places };
  return {
    settling,
    arrange: ({ again } = { again: false }) => {
      timeline.resume(signal);
      again ? places.resume() : places.arrive();
    },
    start: () => startRoom(room, prepared, context, now),
  };
}

/** The day that the page shows, and how replies are drawn again when it changes. */
interface Painted {
  today: Day;
  repaintReplies: () => void;
}

/** A page that is ready to be arranged as its reader is to find it, to be laid out, and then to be shown and started. */
export interface PreparedRoom {
  readonly settling: Settling | null;
  /** Shows the place that the address names; `again`, when the same page changed, what was shown before. */
  readonly arrange: (options?: { readonly again: boolean }) => void;
  readonly start: () => void;
}

interface Prepared {
  readonly settling: Settling;
  readonly plan: Plan;
  readonly workdays: Workdays;
  readonly wording: Wording;
  readonly day: Painted;
  readonly timeline: Timeline;
  readonly places: Places;
}

function startRoom(
  room: HTMLElement,
  { plan, workdays, wording, day, settling, timeline, places }: Prepared,
  context: RoomContext,
  now: () => Date,
): void {
  const { signal, person } = context;
  keepToday(now, signal, day, async () => {
    const pace = new Pace();
    await paintToday(room, plan, workdays, day.today, wording, pace);
    await paintTasks(room, plan, person, day.today, wording, pace);
    day.repaintReplies();
  });
  void settling.start(signal);
  // What nobody can use in the first moment does not keep them from reading.
  later(signal, [
    () => startPlaces(room, places, wording, signal),
    () => startFolding(room, wording, signal),
    () => startCopying(room, wording, signal),
    () => new Tip(room, plan, workdays, wording, now).start(signal),
    () => timeline.start(signal),
    () => startCalendar(room, plan, context, wording, now),
    () => {
      day.repaintReplies = startReplies(room, plan, context, wording, now);
    },
  ]);
}

/** Moving about: places, the menu that follows, and the search that leads to them. */
function startPlaces(
  room: HTMLElement,
  places: Places,
  wording: Wording,
  signal: AbortSignal,
): void {
  const spy = new Spy(room, () => places.view);
  const changed = () => {
    spy.schedule();
    // Where the frame lays the page out anyway.
    requestAnimationFrame(() => reachScrolling(room));
  };
  places.start(changed, signal);
  changed();
  addEventListener("resize", () => reachScrolling(room), { passive: true, signal });
  spy.start(signal);
  startSearch(room, wording, (place) => places.goTo(place.anchor, place.element), signal);
}

/** Each in a task of its own, so that none of them is felt. */
function later(signal: AbortSignal, tasks: readonly (() => void)[]): void {
  for (const task of tasks) {
    setTimeout(() => signal.aborted || task());
  }
}

/** Paints again when it is another day: for a page that is left open, even on a wall. */
function keepToday(now: () => Date, signal: AbortSignal, day: Painted, paint: () => void): void {
  const check = () => {
    const today = dayOf(now());
    if (today !== day.today) {
      day.today = today;
      paint();
    }
  };
  check();
  document.addEventListener("visibilitychange", check, { signal });
  const timer = setInterval(check, A_MINUTE);
  signal.addEventListener("abort", () => clearInterval(timer));
}
