// The buttons by which things on the page are answered.

import type { Pace } from "../pace";
import { icon, make } from "../room/dom";
import { Agreeing } from "./agreeing";
import type { Answering } from "./answering";
import type { Desk } from "./desk";
import { immediate } from "./forms";
import type { Item } from "./items";
import { placed } from "./placing";
import { button } from "./sheet";

/** Puts buttons on everything that can be answered, but for agreeing. */
export async function placeButtons(desk: Desk, answering: Answering, pace: Pace): Promise<void> {
  for (const item of desk.parts.items.values()) {
    await pace.breathe();
    if (item.target === "plan") {
      placeOnPlan(answering, item);
    } else if (item.step) {
      placeOnStep(desk, answering, item);
    } else if (item.milestone) {
      placeOnMilestone(desk, answering, item);
    } else {
      placeElsewhere(desk, answering, item);
    }
  }
  const people = desk.parts.room.querySelector<HTMLElement>("#people .team-buyer");
  const plan = desk.parts.items.get("plan");
  if (people && plan) {
    people.append(placed(answering.action(plan, "person", "quiet reply-person")));
  }
}

function placeOnPlan(answering: Answering, item: Item): void {
  const kinds = ["date", "question", "comment", "person"] as const;
  const place = item.element.querySelector<HTMLElement>("[data-reply-plan]");
  place?.append(...kinds.map((kind) => placed(answering.action(item, kind, "quiet"))));
}

/** The button by which the plan is agreed to; none where several people share a passphrase. */
export function placeAgreeing(desk: Desk, answering: Answering): Agreeing | null {
  const item = desk.parts.items.get("plan");
  const place = item?.element.querySelector<HTMLElement>("[data-reply-plan]");
  if (!item || !place || desk.person.kind === "shared") {
    return null;
  }
  const agreeing = new Agreeing(desk, answering, item);
  place.prepend(placed(agreeing.button));
  place.append(placed(agreeing.text));
  return agreeing;
}

function placeOnMilestone(desk: Desk, answering: Answering, item: Item): void {
  const body = item.element.querySelector(".milestone-body");
  const row = placed(make("div", "reply-actions"));
  const first = (["done", "date"] as const).filter((kind) => item.kinds.includes(kind));
  row.append(
    ...first.map((kind) => answering.action(item, kind, "quiet")),
    more(desk, answering, item),
  );
  body?.querySelector(".milestone-links")?.before(row);
}

/** A step's circle becomes the button that marks it as done. */
function placeOnStep(desk: Desk, answering: Answering, item: Item): void {
  if (item.kinds.includes("done")) {
    const circle = item.element.querySelector(":scope > .icon");
    circle?.replaceWith(tick(desk, item));
  }
  const facts = item.element.querySelector(".step-facts");
  facts?.after(iconButton(desk, answering, item, "step-copy"));
}

function placeElsewhere(desk: Desk, answering: Answering, item: Item): void {
  if (item.target.startsWith("criterion:")) {
    const made = placed(more(desk, answering, item));
    const foot = item.element.querySelector(".criterion-foot");
    if (foot) {
      foot.append(made);
    } else {
      item.element.append(placed(make("p", "criterion-foot", made)));
    }
    return;
  }
  const place = item.element.querySelector(".embed-head") ?? item.element;
  place.append(iconButton(desk, answering, item, "reply-icon"));
}

/** The round button by which something is marked as done, and that taken back. */
export function tick(desk: Desk, item: Item): HTMLButtonElement {
  const made = make("button", "tick", icon("open"));
  made.type = "button";
  made.dataset["tick"] = item.target;
  made.setAttribute("aria-label", desk.say("done_of", { title: item.title }));
  made.addEventListener("click", () => {
    const { drafts } = desk.parts;
    const pending = pendingDone(desk, item.target);
    if (pending) {
      drafts.remove(pending);
      return;
    }
    const change = immediate(desk, item, "done");
    if (change) {
      drafts.add(change);
    }
  });
  paintTick(desk, made);
  return made;
}

/** Shows on all round buttons which ones were pressed. */
export function paintTicks(desk: Desk): void {
  for (const made of desk.parts.room.querySelectorAll<HTMLElement>("[data-tick]")) {
    paintTick(desk, made);
  }
}

function paintTick(desk: Desk, made: HTMLElement): void {
  const isPending = pendingDone(desk, made.dataset["tick"] ?? "") !== undefined;
  made.setAttribute("aria-pressed", String(isPending));
  const shape = `#icon-${isPending ? "done" : "open"}`;
  const use = made.querySelector("use");
  // Set anew, the same shape would be drawn anew.
  if (use?.getAttribute("href") !== shape) {
    use?.setAttribute("href", shape);
  }
}

function pendingDone(desk: Desk, target: string) {
  const { changes } = desk.parts.drafts.contents;
  return changes.find((change) => change.kind === "done" && change.target === target);
}

/** In the lists of next steps, each with the button that marks it as done. */
export function placeOnTasks(desk: Desk): void {
  const byAnchor = new Map(
    [...desk.parts.items.values()].map((item) => [`#${item.element.id}`, item]),
  );
  for (const line of desk.parts.room.querySelectorAll<HTMLElement>(".task")) {
    const link = line.querySelector("a");
    const item = byAnchor.get(link?.getAttribute("href") ?? "");
    if (link && item?.kinds.includes("done")) {
      line.querySelector("span.tick")?.replaceWith(tick(desk, item));
    }
  }
}

function more(desk: Desk, answering: Answering, item: Item): HTMLButtonElement {
  const made = button("quiet", desk.say("answer"), () => answering.choose(item), "reply");
  made.setAttribute("aria-haspopup", "dialog");
  made.append(make("span", "visually-hidden", `: ${item.title}`));
  return made;
}

function iconButton(
  desk: Desk,
  answering: Answering,
  item: Item,
  className: string,
): HTMLButtonElement {
  const made = placed(button(className, "", () => answering.choose(item), "reply"));
  made.setAttribute("aria-haspopup", "dialog");
  made.setAttribute("aria-label", desk.say("answer_to", { title: item.title }));
  return made;
}
