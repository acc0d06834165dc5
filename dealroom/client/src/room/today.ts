// All that depends on today: days left, what is overdue, the today line, where the plan stands.
// Painting again replaces what was painted before, so a page left open overnight can be brought up to date.

import { type Day, parseDay, toDate } from "./days";
import { show } from "./dom";
import { isOverdue, type Milestone, type Plan } from "./plan";
import { type Standing, standing } from "./standing";
import type { Wording } from "./wording";

// As near as this (in percent of the timeline) to the word "Go-live", the word "Today" would cover it.
const LABEL_WIDTH = 9;

// Beyond two weeks a date says more than a number of days.
const NEAR = 14;

/** Marks the page for the day. */
export function paintToday(room: HTMLElement, plan: Plan, today: Day, wording: Wording): void {
  show(room.querySelector("[data-days-left]"), daysLeft(plan, today, wording));
  for (const milestone of plan.milestones) {
    paintMilestone(room, milestone, today, wording);
  }
  paintVerdict(room, standing(plan.milestones, today), wording);
  paintLine(room, today);
}

/** When something is due, as people say it. */
export function dueText(due: Day | null, today: Day, wording: Wording): string {
  if (due === null) {
    return "";
  }
  const days = due - today;
  if (days < 0) {
    return wording.count("overdue", -days);
  }
  if (days <= 1) {
    return wording.say(days === 0 ? "due_today" : "due_tomorrow");
  }
  return days <= NEAR ? wording.count("due_in", days) : wording.day(toDate(due));
}

function daysLeft({ goLive, milestones }: Plan, today: Day, wording: Wording): string {
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
  const isLive = standing(milestones, today)?.verdict === "live";
  return wording.count(isLive ? "live_since" : "passed", -days);
}

function paintMilestone(
  room: HTMLElement,
  milestone: Milestone,
  today: Day,
  wording: Wording,
): void {
  const element = room.querySelector<HTMLElement>(`#${CSS.escape(milestone.anchor)}`);
  if (!element) {
    return;
  }
  const overdue = isOverdue(milestone, today);
  element.classList.toggle("is-overdue", overdue);
  const late = overdue ? wording.count("overdue", today - (milestone.finish ?? today)) : "";
  show(element.querySelector("[data-overdue]"), late);
  if (milestone.state !== "blocked") {
    const shape = overdue ? "overdue" : milestone.state;
    element.querySelector("[data-state-icon] use")?.setAttribute("href", `#icon-${shape}`);
  }
  for (const step of milestone.steps) {
    const line = element.querySelector(`#${CSS.escape(step.anchor)}`);
    line?.classList.toggle("is-overdue", !step.done && step.due !== null && step.due < today);
  }
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
  const reasons = [
    now.overdue > 0 ? wording.count("overdue_milestones", now.overdue) : "",
    now.blocked > 0 ? wording.count("blocked_milestones", now.blocked) : "",
  ].filter(Boolean);
  const why = reasons.length > 0 ? reasons.join(" ") : wording.say(`${now.verdict}_why`);
  show(element.querySelector("[data-verdict-why]"), why);
}

/** Puts the today line in the middle of its day; a day off the scale has none. */
function paintLine(room: HTMLElement, today: Day): void {
  const { first, last } = room.querySelector<HTMLElement>("[data-first]")?.dataset ?? {};
  const [from, to] = [parseDay(first), parseDay(last)];
  const line = room.querySelector<SVGElement>("[data-today]");
  const label = room.querySelector<SVGElement>("[data-today-label]");
  if (from === null || to === null || !line || !label) {
    return;
  }
  const inside = today >= from && today <= to;
  const share = ((today - from + 0.5) * 100) / (to - from + 1);
  const at = `${share.toFixed(2)}%`;
  const goLive = Number.parseFloat(room.querySelector(".axis-go-live")?.getAttribute("x") ?? "");
  line.toggleAttribute("hidden", !inside);
  label.toggleAttribute("hidden", !inside || Math.abs(share - goLive) < LABEL_WIDTH);
  line.setAttribute("x1", at);
  line.setAttribute("x2", at);
  label.setAttribute("x", at);
}
