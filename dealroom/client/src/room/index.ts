// The behaviour of the opened page.

import type { RoomContext } from "../context";
import { startCopying } from "./copying";
import { dayOf } from "./days";
import { startFolding } from "./folding";
import { Places } from "./places";
import { readPlan } from "./plan";
import { markReader } from "./reader";
import { reachScrolling } from "./scrolling";
import { Spy } from "./spy";
import { paintTasks } from "./tasks";
import { paintToday } from "./today";
import { Wording } from "./wording";

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
  for (const button of root.querySelectorAll("[data-action=lock]")) {
    button.addEventListener("click", context.onLock, { signal });
  }
  const room = root.querySelector<HTMLElement>("[data-texts]");
  if (!room) {
    return;
  }
  const texts = JSON.parse(room.dataset["texts"] ?? "{}") as Record<string, string>;
  const wording = new Wording(texts, room.lang);
  const plan = readPlan(room);
  const paint = () => {
    const today = dayOf(now());
    paintToday(room, plan, today, wording);
    paintTasks(room, plan, person, today, wording);
  };
  paint();
  // A page that was left open overnight is right again as soon as someone looks at it.
  document.addEventListener("visibilitychange", paint, { signal });
  markReader(room, person);
  startFolding(room, wording, signal);
  startCopying(room, wording, signal);
  let changed = () => {};
  const places = new Places(room, () => changed());
  places.start(signal);
  const spy = new Spy(room, () => places.view);
  changed = () => {
    spy.schedule();
    reachScrolling(room);
  };
  changed();
  addEventListener("resize", () => reachScrolling(room), { passive: true, signal });
  spy.start(signal);
}
