// Details of a milestone beside its bar, for the mouse that rests on it and the keyboard that comes by.
// Everything in it is in the milestone itself, which a tap opens; so it is hidden from assistive technology.

import { dayOf, toDate } from "./days";
import { make } from "./dom";
import type { Milestone, Plan } from "./plan";
import { slackText } from "./rows";
import { slackOf } from "./slack";
import type { Wording } from "./wording";
import type { Workdays } from "./workdays";

// So long the mouse may be on its way from the line to the details, in milliseconds.
const GRACE = 150;

export class Tip {
  private readonly tip: HTMLElement | null;
  private readonly section: HTMLElement | null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly room: HTMLElement,
    private readonly plan: Plan,
    private readonly workdays: Workdays,
    private readonly wording: Wording,
    private readonly now: () => Date,
  ) {
    this.tip = room.querySelector<HTMLElement>("[data-tip]");
    this.section = room.querySelector<HTMLElement>(".timeline");
  }

  start(signal: AbortSignal): void {
    const { tip } = this;
    const gantt = this.section?.querySelector<HTMLElement>(".gantt");
    const soon = () => this.hideSoon();
    // Touch opens the milestone itself.
    gantt?.addEventListener(
      "pointerover",
      (event) => event.pointerType === "mouse" && this.show(event.target),
      { signal },
    );
    gantt?.addEventListener(
      "focusin",
      ({ target }) =>
        target instanceof Element && target.matches(":focus-visible") && this.show(target),
      { signal },
    );
    gantt?.addEventListener("pointerleave", soon, { signal });
    gantt?.addEventListener("focusout", soon, { signal });
    gantt?.addEventListener("click", () => this.hide(), { signal });
    tip?.addEventListener("pointerenter", () => clearTimeout(this.timer), { signal });
    tip?.addEventListener("pointerleave", soon, { signal });
    addEventListener("keydown", ({ key }) => key === "Escape" && this.hide(), { signal });
  }

  private show(target: EventTarget | null): void {
    clearTimeout(this.timer);
    const summary =
      target instanceof Element ? target.closest<HTMLElement>(".milestone > summary") : null;
    const row = summary?.closest<HTMLDetailsElement>(".milestone");
    const track = summary?.querySelector<HTMLElement>(".milestone-track");
    const milestone = this.plan.milestones.find(({ anchor }) => anchor === row?.id);
    // Without bars beside them, milestones are a list that says all this itself.
    if (!this.tip || !summary || !row || row.open || !track?.offsetWidth || !milestone) {
      this.hide();
      return;
    }
    const [title, ...lines] = this.lines(row, milestone).filter(Boolean);
    this.tip.replaceChildren(
      make("strong", "", title ?? ""),
      ...lines.map((line) => make("span", "", line)),
    );
    this.tip.hidden = false;
    this.place(summary, track);
  }

  private hide(): void {
    if (this.tip) {
      this.tip.hidden = true;
    }
  }

  private hideSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), GRACE);
  }

  private lines(row: HTMLElement, milestone: Milestone): string[] {
    const slack = slackOf(this.plan, dayOf(this.now()), this.workdays).get(milestone.anchor);
    const day = (value: number | null) => (value === null ? "" : this.wording.day(toDate(value)));
    const dates = [day(milestone.start), day(milestone.finish)].filter(Boolean).join(" – ");
    const state = row.querySelector<HTMLElement>("[data-state-icon]")?.title ?? "";
    const { buyer, seller } = milestone.owners;
    return [
      milestone.title,
      [state, dates].filter(Boolean).join(" · "),
      [buyer, seller]
        .map((id) => this.nameOf(id))
        .filter(Boolean)
        .join(", "),
      slack ? slackText(slack, this.wording) : "",
      slack?.isCritical ? this.wording.say("critical") : "",
      slack?.projected ? this.wording.say("projected", { date: day(slack.projected) }) : "",
    ];
  }

  private nameOf(person: string | undefined): string {
    const selector = `.avatar[data-person="${CSS.escape(person ?? "")}"]`;
    return (person && this.room.querySelector<HTMLElement>(selector)?.title) || "";
  }

  /** Below the line, where the track begins. */
  private place(summary: HTMLElement, track: HTMLElement): void {
    const frame = this.section?.getBoundingClientRect();
    if (this.tip && this.section && frame) {
      const [line, bars] = [summary.getBoundingClientRect(), track.getBoundingClientRect()];
      const isMirrored = getComputedStyle(this.section).direction === "rtl";
      const start = isMirrored ? frame.right - bars.right : bars.left - frame.left;
      this.tip.style.insetBlockStart = `${line.bottom - frame.top}px`;
      this.tip.style.insetInlineStart = `${start}px`;
    }
  }
}
