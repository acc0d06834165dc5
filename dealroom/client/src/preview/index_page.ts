// The preview's list of rooms: keeps itself up to date, and finds a room by typing.

import { parsePage } from "./parse";
import { listen } from "./stream";

interface RoomsChanged {
  /** The rooms whose entry changed; null when the list itself did. */
  readonly slugs: readonly string[] | null;
  /** Which list the server has. A page with another one has missed something. */
  readonly version: number;
}

/** Above this many changed entries, fetching the whole list is quicker than fetching each. */
const ENTRIES_AT_ONCE = 8;

export function followIndex(): void {
  const search = document.querySelector<HTMLInputElement>("#search");
  search?.addEventListener("input", () => filter(search.value));
  restore(search);
  let version = Number(document.querySelector<HTMLElement>("#rooms")?.dataset["version"]);
  let updating = Promise.resolve();
  listen("rooms", new URLSearchParams(), (data) => {
    const changed = data as RoomsChanged;
    if (changed.version === version) {
      return;
    }
    const isNext = changed.version === version + 1;
    version = changed.version;
    // One after the other, so that an older answer never overwrites a newer one.
    updating = updating
      .then(() => update(isNext ? changed.slugs : null))
      .then(() => filter(search?.value ?? ""));
  });
}

async function update(slugs: readonly string[] | null): Promise<void> {
  if (slugs === null || slugs.length > ENTRIES_AT_ONCE) {
    await updateList();
    return;
  }
  for (const slug of slugs) {
    await updateEntry(slug);
  }
  const counts = await fetchPart("/-/counts", "#counts");
  replace("#counts", counts);
}

async function updateList(): Promise<void> {
  const response = await fetch("/", { cache: "no-store" });
  const fresh = parsePage(await response.text());
  const open = openEntries();
  for (const part of ["#counts", "#rooms"]) {
    replace(part, fresh.querySelector(part));
  }
  for (const slug of open) {
    reopen(slug);
  }
}

async function updateEntry(slug: string): Promise<void> {
  const selector = entrySelector(slug);
  const isOpen = document.querySelector(`${selector} details[open]`) !== null;
  replace(selector, await fetchPart(`/-/rooms/${encodeURIComponent(slug)}`, selector));
  if (isOpen) {
    reopen(slug);
  }
}

async function fetchPart(address: string, selector: string): Promise<Element | null> {
  const response = await fetch(address, { cache: "no-store" });
  const text = response.ok ? await response.text() : "";
  return parsePage(text).querySelector(selector);
}

/** Puts `fresh` in the place of what `selector` finds, unless they are equal; keeps the keyboard's focus. */
function replace(selector: string, fresh: Element | null): void {
  const old = document.querySelector(selector);
  if (old === null || fresh === null || old.isEqualNode(fresh)) {
    return;
  }
  const focused = document.activeElement;
  const key =
    focused instanceof HTMLElement && old.contains(focused) ? focused.dataset["key"] : undefined;
  const adopted = document.adoptNode(fresh);
  old.replaceWith(adopted);
  if (key !== undefined) {
    adopted.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

function entrySelector(slug: string): string {
  return `[data-room="${CSS.escape(slug)}"]`;
}

function openEntries(): string[] {
  const rooms = [...document.querySelectorAll<HTMLElement>("[data-room]:has(details[open])")];
  return rooms.map((room) => room.dataset["room"] ?? "");
}

function reopen(slug: string): void {
  document.querySelector(`${entrySelector(slug)} details`)?.setAttribute("open", "");
}

/** Shows the rooms that hold every word of `text`, and says how many those are. */
function filter(text: string): void {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const room of document.querySelectorAll<HTMLElement>("[data-room]")) {
    const found = words.every((word) => room.dataset["search"]?.includes(word));
    room.hidden = !found;
    count += found ? 1 : 0;
  }
  const none = document.querySelector<HTMLElement>("#none");
  if (none) {
    none.hidden = count > 0 || words.length === 0;
  }
  const address = text === "" ? location.pathname : `?find=${encodeURIComponent(text)}`;
  history.replaceState(history.state, "", address);
}

/** What was searched for is still there after going into a room and back. */
function restore(search: HTMLInputElement | null): void {
  const text = new URLSearchParams(location.search).get("find");
  if (search && text) {
    search.value = text;
    filter(text);
  }
}
