// The plan as the page holds it: what the browser needs of each milestone and step, read from their `data-` attributes.

import { type Day, parseDay } from "./days";

export type Side = "buyer" | "seller";

export interface Milestone {
  readonly anchor: string;
  readonly title: string;
  /** As in the plan: `not-started`, `in-progress`, `done`, `blocked`, `dropped`. */
  readonly state: string;
  readonly finish: Day | null;
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
  readonly milestones: readonly Milestone[];
}

/** Reads the plan from the opened page. */
export function readPlan(room: HTMLElement): Plan {
  return {
    goLive: parseDay(room.dataset["goLive"]),
    milestones: [...room.querySelectorAll<HTMLElement>("[data-milestone]")].map(readMilestone),
  };
}

/** Whether there is still something to do. */
export function isOpen(milestone: Milestone): boolean {
  return milestone.state !== "done" && milestone.state !== "dropped";
}

export function isOverdue(milestone: Milestone, today: Day): boolean {
  return isOpen(milestone) && milestone.finish !== null && milestone.finish < today;
}

function readMilestone(element: HTMLElement): Milestone {
  const { state, finish, buyer, seller } = element.dataset;
  return {
    anchor: element.id,
    title: textOf(element, "[data-title]"),
    state: state ?? "not-started",
    finish: parseDay(finish),
    owners: { ...(buyer && { buyer }), ...(seller && { seller }) },
    steps: [...element.querySelectorAll<HTMLElement>("[data-step]")].map(readStep),
  };
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
