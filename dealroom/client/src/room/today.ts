// All that depends on today: days left, what is overdue, the today line, where the plan stands.
// Painting again replaces what was painted before, so a page left open overnight can be brought up to date.

import type { Pace } from "../pace";
import { type Day, toDate } from "./days";
import { show } from "./dom";
import type { Plan } from "./plan";
import { paintRow } from "./rows";
import { paintLines } from "./scale";
import { slackOf } from "./slack";
import { type Standing, standing } from "./standing";
import type { Wording } from "./wording";
import type { Workdays } from "./workdays";

// Beyond two weeks a date says more than a number of days.
const NEAR = 14;

/** Marks the page for the day, a milestone after the other. */
export async function paintToday(
  room: HTMLElement,
  plan: Plan,
  workdays: Workdays,
  today: Day,
  wording: Wording,
  pace: Pace,
): Promise<void> {
  const slack = slackOf(plan, today, workdays);
  await pace.breathe();
  const now = standing(plan, today, slack, workdays);
  show(room.querySelector("[data-days-left]"), daysLeft(plan, now, today, wording));
  for (const milestone of plan.milestones) {
    const element = room.querySelector<HTMLElement>(`#${CSS.escape(milestone.anchor)}`);
    if (element) {
      paintRow(element, milestone, slack.get(milestone.anchor), today, wording);
      await pace.breathe();
    }
  }
  paintVerdict(room, now, wording);
  await pace.breathe();
  paintLines(room, today);
}

/** When something is due, as people say it; what is overdue says since when. */
export function dueText(due: Day | null, today: Day, wording: Wording): string {
  if (due === null) {
    return "";
  }
  const days = due - today;
  if (days < 0) {
    return wording.say("overdue_since", { date: wording.day(toDate(due)) });
  }
  if (days <= 1) {
    return wording.say(days === 0 ? "due_today" : "due_tomorrow");
  }
  return days <= NEAR ? wording.count("due_in", days) : wording.day(toDate(due));
}

function daysLeft({ goLive }: Plan, now: Standing | null, today: Day, wording: Wording): string {
  if (goLive === null) {
    return "";
  }
  const days = goLive - today;
  if (days > 0) {
    return wording.count("days_left", days);
  }
  if (days === 0) {
    return wording.say("go_live_today");
  }
  return wording.count(now?.verdict === "live" ? "live_since" : "passed", -days);
}

function paintVerdict(room: HTMLElement, now: Standing | null, wording: Wording): void {
  const element = room.querySelector<HTMLElement>("[data-verdict]");
  if (!element) {
    return;
  }
  element.hidden = now === null;
  if (now === null) {
    return;
  }
  element.dataset["verdict"] = now.verdict;
  show(element.querySelector("[data-verdict-word]"), wording.say(now.verdict));
  show(element.querySelector("[data-verdict-why]"), reasons(now, wording));
}

function reasons(now: Standing, wording: Wording): string {
  if (now.verdict === "live") {
    return wording.say("live_why");
  }
  const found = [
    now.hasPassed ? wording.say("go_live_passed") : "",
    now.slips > 0 && !now.hasPassed ? wording.count("slips", now.slips) : "",
    now.overdue > 0 ? wording.count("overdue_milestones", now.overdue) : "",
    now.blocked > 0 ? wording.count("blocked_milestones", now.blocked) : "",
    now.short > 0 ? wording.count("short_milestones", now.short) : "",
  ].filter(Boolean);
  return found.length > 0 ? found.join(" ") : wording.say(`${now.verdict}_why`);
}
