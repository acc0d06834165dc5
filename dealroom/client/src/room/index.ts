// The behaviour of the opened page.

import type { RoomContext } from "../context";
import { startReplies } from "../reply";
import { startCalendar } from "./calendar_buttons";
import { startCopying } from "./copying";
import { type Day, dayOf } from "./days";
import { startFolding } from "./folding";
import { Timeline } from "./grouping";
import { startNews } from "./news";
import { Places } from "./places";
import { readPlan } from "./plan";
import { markReader } from "./reader";
import { paintDaysOff } from "./scale";
import { reachScrolling } from "./scrolling";
import { startSearch } from "./search";
import { Settling } from "./settling";
import { Spy } from "./spy";
import { paintTasks } from "./tasks";
import { Tip } from "./tip";
import { paintToday } from "./today";
import { type Wording, wordingOf } from "./wording";
import { Workdays } from "./workdays";

// How late a page may notice that midnight has passed. In milliseconds.
const A_MINUTE = 60_000;

/**
 * Starts what the page does by itself. `root` holds the page, `now` is the reader's clock; nothing outlives
 * `context.signal`.
 */
export function startRoom(
  root: HTMLElement,
  context: RoomContext,
  now: () => Date = () => new Date(),
): void {
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
    return;
  }
  const plan = readPlan(room);
  const workdays = Workdays.read(room.querySelector<HTMLElement>(".gantt"));
  let repaintReplies = () => {};
  keepToday(now, signal, (today) => {
    paintToday(room, plan, workdays, today, wording);
    paintTasks(room, plan, person, today, wording);
    repaintReplies();
  });
  markReader(room, person, wording);
  const timeline = new Timeline(room, plan, person, wording);
  const settling = new Settling(room);
  startPlaces(room, wording, signal, (target) => {
    timeline.reveal(target);
    settling.finish();
  });
  settling.start(signal);
  // What nobody can use in the first moment does not keep them from reading.
  later(signal, [
    () => paintDaysOff(room, workdays),
    () => startFolding(room, wording, signal),
    () => startCopying(room, wording, signal),
    () => new Tip(room, plan, workdays, wording, now).start(signal),
    () => timeline.start(signal),
    () => startCalendar(room, plan, context, wording, now),
    () => {
      repaintReplies = startReplies(room, plan, context, wording, now);
    },
  ]);
}

/** Moving about: places, the menu that follows, and the search that leads to them. */
function startPlaces(
  room: HTMLElement,
  wording: Wording,
  signal: AbortSignal,
  beforeReveal: (target: HTMLElement) => void,
): void {
  let changed = () => {};
  const places = new Places(room, () => changed(), beforeReveal);
  places.start(signal);
  const spy = new Spy(room, () => places.view);
  changed = () => {
    spy.schedule();
    reachScrolling(room);
  };
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

/** Paints for today, and again when it is another day: for a page that is left open, even on a wall. */
function keepToday(now: () => Date, signal: AbortSignal, paint: (today: Day) => void): void {
  let painted: Day | null = null;
  const check = () => {
    const today = dayOf(now());
    if (today !== painted) {
      painted = today;
      paint(today);
    }
  };
  check();
  document.addEventListener("visibilitychange", check, { signal });
  const timer = setInterval(check, A_MINUTE);
  signal.addEventListener("abort", () => clearInterval(timer));
}
