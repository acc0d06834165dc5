// A large plan is drawn from the top down, as much at a time as the device draws at once, so that opening one is never
// felt. What has not had its turn is left out by the styles, so nothing that is seen moves when the next part comes.

import type { Pace } from "../pace";

// So long a frame may take parts, in milliseconds: the part that exceeds this, and painting, have to fit into 50.
const SHARE = 8;

const SETTLED = "is-settled";

// What is seen first, and what comes below it.
const HEAD = ".bar, .hero, .hero-text, .go-live";
const PARTS = ".overview > *, [data-next-list], .plan > :not(.hero, .overview), .phase, .milestone";

export class Settling {
  private readonly head: HTMLElement[];
  private readonly parts: HTMLElement[];

  constructor(private readonly room: HTMLElement) {
    this.head = [...room.querySelectorAll<HTMLElement>(HEAD)];
    this.parts = [...room.querySelectorAll<HTMLElement>(PARTS)];
  }

  /** Lays out the head of a page that nobody sees yet, or the `whole` of it, a part after the other. */
  async ahead(pace: Pace, whole: boolean): Promise<void> {
    if (whole) {
      this.head.push(...this.parts.splice(0));
    }
    for (const part of this.head.splice(0)) {
      this.settle(part);
      await pace.breathe();
    }
    this.room.toggleAttribute("data-settled", whole);
    await pace.rest();
  }

  /** Draws one part after the other, the first ones first. */
  start(signal: AbortSignal): void {
    const step = () => {
      if (!signal.aborted && this.settleSome()) {
        // After the frame: its painting is part of the same task.
        requestAnimationFrame(step);
      }
    };
    // The first frame is the head's alone.
    requestAnimationFrame(() => requestAnimationFrame(step));
  }

  /** Draws everything at once: for whoever goes to a place whose distance has to be known. */
  finish(): void {
    for (const part of this.parts.splice(0)) {
      part.classList.add(SETTLED);
    }
    this.room.toggleAttribute("data-settled", true);
  }

  /** Whether anything is left. What stands below all parts has a frame of its own. */
  private settleSome(): boolean {
    const begun = performance.now();
    const isLast = this.parts.length === 0;
    for (let part = this.parts.shift(); part; part = this.parts.shift()) {
      this.settle(part);
      if (performance.now() - begun >= SHARE) {
        break;
      }
    }
    this.room.toggleAttribute("data-settled", isLast);
    return !isLast;
  }

  private settle(part: HTMLElement): void {
    part.classList.add(SETTLED);
    // Asking for a size lays out what was added, so that the clock counts it.
    this.room.getBoundingClientRect();
  }
}
