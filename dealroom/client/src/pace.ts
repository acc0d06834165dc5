// Long work in short tasks, so that a tap or a scroll never waits for it.

// So long may a task last before it makes way, in milliseconds: a task is felt from 50 on, and the piece of work that
// exceeds this, with what the browser does after it, has to fit as well.
const SHARE = 8;

export class Pace {
  private since = performance.now();

  /** `share` is how long a task may last, in milliseconds. */
  constructor(private readonly share = SHARE) {}

  /** Goes on at once while the task is short, else in a task of its own. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since >= this.share) {
      await this.rest();
    }
  }

  /** Goes on in a task of its own. */
  async rest(): Promise<void> {
    await nextTask();
    this.since = performance.now();
  }
}

/** For what has to be there in one go: it makes way for nothing. */
export const AT_ONCE = new Pace(Number.POSITIVE_INFINITY);

/** Resolves in a task of its own. A message and not a timer: those wait, and in pages out of sight for a second. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Resolves in a task after the next frame; soon, where none is drawn. */
export function afterFrame(): Promise<void> {
  return new Promise((resolve) => {
    const frame = requestAnimationFrame(() => void nextTask().then(resolve));
    setTimeout(() => {
      cancelAnimationFrame(frame);
      resolve();
    }, LONGEST_FRAME);
  });
}

// Without a frame for so long, the page is out of sight. In milliseconds.
const LONGEST_FRAME = 250;
