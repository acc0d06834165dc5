// Draws the lists of next steps.

import type { RoomContext } from "../context";
import type { Pace } from "../pace";
import type { Day } from "./days";
import { icon, make } from "./dom";
import { type NextSteps, nextSteps, type Task, type TaskList } from "./next";
import type { Plan } from "./plan";
import { dueText } from "./today";
import type { Wording } from "./wording";

/** Fills the lists for the reader, one after the other. Drawing again replaces them. */
export async function paintTasks(
  room: HTMLElement,
  plan: Plan,
  person: RoomContext["person"],
  today: Day,
  wording: Wording,
  pace: Pace,
): Promise<void> {
  const steps = nextSteps(plan.milestones, person.kind === "shared" ? null : person.id);
  const lists: (keyof NextSteps)[] =
    person.kind === "seller"
      ? ["person", "seller", "buyer", "nobody"]
      : ["person", "buyer", "seller", "nobody"];
  const container = room.querySelector("[data-next-lists]");
  for (const name of lists) {
    const section = room.querySelector<HTMLElement>(`[data-next-list="${name}"]`);
    const list = section?.querySelector("ol");
    if (section && list) {
      container?.append(section);
      section.hidden = steps[name].tasks.length === 0;
      list.replaceChildren(...lines(room, steps[name], name !== "person", today, wording));
      await pace.breathe();
    }
  }
  const empty = room.querySelector<HTMLElement>("[data-next-empty]");
  if (empty) {
    empty.hidden = lists.some((name) => steps[name].tasks.length > 0);
  }
}

function lines(
  room: HTMLElement,
  list: TaskList,
  withOwner: boolean,
  today: Day,
  wording: Wording,
): HTMLElement[] {
  const drawn = list.tasks.map((task) => line(room, task, withOwner, today, wording));
  if (list.more > 0) {
    drawn.push(make("li", "task-more", wording.count("more", list.more)));
  }
  return drawn;
}

function line(
  room: HTMLElement,
  task: Task,
  withOwner: boolean,
  today: Day,
  wording: Wording,
): HTMLElement {
  const overdue = task.due !== null && task.due < today;
  const about = [withOwner ? nameOf(room, task.owner) : "", task.milestone ?? ""].filter(Boolean);
  const text = make("span", "task-text", task.title);
  if (about.length > 0) {
    text.append(make("span", "task-of", about.join(" · ")));
  }
  const due = make("span", "task-due", dueText(task.due, today, wording));
  const link = make("a", "", icon(overdue ? "overdue" : "open"), text, due);
  link.href = `#${task.anchor}`;
  const item = make("li", overdue ? "task is-overdue" : "task", link);
  if (room.querySelector("[data-reply]")) {
    // Holds the place of the button that marks it as done, so that nothing moves when that comes.
    item.classList.add("has-tick");
    link.before(make("span", "tick", icon("open")));
  }
  return item;
}

function nameOf(room: HTMLElement, person: string | null): string {
  return person === null
    ? ""
    : (room.querySelector<HTMLElement>(`.avatar[data-person="${CSS.escape(person)}"]`)?.title ??
        "");
}
