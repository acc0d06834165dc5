// Marks what is new since the last visit: changes of the plan, documents, pages.

import type { RoomContext } from "../context";
import { make, show } from "./dom";
import { deviceStorage, digest, forgetVisits, visit } from "./visits";
import type { Wording } from "./wording";

interface Item {
  readonly key: string;
  /** The place without its content: it tells a new thing from one that was updated. */
  readonly place: string;
  readonly mark: (isUpdate: boolean) => void;
}

export function startNews(
  room: HTMLElement,
  context: RoomContext,
  wording: Wording,
  now: () => Date,
): void {
  const { person, title, signal } = context;
  // The title is sealed: without it nobody can tell from the name which room was opened, or by whom.
  const name = digest(`${location.pathname}\n${title}\n${person.kind}\n${person.id}`);
  const storage = deviceStorage();
  const items = [
    ...changes(room, wording),
    ...documents(room, context, wording),
    ...pages(room, wording),
  ];
  const shown = items.flatMap(({ key, place }) => [key, place]);
  const seen = visit(storage, name, shown, now());
  for (const button of room.querySelectorAll("[data-action=lock]")) {
    button.addEventListener("click", () => forgetVisits(storage, name), { signal });
  }
  if (seen === null) {
    return;
  }
  const fresh = items.filter(({ key }) => !seen.has(key));
  for (const item of fresh) {
    item.mark(seen.has(item.place));
  }
  const news = room.querySelector<HTMLElement>("[data-news]");
  show(news, fresh.length > 0 ? wording.count("since_visit", fresh.length) : "");
}

function changes(room: HTMLElement, wording: Wording): Item[] {
  return [...room.querySelectorAll<HTMLElement>("[data-change]")].map((entry) => ({
    key: digest(`change\n${entry.dataset["change"]}`),
    place: "",
    mark: () => {
      entry.classList.add("is-new");
      const folded = entry.closest("details");
      if (append(entry.querySelector(".entry-day"), wording.say("new")) && folded) {
        folded.open = true;
      }
    },
  }));
}

function documents(room: HTMLElement, { files }: RoomContext, wording: Wording): Item[] {
  return [...room.querySelectorAll<HTMLElement>(".files [data-object]")].map((link) => {
    const ref = link.dataset["object"] ?? "";
    const file = files.get(ref);
    return marked(
      link.querySelector(".file-title"),
      `file\n${ref}`,
      `${file?.name}\n${file?.size}`,
      wording,
    );
  });
}

function pages(room: HTMLElement, wording: Wording): Item[] {
  return [...room.querySelectorAll<HTMLElement>(".page[id]")].map((page) => {
    const link = room.querySelector(`.reading a[href="#${CSS.escape(page.id)}"]`);
    const text = page.querySelector(".prose")?.textContent ?? "";
    return marked(link?.parentElement ?? null, `page\n${page.id}`, text, wording);
  });
}

function marked(element: Element | null, place: string, content: string, wording: Wording): Item {
  return {
    key: digest(`${place}\n${content}`),
    place: digest(place),
    mark: (isUpdate) => append(element, wording.say(isUpdate ? "updated" : "new")),
  };
}

/** Whether it was not marked before, as what has not changed was. */
function append(element: Element | null, text: string): boolean {
  if (!element || element.querySelector(":scope > .badge-new")) {
    return false;
  }
  element.append(" ", make("span", "badge badge-new", text));
  return true;
}
