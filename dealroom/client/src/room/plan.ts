// The plan as the page holds it: what the browser needs of each milestone and step, read from their `data-` attributes.

import type { Pace } from "../pace";
import { type Day, parseDay } from "./days";

export type Side = "buyer" | "seller";

/** What slack follows from on any day. */
export interface OpenWork {
  /** The last day on which what has not begun can begin. */
  readonly startBy: Day;
  /** Working days left by what has really happened; `null` while nothing has. */
  readonly inHand: number | null;
}

export interface Milestone {
  readonly anchor: string;
  readonly title: string;
  /** As in the plan: `not-started`, `in-progress`, `done`, `blocked`, `dropped`. */
  readonly state: string;
  readonly start: Day | null;
  readonly finish: Day | null;
  /** The last day on which it may finish; `null` when nothing is left to do. */
  readonly latest: Day | null;
  readonly isGoLive: boolean;
  readonly isAfterGoLive: boolean;
  readonly work: OpenWork | null;
  readonly owners: Readonly<Partial<Record<Side, string>>>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly anchor: string;
  readonly title: string;
  readonly done: boolean;
  readonly due: Day | null;
  readonly owner: string | null;
  readonly side: Side | null;
}

export interface Plan {
  readonly goLive: Day | null;
  /** What is left up to go-live; `null` when nothing is. */
  readonly work: OpenWork | null;
  readonly milestones: readonly Milestone[];
}

/** Reads the plan from the opened page, a milestone after the other. */
export async function readPlan(room: HTMLElement, pace: Pace): Promise<Plan> {
  const milestones: Milestone[] = [];
  for (const element of room.querySelectorAll<HTMLElement>("[data-milestone]")) {
    milestones.push(readMilestone(element));
    await pace.breathe();
  }
  return { goLive: parseDay(room.dataset["goLive"]), work: readWork(room), milestones };
}

/** Whether there is still something to do. */
export function isOpen(milestone: Milestone): boolean {
  return milestone.state !== "done" && milestone.state !== "dropped";
}

/** Whether it waits for something outside the plan, as its state or a note of it says. */
export function isBlocked(milestone: Milestone): boolean {
  return milestone.state === "blocked";
}

export function isOverdue(milestone: Milestone, today: Day): boolean {
  return isOpen(milestone) && milestone.finish !== null && milestone.finish < today;
}

function readMilestone(element: HTMLElement): Milestone {
  const { state, blocked, start, finish, latest, buyer, seller } = element.dataset;
  return {
    anchor: element.id,
    title: textOf(element, "[data-title]"),
    // What is written of a blocker counts, whatever the status says.
    state: blocked === undefined ? (state ?? "not-started") : "blocked",
    start: parseDay(start),
    finish: parseDay(finish),
    latest: parseDay(latest),
    isGoLive: element.dataset["isGoLive"] !== undefined,
    isAfterGoLive: element.dataset["afterGoLive"] !== undefined,
    work: readWork(element),
    owners: { ...(buyer && { buyer }), ...(seller && { seller }) },
    steps: [...element.querySelectorAll<HTMLElement>("[data-step]")].map(readStep),
  };
}

function readWork({ dataset }: HTMLElement): OpenWork | null {
  const startBy = parseDay(dataset["startBy"]);
  const inHand = Number.parseInt(dataset["inHand"] ?? "", 10);
  return startBy === null ? null : { startBy, inHand: Number.isNaN(inHand) ? null : inHand };
}

function readStep(element: HTMLElement): Step {
  const { due, owner, side } = element.dataset;
  return {
    anchor: element.id,
    title: textOf(element, ".step-title"),
    done: element.dataset["done"] !== undefined,
    due: parseDay(due),
    owner: owner ?? null,
    side: side === "buyer" || side === "seller" ? side : null,
  };
}

function textOf(element: HTMLElement, selector: string): string {
  return element.querySelector(selector)?.textContent?.trim() ?? "";
}
