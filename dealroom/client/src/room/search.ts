// The search: a dialog over the page, opened by its button or by Ctrl K and ⌘K.
// The pattern is the editable combobox with a list box of the ARIA Authoring Practices.

import { contentsOf, type Place } from "./contents";
import { icon, make } from "./dom";
import { Finder, type Found, type Marked } from "./finding";
import type { Wording } from "./wording";

const LIST = "search-list";

/** `goTo` shows a place of the page, by its anchor. */
export function startSearch(
  room: HTMLElement,
  wording: Wording,
  goTo: (place: Place) => void,
  signal: AbortSignal,
): void {
  let search: Search | undefined;
  const open = () => {
    // Made when it is first wanted: most readers never search.
    search ??= new Search(room, wording, goTo);
    search.open();
  };
  for (const button of room.querySelectorAll("[data-action=search]")) {
    button.addEventListener("click", open, { signal });
  }
  addEventListener(
    "keydown",
    (event) => {
      const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (isShortcut && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open();
      }
    },
    { signal },
  );
  signal.addEventListener("abort", () => search?.leave());
}

class Search {
  private readonly dialog: HTMLDialogElement;
  private readonly field: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly status: HTMLElement;
  private readonly finder: Finder<Place>;
  private found: readonly Place[] = [];
  private current = -1;

  constructor(
    room: HTMLElement,
    private readonly wording: Wording,
    private readonly goTo: (place: Place) => void,
  ) {
    this.finder = new Finder(contentsOf(room));
    this.field = make("input", "search-field");
    this.list = make("div", "search-list");
    this.status = make("p", "search-status");
    this.status.setAttribute("role", "status");
    this.describe();
    const close = make("button", "quiet search-close", wording.say("search_close"));
    close.type = "button";
    close.addEventListener("click", () => this.close());
    this.dialog = make(
      "dialog",
      "search",
      make("div", "search-head", icon("search"), this.field, close),
      this.list,
      this.status,
    );
    this.dialog.setAttribute("aria-label", wording.say("search"));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
    this.field.addEventListener("input", () => this.update());
    this.field.addEventListener("keydown", (event) => this.steer(event));
    room.append(this.dialog);
  }

  open(): void {
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    this.field.select();
    this.field.focus();
    this.update();
  }

  close(): void {
    this.dialog.close();
  }

  /** Takes it away, once its reader has found what they look for. */
  leave(): void {
    if (this.dialog.open) {
      this.dialog.addEventListener("close", () => this.dialog.remove());
    } else {
      this.dialog.remove();
    }
  }

  private describe(): void {
    const hint = this.wording.say("search_hint");
    // A field of type `search` would keep the Escape key, which is to close the dialog, for itself.
    this.field.type = "text";
    this.field.inputMode = "search";
    this.field.placeholder = hint;
    this.field.autocomplete = "off";
    this.field.spellcheck = false;
    this.field.setAttribute("enterkeyhint", "go");
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-label": hint,
      "aria-autocomplete": "list",
      "aria-controls": LIST,
      "aria-expanded": "false",
    })) {
      this.field.setAttribute(name, value);
    }
    this.list.id = LIST;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.wording.say("search"));
  }

  private update(): void {
    const query = this.field.value;
    const found = this.finder.find(query);
    const groups = grouped(found);
    const shown = [...groups.values()].flat();
    this.found = shown.map(({ entry }) => entry);
    this.list.replaceChildren(...[...groups].map(([kind, each]) => this.group(kind, each, shown)));
    this.field.setAttribute("aria-expanded", String(shown.length > 0));
    this.status.classList.toggle("visually-hidden", shown.length > 0);
    this.status.textContent = this.told(query, shown.length);
    this.select(shown.length > 0 ? 0 : -1);
  }

  private told(query: string, count: number): string {
    if (query.trim() === "") {
      return "";
    }
    return count > 0
      ? this.wording.count("search_found", count)
      : this.wording.say("search_none", { query: query.trim() });
  }

  private group(
    kind: string,
    each: readonly Found<Place>[],
    shown: readonly Found<Place>[],
  ): HTMLElement {
    const title = make("p", "search-kind", this.wording.say(`search_${kind}`));
    title.id = `search-kind-${kind}`;
    const group = make(
      "div",
      "",
      title,
      ...each.map((one) => this.option(one, shown.indexOf(one))),
    );
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", title.id);
    return group;
  }

  private option({ entry, title, excerpt }: Found<Place>, index: number): HTMLElement {
    const option = make("div", "search-option", make("span", "search-title", ...pieces(title)));
    const about = [
      ...(entry.within ? [entry.within, ...(excerpt.length > 0 ? [" · "] : [])] : []),
      ...pieces(excerpt),
    ];
    if (about.length > 0) {
      option.append(make("span", "search-about", ...about));
    }
    option.id = `search-option-${index}`;
    option.setAttribute("role", "option");
    option.addEventListener("click", () => this.choose(index));
    option.addEventListener("pointermove", () => this.select(index));
    return option;
  }

  private steer(event: KeyboardEvent): void {
    const last = this.found.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: this.current >= last ? 0 : this.current + 1,
      ArrowUp: this.current <= 0 ? last : this.current - 1,
    };
    const to = moves[event.key];
    // While an input method composes, its keys are its own.
    if (event.isComposing || last < 0) {
      return;
    }
    if (to !== undefined) {
      event.preventDefault();
      this.select(to);
      this.optionAt(to)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.choose(this.current);
    }
  }

  private select(index: number): void {
    this.optionAt(this.current)?.setAttribute("aria-selected", "false");
    this.current = index;
    const option = this.optionAt(index);
    option?.setAttribute("aria-selected", "true");
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  private optionAt(index: number): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(`#search-option-${index}`);
  }

  private choose(index: number): void {
    const place = this.found[index];
    if (place) {
      this.close();
      this.goTo(place);
    }
  }
}

function pieces(text: Marked): (Node | string)[] {
  return text
    .map((piece, index) => (index % 2 === 1 ? make("mark", "", piece) : piece))
    .filter(Boolean);
}

function grouped(found: readonly Found<Place>[]): Map<string, Found<Place>[]> {
  const groups = new Map<string, Found<Place>[]>();
  for (const one of found) {
    groups.set(one.entry.kind, [...(groups.get(one.entry.kind) ?? []), one]);
  }
  return groups;
}
