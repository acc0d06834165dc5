// Which section is being read: its link in the menu, and in a page's outline, is the current one.

// A section counts as read once its start has passed the upper third of the window.
const LINE = 0.33;

interface Spied {
  readonly link: HTMLElement;
  readonly target: HTMLElement;
}

export class Spy {
  private readonly menu: readonly Spied[];
  private readonly outline: readonly Spied[];
  private frame = 0;

  constructor(
    room: HTMLElement,
    private readonly view: () => string,
  ) {
    this.menu = pairs(room, ".menu a[href^='#']");
    this.outline = pairs(room, ".outline-toc a[href^='#']");
  }

  start(signal: AbortSignal): void {
    addEventListener("scroll", () => this.schedule(), { passive: true, signal });
    addEventListener("resize", () => this.schedule(), { passive: true, signal });
    this.schedule();
  }

  schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.update());
  }

  private update(): void {
    const view = this.view();
    const inView = ({ target }: Spied) =>
      target.closest<HTMLElement>("[data-view]")?.dataset["view"] === view;
    const here = this.menu.filter(inView);
    // A page is part of what the menu calls reading.
    const reading = this.menu.filter(({ target }) => target.id === "reading");
    mark(this.menu, here.length > 0 ? here : reading, (link) => centre(link));
    mark(this.outline, this.outline.filter(inView));
  }
}

function pairs(room: HTMLElement, selector: string): Spied[] {
  const found = [...room.querySelectorAll<HTMLAnchorElement>(selector)].flatMap((link) => {
    const id = decodeURIComponent(link.hash.slice(1));
    const target = room.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    return target ? [{ link, target }] : [];
  });
  // In the order in which they are read: a theme may arrange sections in another order than the menu.
  const precedes = (one: Node, other: Node) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
  return found.sort((one, other) => precedes(one.target, other.target));
}

function mark(
  all: readonly Spied[],
  candidates: readonly Spied[],
  onChange: (link: HTMLElement) => void = () => undefined,
): void {
  const line = innerHeight * LINE;
  // What is not drawn yet has no place.
  const drawn = candidates.filter(({ target }) => target.getClientRects().length > 0);
  const read = drawn.filter(({ target }) => target.getBoundingClientRect().top <= line);
  const current = read.at(-1) ?? candidates[0];
  for (const spied of all) {
    if (spied !== current) {
      spied.link.removeAttribute("aria-current");
    } else if (!spied.link.hasAttribute("aria-current")) {
      spied.link.setAttribute("aria-current", "true");
      onChange(spied.link);
    }
  }
}

/** Scrolls a menu that is wider than the screen, and nothing else, so that the link is seen. */
function centre(link: HTMLElement): void {
  const list = link.closest("ul");
  if (list) {
    const left = link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2;
    list.scrollTo({ left, behavior: "instant" });
  }
}
