// A large plan is drawn from the top down, as much at a time as the device draws at once, so that opening one is never
// felt. What has not had its turn is left out by the styles, so nothing that is seen moves when the next part comes.
//
// Who is led to a place far down sees that first: what is above it has been measured, and is put aside until its turn.

import { afterFrame, type Pace } from "../pace";

// So long a task may take parts, in milliseconds: the part that exceeds this has to fit into 50.
const SHARE = 8;

const SETTLED = "is-settled";

// Measured and put aside: it keeps its place, and is not painted (40-plan.css).
const ASIDE = "is-aside";

// So many milestones above the place are never put aside. On a phone they fill the window, which may show what is
// above the place when there is too little below it.
const NEAR = 12;

// What is seen first, and what comes below it.
const HEAD = ".bar, .hero, .hero-text, .go-live";
const PARTS = ".overview > *, [data-next-list], .plan > :not(.hero, .overview), .phase, .milestone";

export class Settling {
  private readonly head: HTMLElement[];
  private readonly parts: HTMLElement[];
  private readonly aside: HTMLElement[] = [];

  constructor(private readonly room: HTMLElement) {
    this.head = [...room.querySelectorAll<HTMLElement>(HEAD)];
    this.parts = [...room.querySelectorAll<HTMLElement>(PARTS)];
  }

  /** Lays out the head of a page that nobody sees yet, a part after the other, or all of it. */
  async ahead(pace: Pace, whole: boolean): Promise<void> {
    await this.settleAll([...this.head.splice(0), ...(whole ? this.parts.splice(0) : [])], pace);
    this.room.toggleAttribute("data-settled", whole);
    await pace.rest();
  }

  /** The same up to `target`, and as much below it as a window holds. */
  async upTo(target: Element, pace: Pace): Promise<void> {
    const end = this.parts.filter((part) => !isAfter(part, target)).length;
    const rows = this.parts.slice(0, end).filter((part) => part.matches(".milestone"));
    const far = new Set(rows.filter((row) => !row.contains(target)).slice(0, -NEAR));
    await this.settleAll([...this.head.splice(0), ...this.parts.splice(0, end)], pace, far);
    const { top } = target.getBoundingClientRect();
    while (this.parts.length > 0 && top + innerHeight > this.room.scrollHeight) {
      await this.settleAll(this.parts.splice(0, 1), pace);
    }
    await pace.rest();
  }

  /** Draws one part after the other: first what was put aside, from the reader's place upwards, then from there on. */
  async start(signal: AbortSignal): Promise<void> {
    do {
      // Between the frames: what a part takes and what painting it takes are two tasks. The first frame is the head's.
      await afterFrame();
    } while (!signal.aborted && this.settleSome());
  }

  /** Draws at once what is above `target` on a page that is seen: how far it is to go there has to be known. */
  reach(target: Element): void {
    const [next] = this.parts;
    const isSeen = this.head.length === 0;
    if (isSeen && next && !isAfter(next, target)) {
      this.finish();
    }
  }

  /** Draws everything at once. */
  finish(): void {
    for (const part of this.parts.splice(0)) {
      part.classList.add(SETTLED);
    }
    for (const part of this.aside.splice(0)) {
      putBack(part);
    }
    this.room.toggleAttribute("data-settled", true);
  }

  private async settleAll(
    parts: readonly HTMLElement[],
    pace: Pace,
    far: ReadonlySet<HTMLElement> = new Set(),
  ): Promise<void> {
    for (const part of parts) {
      const { height } = this.settle(part);
      if (far.has(part)) {
        part.style.blockSize = `${height}px`;
        part.classList.add(ASIDE);
        this.aside.push(part);
      }
      await pace.breathe();
    }
  }

  /** Whether anything is left. What stands below all parts has a task of its own. */
  private settleSome(): boolean {
    const begun = performance.now();
    const isLast = this.parts.length + this.aside.length === 0;
    while (performance.now() - begun < SHARE) {
      const aside = this.aside.pop();
      const part = aside ?? this.parts.shift();
      if (!part) {
        break;
      }
      if (aside) {
        putBack(aside);
      }
      this.settle(part);
    }
    this.room.toggleAttribute("data-settled", isLast);
    return !isLast;
  }

  /** Asking for its size lays out what was added, so that the clock counts it. */
  private settle(part: HTMLElement): DOMRect {
    part.classList.add(SETTLED);
    return part.getBoundingClientRect();
  }
}

function putBack(part: HTMLElement): void {
  part.classList.remove(ASIDE);
  part.style.blockSize = "";
}

/** Whether the part begins after the target does. */
function isAfter(part: Element, target: Element): boolean {
  return (target.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
