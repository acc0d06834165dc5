// Places in the room. The plan and each page are views of which one shows at a time; an anchor shows its view, opens
// what is folded around it, and marks it.

const TARGET = "is-target";

export class Places {
  private readonly views: readonly HTMLElement[];
  private readonly scrolled = new Map<string, number>();
  private current: string;
  private clicked = false;

  private onChange = () => {};

  constructor(
    private readonly room: HTMLElement,
    private readonly beforeReveal: (target: HTMLElement) => void,
  ) {
    this.views = [...room.querySelectorAll<HTMLElement>("[data-view]")];
    // Before anything is shown, all of them are there, the plan first.
    this.current = this.views.find(({ hidden }) => !hidden)?.dataset["view"] ?? "plan";
  }

  /** Follows links and the address until the signal; `onChange` is called when another place is shown. */
  start(onChange: () => void, signal: AbortSignal): void {
    this.onChange = onChange;
    this.room.addEventListener("click", (event) => this.follow(event), { signal });
    addEventListener("hashchange", () => this.followAddress(), { signal });
  }

  /** Shows what the address names. Does not scroll: whoever opened the room does. */
  arrive(): void {
    this.reveal(anchorOf(location.hash));
  }

  /** Shows what was shown before. */
  resume(): void {
    this.show(this.current);
  }

  get view(): string {
    return this.current;
  }

  /** Shows the place with this id; without one, the plan. */
  reveal(anchor: string): HTMLElement | null {
    const target = anchor ? this.room.querySelector<HTMLElement>(`#${CSS.escape(anchor)}`) : null;
    // What is in no view, such as the room's whole content, is reached from each of them.
    const elsewhere = target ? this.current : "plan";
    this.show(target?.closest<HTMLElement>("[data-view]")?.dataset["view"] ?? elsewhere);
    for (const marked of this.room.querySelectorAll(`.${TARGET}`)) {
      marked.classList.remove(TARGET);
    }
    if (!target) {
      return null;
    }
    this.beforeReveal(target);
    for (let folded = target.closest("details"); folded; folded = outer(folded)) {
      folded.open = true;
    }
    if (target.matches(".milestone, .criterion, .person, [data-step]")) {
      target.classList.add(TARGET);
    }
    return target;
  }

  /** Leads to a place as a link does; `element` is what is looked for there, and gets the focus. */
  goTo(anchor: string, element: HTMLElement): void {
    history.pushState(null, "", `#${encodeURIComponent(anchor)}`);
    this.reveal(anchor);
    const target = element.matches("details")
      ? element.querySelector<HTMLElement>("summary")
      : element;
    if (target && !target.matches("a[href], button, summary, [tabindex]")) {
      target.tabIndex = -1;
    }
    element.scrollIntoView();
    target?.focus({ preventScroll: true });
  }

  private show(view: string): void {
    const changed = view !== this.current;
    if (changed) {
      this.scrolled.set(this.current, scrollY);
    }
    this.current = view;
    for (const element of this.views) {
      element.hidden = element.dataset["view"] !== view;
    }
    if (changed) {
      // Gliding through a page that was not there a moment ago would only make people seasick.
      scrollTo({ top: 0, behavior: "instant" });
    }
    this.onChange();
  }

  /** A link within the room: what it leads to is there before the browser goes to it. */
  private follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (!link || link.hasAttribute("data-object") || event.defaultPrevented) {
      return;
    }
    this.clicked = true;
    this.reveal(anchorOf(link.getAttribute("href") ?? ""));
  }

  /** The address changed: by a link, or by going back, which returns to where the reader was. */
  private followAddress(): void {
    const before = this.current;
    const target = this.reveal(anchorOf(location.hash));
    const clicked = this.clicked;
    this.clicked = false;
    if (clicked || before === this.current) {
      return;
    }
    const top = this.scrolled.get(this.current);
    if (top === undefined) {
      target?.scrollIntoView();
    } else {
      scrollTo({ top, behavior: "instant" });
    }
  }
}

function outer(details: HTMLDetailsElement): HTMLDetailsElement | null {
  return details.parentElement?.closest("details") ?? null;
}

function anchorOf(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return "";
  }
}
