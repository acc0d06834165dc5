// Where the plan stands today, in one word and its reasons.

import type { Day } from "./days";
import { isBlocked, isOpen, isOverdue, type Milestone, type Plan } from "./plan";
import { left, type Slack } from "./slack";
import type { Workdays } from "./workdays";

// A milestone that is overdue for a week is no slip of a few days any more. In days.
const LATE_AFTER = 7;

export interface Standing {
  readonly verdict: "live" | "on_track" | "at_risk" | "late";
  /** How many milestones are past their date, are blocked, and have less time left than they need. */
  readonly overdue: number;
  readonly blocked: number;
  readonly short: number;
  /** Working days by which go-live comes too late as it stands. */
  readonly slips: number;
  readonly hasPassed: boolean;
}

/** How the plan stands on `today`; `null` for one without milestones that count. */
export function standing(
  plan: Plan,
  today: Day,
  slack: ReadonlyMap<string, Slack>,
  workdays: Workdays,
): Standing | null {
  const counted = plan.milestones.filter((milestone) => milestone.state !== "dropped");
  if (counted.length === 0) {
    return null;
  }
  const overdue = counted.filter((milestone) => isOverdue(milestone, today));
  const short = counted.filter(
    (milestone) =>
      !(milestone.isAfterGoLive || isOverdue(milestone, today)) && isShort(milestone, slack),
  );
  const found = {
    overdue: overdue.length,
    blocked: counted.filter(isBlocked).length,
    short: short.length,
    slips: Math.max(0, -(plan.work ? left(plan.work, today, workdays) : 0)),
    hasPassed: plan.goLive !== null && today > plan.goLive,
  };
  const longest = Math.max(0, ...overdue.map(({ finish }) => today - (finish ?? today)));
  return { verdict: isLive(counted) ? "live" : verdict(found, longest), ...found };
}

/** Whether an open milestone comes too late for what follows, as it stands. */
export function isShort(milestone: Milestone, slack: ReadonlyMap<string, Slack>): boolean {
  return (slack.get(milestone.anchor)?.days ?? 0) < 0;
}

/** The milestone that is the go-live is done; in a plan that names none, every milestone is. */
function isLive(milestones: readonly Milestone[]): boolean {
  const goLive = milestones.find((milestone) => milestone.isGoLive);
  return goLive ? goLive.state === "done" : !milestones.some(isOpen);
}

function verdict(
  { overdue, blocked, short, slips, hasPassed }: Omit<Standing, "verdict">,
  longestOverdue: number,
): Standing["verdict"] {
  if (longestOverdue >= LATE_AFTER || slips > 0 || hasPassed) {
    return "late";
  }
  return overdue > 0 || blocked > 0 || short > 0 ? "at_risk" : "on_track";
}
