// What is to be done next: the reader's own first, then their company's, then the other's.

import type { Day } from "./days";
import { isOpen, type Milestone, type Side, type Step } from "./plan";

// A list that is read between two meetings: what does not fit is counted.
export const MOST_OWN = 5;
export const MOST_OTHERS = 3;

export interface Task {
  readonly anchor: string;
  readonly title: string;
  /** The milestone it belongs to; `null` when it is the milestone itself. */
  readonly milestone: string | null;
  readonly due: Day | null;
  readonly owner: string | null;
  /** `null` when nobody answers for it yet. */
  readonly side: Side | null;
}

export interface TaskList {
  readonly tasks: readonly Task[];
  /** How many more there are. */
  readonly more: number;
}

export interface NextSteps {
  readonly person: TaskList;
  readonly buyer: TaskList;
  readonly seller: TaskList;
  /** What nobody answers for yet. */
  readonly nobody: TaskList;
}

/** The open tasks in the order of their dates. `person` is the reader's id, or `null` for someone not in the plan. */
export function nextSteps(milestones: readonly Milestone[], person: string | null): NextSteps {
  const tasks = milestones.filter(isOpen).flatMap(tasksOf).sort(byDate);
  const isOwn = (task: Task) => person !== null && task.owner === person;
  const of = (side: Side | null) =>
    first(
      tasks.filter((task) => task.side === side && !isOwn(task)),
      MOST_OTHERS,
    );
  return {
    person: first(tasks.filter(isOwn), MOST_OWN),
    buyer: of("buyer"),
    seller: of("seller"),
    nobody: of(null),
  };
}

/** A milestone's open steps; when it has none, the milestone itself, for each side that answers for it. */
function tasksOf(milestone: Milestone): Task[] {
  const open = milestone.steps.filter((step) => !step.done);
  if (open.length > 0) {
    return open.map((step) => taskOf(step, milestone));
  }
  return sidesOf(milestone).map((side) => ({
    anchor: milestone.anchor,
    title: milestone.title,
    milestone: null,
    due: milestone.finish,
    owner: ownerOf(milestone, side),
    side,
  }));
}

/** A step nobody is named for falls to those who answer for its milestone, the buyer's first. */
function taskOf(step: Step, milestone: Milestone): Task {
  const side = step.side ?? sidesOf(milestone)[0] ?? null;
  return {
    anchor: step.anchor,
    title: step.title,
    milestone: milestone.title,
    due: step.due ?? milestone.finish,
    owner: step.owner ?? ownerOf(milestone, side),
    side,
  };
}

function sidesOf(milestone: Milestone): (Side | null)[] {
  const sides = (["buyer", "seller"] as const).filter((side) => milestone.owners[side]);
  return sides.length > 0 ? sides : [null];
}

function ownerOf(milestone: Milestone, side: Side | null): string | null {
  return (side && milestone.owners[side]) ?? null;
}

/** By date; what has none comes last. Equal ones keep the plan's order. */
function byDate(one: Task, other: Task): number {
  return (one.due ?? Number.POSITIVE_INFINITY) - (other.due ?? Number.POSITIVE_INFINITY) || 0;
}

function first(tasks: readonly Task[], most: number): TaskList {
  // "and 1 more" would take the line that the one itself needs.
  const shown = tasks.length === most + 1 ? tasks.length : most;
  return { tasks: tasks.slice(0, shown), more: Math.max(0, tasks.length - shown) };
}
