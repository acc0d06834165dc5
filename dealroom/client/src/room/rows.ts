// What depends on today in each milestone's line: overdue, at risk, slack, the critical path, when it ends as it stands.

import { type Day, toDate } from "./days";
import { show, write } from "./dom";
import { isOverdue, type Milestone } from "./plan";
import type { Slack } from "./slack";
import type { Wording } from "./wording";

/** How a milestone is to be drawn: its state, unless something is wrong with its date. */
export function shapeOf(milestone: Milestone, slack: Slack | undefined, today: Day): string {
  if (milestone.state === "blocked") {
    return "blocked";
  }
  if (isOverdue(milestone, today)) {
    return "overdue";
  }
  return slack && slack.days < 0 && !milestone.isAfterGoLive ? "at-risk" : milestone.state;
}

/** Marks a milestone's line for the day. */
export function paintRow(
  element: HTMLElement,
  milestone: Milestone,
  slack: Slack | undefined,
  today: Day,
  wording: Wording,
): void {
  const shape = shapeOf(milestone, slack, today);
  element.classList.toggle("is-overdue", isOverdue(milestone, today));
  element.classList.toggle("is-at-risk", shape === "at-risk");
  element.classList.toggle("is-critical", slack?.isCritical ?? false);
  element.querySelector("[data-state-icon] use")?.setAttribute("href", `#icon-${shape}`);
  const late = isOverdue(milestone, today)
    ? wording.count("overdue", today - (milestone.finish ?? today))
    : "";
  show(element.querySelector("[data-overdue]"), late);
  toggle(element, "[data-at-risk]", shape === "at-risk");
  show(element.querySelector("[data-at-risk] > span"), wording.say("at_risk_state"));
  toggle(element, "[data-critical]", slack?.isCritical ?? false);
  paintSlack(element, slack, wording);
  paintSteps(element, milestone, today);
}

/** A day of this year or another, shortly. */
export function dayText(day: Day, wording: Wording): string {
  return wording.day(toDate(day));
}

/** `3 working days of slack`, or how many are missing. */
export function slackText(slack: Slack, wording: Wording): string {
  return slack.days < 0
    ? wording.count("short", -slack.days)
    : wording.count("slack_of", slack.days);
}

function paintSlack(element: HTMLElement, slack: Slack | undefined, wording: Wording): void {
  const cell = element.querySelector("[data-slack]");
  if (cell) {
    const days = slack ? wording.count("slack", Math.abs(slack.days)) : "";
    // The sign and its number stay on one line.
    write(cell, slack && slack.days < 0 ? `\u2212\u2060${days}` : days);
  }
  const facts = slack
    ? [slackText(slack, wording), slack.isCritical ? wording.say("critical") : ""]
    : [];
  fact(element, "[data-slack-fact]", facts.filter(Boolean).join(" · "));
  const projected = slack?.projected ?? null;
  fact(element, "[data-projected]", projected === null ? "" : dayText(projected, wording));
  const line = element.querySelector<SVGElement>("[data-late]");
  line?.toggleAttribute("hidden", projected === null);
  if (projected !== null) {
    line?.setAttribute("data-until", String(projected));
  }
}

function paintSteps(element: HTMLElement, milestone: Milestone, today: Day): void {
  for (const step of milestone.steps) {
    const line = element.querySelector(`#${CSS.escape(step.anchor)}`);
    line?.classList.toggle("is-overdue", !step.done && step.due !== null && step.due < today);
  }
}

function fact(element: HTMLElement, selector: string, text: string): void {
  toggle(element, selector, text !== "");
  show(element.querySelector(`${selector} dd`), text);
}

function toggle(element: HTMLElement, selector: string, isShown: boolean): void {
  const found = element.querySelector<HTMLElement>(selector);
  if (found) {
    found.hidden = !isShown;
  }
}
