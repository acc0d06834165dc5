// The timeline by phase, by owner or by side, and what of it is the reader's own.
// Milestones are moved and never copied, so that a link leads to the same one in each arrangement.

import type { Person } from "../context";
import { make } from "./dom";
import type { Milestone, Plan } from "./plan";
import type { Wording } from "./wording";

type Grouping = "phase" | "owner" | "side";

interface Group {
  readonly key: string;
  readonly name: string;
}

/** Where a milestone stands in the plan. */
interface Home {
  readonly parent: ParentNode | null;
  readonly next: ChildNode | null;
}

export class Timeline {
  private readonly gantt: HTMLElement | null;
  private readonly phases: readonly HTMLElement[];
  private readonly rows: ReadonlyMap<HTMLElement, Milestone>;
  private readonly home: ReadonlyMap<HTMLElement, Home>;
  private onlyMine = false;

  constructor(
    private readonly room: HTMLElement,
    plan: Plan,
    private readonly person: Person,
    private readonly wording: Wording,
  ) {
    this.gantt = room.querySelector<HTMLElement>(".gantt");
    this.phases = [...room.querySelectorAll<HTMLElement>("[data-group]")];
    const found = plan.milestones.flatMap((milestone) => {
      const row = room.querySelector<HTMLElement>(`#${CSS.escape(milestone.anchor)}`);
      return row ? [[row, milestone] as const] : [];
    });
    this.rows = new Map(found);
    const homes = found.map(([row]) => [row, { parent: row.parentNode, next: row.nextSibling }]);
    this.home = new Map(homes as [HTMLElement, Home][]);
  }

  start(signal: AbortSignal): void {
    for (const button of this.buttons()) {
      button.addEventListener("click", () => this.group(button), { signal });
    }
    const mine = this.room.querySelector<HTMLButtonElement>("[data-action=only-mine]");
    if (mine) {
      // Whoever owns nothing has nothing to filter by.
      mine.hidden = ![...this.rows.values()].some((milestone) => this.isMine(milestone));
      mine.addEventListener("click", () => this.filter(!this.onlyMine), { signal });
    }
  }

  /** Arranges it as its reader had it before the page changed. */
  resume(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.ungroup());
    const isPressed = (button: Element) => button.getAttribute("aria-pressed") === "true";
    const pressed = this.buttons().find(isPressed);
    this.onlyMine = this.room.querySelector("[data-action=only-mine][aria-pressed=true]") !== null;
    if (pressed && (this.onlyMine || pressed.dataset["groupBy"] !== "phase")) {
      this.group(pressed);
    }
  }

  /** Makes sure that a milestone which something leads to is not filtered away. */
  reveal(target: HTMLElement): void {
    if (target.closest(".milestone[hidden]")) {
      this.filter(false);
    }
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.room.querySelectorAll<HTMLButtonElement>("[data-group-by]")];
  }

  private group(pressed: HTMLButtonElement): void {
    const by = pressed.dataset["groupBy"] as Grouping;
    for (const button of this.buttons()) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
    this.ungroup();
    if (by !== "phase") {
      this.arrange(by);
    }
    this.update();
  }

  /** Puts each milestone where the plan has it. */
  private ungroup(): void {
    const made = this.room.querySelectorAll("[data-made]");
    if (made.length === 0) {
      return;
    }
    // From the last one on, so that what each stands before is there.
    for (const [row, { parent, next }] of [...this.home].reverse()) {
      parent?.insertBefore(row, next);
    }
    for (const section of made) {
      section.remove();
    }
  }

  private arrange(by: "owner" | "side"): void {
    const made = new Map<string, HTMLElement>();
    const end = this.gantt?.querySelector("[data-none-mine]") ?? null;
    for (const [row, milestone] of this.rows) {
      const { key, name } = by === "owner" ? this.ownerOf(milestone) : this.sideOf(milestone);
      const section = made.get(key) ?? this.section(made.size, name);
      made.set(key, section);
      section.append(row);
    }
    const own = by === "owner" ? made.get(this.person.id) : undefined;
    for (const section of new Set([...(own ? [own] : []), ...made.values()])) {
      this.gantt?.insertBefore(section, end);
    }
  }

  private section(number: number, name: string): HTMLElement {
    const title = make("h3", "", name);
    title.id = `group-${number}`;
    const section = make("section", "phase is-settled", make("div", "phase-head", title));
    section.dataset["made"] = "";
    section.setAttribute("aria-labelledby", title.id);
    return section;
  }

  /** The reader where they own it, else the buyer's owner, else the seller's. */
  private ownerOf({ owners }: Milestone): Group {
    const ids = [owners.buyer, owners.seller].filter((id) => id !== undefined);
    const key = ids.includes(this.person.id) ? this.person.id : (ids[0] ?? "");
    const found = key
      ? this.room.querySelector<HTMLElement>(`.avatar[data-person="${CSS.escape(key)}"]`)
      : null;
    return { key, name: found?.title || this.wording.say("no_owner") };
  }

  private sideOf({ owners }: Milestone): Group {
    if (owners.buyer && owners.seller) {
      return { key: "both", name: this.wording.say("both_sides") };
    }
    const side = owners.buyer ? "buyer" : owners.seller ? "seller" : null;
    const list = side && this.room.querySelector(`[data-next-list="${side}"] h3`);
    return { key: side ?? "", name: list?.textContent || this.wording.say("no_owner") };
  }

  private filter(onlyMine: boolean): void {
    this.onlyMine = onlyMine;
    this.room
      .querySelector("[data-action=only-mine]")
      ?.setAttribute("aria-pressed", String(onlyMine));
    this.update();
  }

  private isMine(milestone: Milestone): boolean {
    const { buyer, seller } = milestone.owners;
    const owners = [buyer, seller, ...milestone.steps.map(({ owner }) => owner)];
    return owners.includes(this.person.id);
  }

  /** Hides what is not asked for, and the headings under which nothing is left. */
  private update(): void {
    let shown = 0;
    for (const [row, milestone] of this.rows) {
      row.hidden = this.onlyMine && !this.isMine(milestone);
      shown += row.hidden ? 0 : 1;
    }
    const made = [...this.room.querySelectorAll<HTMLElement>("[data-made]")];
    for (const section of [...this.phases, ...made]) {
      section.hidden = section.querySelector(".milestone:not([hidden])") === null;
    }
    const none = this.room.querySelector<HTMLElement>("[data-none-mine]");
    if (none) {
      none.hidden = shown > 0;
      none.textContent = shown > 0 ? "" : this.wording.say("none_mine");
    }
  }
}
