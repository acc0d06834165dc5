// A large plan is drawn from the top down, as much in a frame as the device draws at once, so that opening one is never
// felt. What has not had its turn is left out by the styles, so nothing that is seen moves when the next part comes.

// So long a frame may take parts, in milliseconds: the part that exceeds this, and painting, have to fit into 50.
const SHARE = 8;

const SETTLED = "is-settled";

export class Settling {
  private readonly parts: HTMLElement[];

  constructor(private readonly room: HTMLElement) {
    const sections = ".overview > *, .plan > section:not(.hero), .phase, .milestone";
    this.parts = [...room.querySelectorAll<HTMLElement>(sections)];
  }

  /** Draws one part after the other, the first ones first. */
  start(signal: AbortSignal): void {
    const step = () => {
      if (!signal.aborted && this.settleSome()) {
        // After the frame: its painting is part of the same task.
        requestAnimationFrame(step);
      }
    };
    requestAnimationFrame(step);
  }

  /** Draws everything at once: for whoever goes to a place whose distance has to be known. */
  finish(): void {
    this.settle(this.parts.length);
  }

  private settleSome(): boolean {
    const begun = performance.now();
    while (this.settle(1)) {
      // Asking for a size lays out what was added, so that the clock counts it.
      this.room.getBoundingClientRect();
      if (performance.now() - begun >= SHARE) {
        return true;
      }
    }
    return false;
  }

  /** Whether anything is left. */
  private settle(count: number): boolean {
    for (const part of this.parts.splice(0, count)) {
      part.classList.add(SETTLED);
    }
    this.room.toggleAttribute("data-settled", this.parts.length === 0);
    return this.parts.length > 0;
  }
}
