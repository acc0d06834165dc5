// How much room each open milestone has today, and which ones decide when the plan ends.
// The page has the two figures that slack follows from on any day (`schedule/slack.py` says how).

import type { Day } from "./days";
import { isOpen, type Milestone, type OpenWork, type Plan } from "./plan";
import type { Workdays } from "./workdays";

export interface Slack {
  /** Working days in hand; negative when the milestone comes too late for what follows. */
  readonly days: number;
  readonly isCritical: boolean;
  /** When it can be done as it stands, if that is too late. */
  readonly projected: Day | null;
}

/** The slack of the open milestones, by their anchors. */
export function slackOf(plan: Plan, today: Day, workdays: Workdays): ReadonlyMap<string, Slack> {
  const found = new Map<Milestone, number>();
  for (const milestone of plan.milestones) {
    if (isOpen(milestone) && milestone.work) {
      found.set(milestone, left(milestone.work, today, workdays));
    }
  }
  const critical = criticalOf(found);
  return new Map(
    [...found].map(([milestone, days]) => [
      milestone.anchor,
      {
        days,
        isCritical: critical.has(milestone),
        projected:
          days < 0 && milestone.latest !== null ? workdays.after(milestone.latest, -days) : null,
      },
    ]),
  );
}

/** Working days that work may slip. */
export function left(work: OpenWork, today: Day, workdays: Workdays): number {
  return Math.min(work.inHand ?? Number.POSITIVE_INFINITY, workdays.until(work.startBy, today));
}

/** What has the least slack up to go-live, or after it when all else is done, and what hangs on the same day. */
function criticalOf(slack: ReadonlyMap<Milestone, number>): ReadonlySet<Milestone> {
  const before = [...slack.keys()].filter(({ isAfterGoLive }) => !isAfterGoLive);
  const counted = before.length > 0 ? before : [...slack.keys()];
  const least = Math.min(...counted.map((milestone) => slack.get(milestone) ?? 0));
  const tight = counted.filter((milestone) => slack.get(milestone) === least);
  const days = new Set(tight.map(({ work }) => work?.startBy));
  return new Set(
    counted.filter(
      (milestone) => slack.get(milestone) === least || days.has(milestone.work?.startBy),
    ),
  );
}
