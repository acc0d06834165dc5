// Everything that the page holds, as a reader would look for it.

import type { Entry, Kind } from "./finding";

export interface Place extends Entry {
  /** The element that is gone to, and its anchor or that of the part it stands in. */
  readonly element: HTMLElement;
  readonly anchor: string;
}

/** The entries of the opened page, in its order. */
export function contentsOf(room: HTMLElement): Place[] {
  return [
    ...all(room, "details[data-milestone]", (row) =>
      entry(
        "milestones",
        row,
        text(row, "[data-title]"),
        "",
        text(row, ".done-when li, .notice p, .notes p, .chip-name"),
      ),
    ),
    ...all(room, "[data-step]", (step) =>
      entry(
        "steps",
        step,
        text(step, ".step-title"),
        text(step.closest("details"), "[data-title]"),
        text(step, ".step-facts"),
      ),
    ),
    ...all(room, ".criterion", (card) =>
      entry("criteria", card, text(card, "h3"), "", text(card, ".measure, .criterion-foot")),
    ),
    ...all(room, ".person", (person) =>
      entry(
        "people",
        person,
        text(person, ".person-name strong"),
        text(person.closest(".team"), "h3"),
        text(person, ".person-text"),
      ),
    ),
    ...all(room, ".documents li a, .documents li button", (link) =>
      entry("documents", link, text(link, ".file-title"), "", text(link, ".soft")),
    ).filter(({ title }) => title !== ""),
    ...all(room, ".page", (page) => sections(page)).flat(),
    ...all(room, ".entry", (change) =>
      entry("history", change, text(change, ".entry-day"), "", text(change, ":scope > div")),
    ),
  ];
}

/** A page's parts, each from a heading to the next; what comes before the first belongs to the page itself. */
function sections(page: HTMLElement): Place[] {
  const title = text(page, "h1");
  const found: { element: HTMLElement; title: string; texts: string[] }[] = [
    { element: page, title, texts: [] },
  ];
  for (const block of page.querySelector(".prose")?.children ?? []) {
    if (block instanceof HTMLElement && /^H[1-4]$/.test(block.tagName) && block.id) {
      found.push({ element: block, title: words(block.textContent), texts: [] });
    } else {
      found.at(-1)?.texts.push(words(block.textContent));
    }
  }
  return found.map(({ element, title: heading, texts }) =>
    entry("pages", element, heading, element === page ? "" : title, texts.join(" ")),
  );
}

function entry(
  kind: Kind,
  element: HTMLElement,
  title: string,
  within: string,
  body: string,
): Place {
  const anchor = element.id || (element.closest<HTMLElement>("[id]")?.id ?? "");
  return { kind, element, anchor, title, within, text: body };
}

function all<T>(room: HTMLElement, selector: string, read: (element: HTMLElement) => T): T[] {
  return [...room.querySelectorAll<HTMLElement>(selector)].map(read);
}

function text(element: Element | null, selector: string): string {
  return [...(element?.querySelectorAll(selector) ?? [])]
    .map((found) => words(found.textContent))
    .join(" ");
}

function words(written: string | null): string {
  return (written ?? "").replace(/\s+/gu, " ").trim();
}
