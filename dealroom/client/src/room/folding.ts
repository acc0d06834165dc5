// Folded milestones: open all of them, keep them open over a reload of the preview, and unfold everything for paper.

import type { Wording } from "./wording";

/** Ids of what was open when the content was last replaced. */
const remembered = new Set<string>();

export function startFolding(room: HTMLElement, wording: Wording, signal: AbortSignal): void {
  const milestones = () => [...room.querySelectorAll<HTMLDetailsElement>("details.milestone")];
  for (const milestone of milestones()) {
    milestone.open ||= remembered.has(milestone.id);
  }
  signal.addEventListener("abort", () => remember(milestones()));
  const button = room.querySelector<HTMLButtonElement>("[data-action=open-all]");
  button?.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = wording.say(open ? "close_all" : "open_all");
    for (const milestone of milestones()) {
      milestone.open = open;
    }
  });
  unfoldForPaper(room, signal);
}

function remember(milestones: readonly HTMLDetailsElement[]): void {
  remembered.clear();
  for (const milestone of milestones) {
    if (milestone.open) {
      remembered.add(milestone.id);
    }
  }
}

/** On paper the plan is as it stands on the screen; what a page folds away could not be reached there, and opens. */
function unfoldForPaper(room: HTMLElement, signal: AbortSignal): void {
  let folded: HTMLDetailsElement[] = [];
  const toggle = (isOpen: boolean) => {
    for (const details of folded) {
      details.open = isOpen;
    }
  };
  addEventListener(
    "beforeprint",
    () => {
      folded = [...room.querySelectorAll<HTMLDetailsElement>(".prose details:not([open])")];
      toggle(true);
    },
    { signal },
  );
  addEventListener("afterprint", () => toggle(false), { signal });
}
