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
  readonly side: Side;
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
}

/** The open tasks in the order of their dates. `person` is the reader's id, or `null` for someone not in the plan. */
export function nextSteps(milestones: readonly Milestone[], person: string | null): NextSteps {
  const tasks = milestones.filter(isOpen).flatMap(tasksOf).sort(byDate);
  const isOwn = (task: Task) => person !== null && task.owner === person;
  const others = tasks.filter((task) => !isOwn(task));
  return {
    person: first(tasks.filter(isOwn), MOST_OWN),
    buyer: first(
      others.filter(({ side }) => side === "buyer"),
      MOST_OTHERS,
    ),
    seller: first(
      others.filter(({ side }) => side === "seller"),
      MOST_OTHERS,
    ),
  };
}

/** A milestone's open steps; when it has none, the milestone itself, for each side that answers for it. */
function tasksOf(milestone: Milestone): Task[] {
  const open = milestone.steps.filter((step) => !step.done);
  if (open.length > 0) {
    return open.flatMap((step) => taskOf(step, milestone));
  }
  return sidesOf(milestone).map((side) => ({
    anchor: milestone.anchor,
    title: milestone.title,
    milestone: null,
    due: milestone.finish,
    owner: milestone.owners[side] ?? null,
    side,
  }));
}

/** A step nobody is named for falls to those who answer for its milestone, the buyer's first. */
function taskOf(step: Step, milestone: Milestone): Task[] {
  const side = step.side ?? sidesOf(milestone)[0];
  if (side === undefined) {
    return [];
  }
  return [
    {
      anchor: step.anchor,
      title: step.title,
      milestone: milestone.title,
      due: step.due ?? milestone.finish,
      owner: step.owner ?? milestone.owners[side] ?? null,
      side,
    },
  ];
}

function sidesOf(milestone: Milestone): Side[] {
  return (["buyer", "seller"] as const).filter((side) => milestone.owners[side] !== undefined);
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
