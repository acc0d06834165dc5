// What of the page can be answered: each with its place, its title, and the kinds of change that make sense of it.

import { isBlocked, isOpen, type Milestone, type Plan, type Step } from "../room/plan";
import type { Kind, Target } from "./changes";

/** Something that can be answered. `element` is where it stands in the page. */
export interface Item {
  readonly target: Target;
  readonly title: string;
  readonly element: HTMLElement;
  readonly kinds: readonly Kind[];
  readonly milestone?: Milestone;
  readonly step?: Step;
}

const WORDS: readonly Kind[] = ["comment", "question"];

/** Everything on the page that can be answered, by its target. The plan itself is `reply`'s element. */
export function itemsOf(
  room: HTMLElement,
  reply: HTMLElement,
  plan: Plan,
  planTitle: string,
): ReadonlyMap<Target, Item> {
  const kinds: Kind[] = ["agree", "date", "person", ...WORDS];
  const items: Item[] = [{ target: "plan", title: planTitle, element: reply, kinds }];
  for (const milestone of plan.milestones) {
    items.push(...ofMilestone(room, milestone));
  }
  for (const element of room.querySelectorAll<HTMLElement>("[data-criterion]")) {
    const target = `criterion:${element.dataset["criterion"]}`;
    const title = textOf(element.querySelector("h3"));
    items.push({ target, title, element, kinds: ["current", "owner", ...WORDS] });
  }
  for (const element of room.querySelectorAll<HTMLElement>(".person[data-person]")) {
    const title = textOf(element.querySelector(".person-name bdi"));
    items.push({ target: `person:${element.dataset["person"]}`, title, element, kinds: WORDS });
  }
  for (const element of room.querySelectorAll<HTMLElement>("#documents .file, #documents .embed")) {
    const link = element.querySelector<HTMLAnchorElement>("a");
    const name = link?.dataset["object"] || link?.id || link?.getAttribute("href");
    const title = textOf(element.querySelector(".file-title, h3"));
    if (name) {
      items.push({ target: `document:${name}`, title, element, kinds: WORDS });
    }
  }
  return new Map(items.map((item) => [item.target, item]));
}

function* ofMilestone(room: HTMLElement, milestone: Milestone): Generator<Item> {
  const element = byId(room, milestone.anchor);
  const id = element?.dataset["milestone"];
  if (!element || id === undefined) {
    return;
  }
  const blocking: Kind = isBlocked(milestone) ? "unblocked" : "blocked";
  const kinds: readonly Kind[] = isOpen(milestone)
    ? ["done", "date", blocking, "owner", "step", ...WORDS]
    : WORDS;
  yield { target: `milestone:${id}`, title: milestone.title, element, kinds, milestone };
  for (const step of milestone.steps) {
    const line = byId(room, step.anchor);
    if (line) {
      const target = `step:${id}/${line.dataset["step"]}`;
      const open: readonly Kind[] = ["done", "date", "owner", ...WORDS];
      const kinds = step.done || !isOpen(milestone) ? WORDS : open;
      yield { target, title: step.title, element: line, kinds, milestone, step };
    }
  }
}

function byId(room: HTMLElement, id: string): HTMLElement | null {
  return room.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
}

function textOf(element: Element | null): string {
  return element?.textContent?.trim() ?? "";
}
