// Where the plan stands today, in one word and its reason.

import type { Day } from "./days";
import { isOpen, isOverdue, type Milestone } from "./plan";

// A milestone that is overdue for a week is no slip of a few days any more. In days.
const LATE_AFTER = 7;

export interface Standing {
  readonly verdict: "live" | "on_track" | "at_risk" | "late";
  readonly overdue: number;
  readonly blocked: number;
}

/** How the milestones stand on `today`; `null` for a plan without any that count. */
export function standing(milestones: readonly Milestone[], today: Day): Standing | null {
  const counted = milestones.filter((milestone) => milestone.state !== "dropped");
  if (counted.length === 0) {
    return null;
  }
  const overdue = counted.filter((milestone) => isOverdue(milestone, today));
  const blocked = counted.filter((milestone) => milestone.state === "blocked").length;
  const longest = Math.max(0, ...overdue.map(({ finish }) => today - (finish ?? today)));
  return { verdict: verdict(counted, longest, blocked), overdue: overdue.length, blocked };
}

function verdict(
  milestones: readonly Milestone[],
  longestOverdue: number,
  blocked: number,
): Standing["verdict"] {
  if (!milestones.some(isOpen)) {
    return "live";
  }
  if (longestOverdue >= LATE_AFTER) {
    return "late";
  }
  return longestOverdue > 0 || blocked > 0 ? "at_risk" : "on_track";
}
