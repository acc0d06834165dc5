// What is below the first screen is laid out after it can be read, a part a frame, so that opening a large plan is never
// felt. Until then the styles leave it out (`content-visibility`); afterwards the page is as any other.

const SETTLED = "is-settled";

export class Settling {
  private readonly parts: HTMLElement[];

  constructor(private readonly room: HTMLElement) {
    const sections = ".plan > section:not(.hero), .phase";
    this.parts = [...room.querySelectorAll<HTMLElement>(sections)];
  }

  /** Lays out one part after the other, the first ones first. */
  start(signal: AbortSignal): void {
    const step = () => {
      if (!signal.aborted && this.settle(1)) {
        // After the frame: its layout is a task of its own.
        requestAnimationFrame(() => setTimeout(step));
      }
    };
    setTimeout(step);
  }

  /** Lays out everything at once: for whoever goes to a place whose distance has to be known. */
  finish(): void {
    this.settle(this.parts.length);
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
