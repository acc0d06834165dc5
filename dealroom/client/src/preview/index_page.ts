// The preview's list of rooms: keeps itself up to date, and finds a room by typing.

import { startInbox, updateInbox } from "./inbox";
import { parsePage } from "./parse";
import { listen } from "./stream";
import { replace } from "./swap";

interface RoomsChanged {
  /** The rooms whose entry changed; null when the list itself did. None, when only the inbox did. */
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
  startInbox();
  let version = Number(document.querySelector<HTMLElement>("#rooms")?.dataset["version"]);
  // What changed while an update is under way waits together, so that many quick saves cost one more.
  let waiting: Set<string> | null = new Set();
  let isStale = false;
  let isUpdating = false;
  const catchUp = async (): Promise<void> => {
    isUpdating = true;
    while (isStale) {
      const slugs: readonly string[] | null = waiting && [...waiting];
      waiting = new Set();
      isStale = false;
      await update(slugs).catch(reportError);
      filter(search?.value ?? "");
    }
    isUpdating = false;
  };
  listen("rooms", new URLSearchParams(), (data) => {
    const changed = data as RoomsChanged;
    if (changed.version === version) {
      return;
    }
    const isNext = changed.version === version + 1;
    version = changed.version;
    const all = waiting === null || changed.slugs === null || !isNext;
    isStale = true;
    waiting = all ? null : new Set([...(waiting ?? []), ...(changed.slugs ?? [])]);
    if (!isUpdating) {
      void catchUp();
    }
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
  if (slugs.length > 0) {
    replace("#counts", (await fetchPage("/-/counts"))?.querySelector("#counts") ?? null);
  }
  // Also when a plan changed: what a reply would do depends on it.
  await updateInbox();
}

async function updateList(): Promise<void> {
  const fresh = await fetchPage("/");
  for (const part of ["#inbox", "#counts", "#rooms"]) {
    replace(part, fresh?.querySelector(part) ?? null);
  }
}

async function updateEntry(slug: string): Promise<void> {
  const selector = `[data-room="${CSS.escape(slug)}"]`;
  const fresh = await fetchPage(`/-/rooms/${encodeURIComponent(slug)}`);
  replace(selector, fresh?.querySelector(selector) ?? null);
}

async function fetchPage(address: string): Promise<Document | null> {
  const response = await fetch(address, { cache: "no-store" });
  return response.ok ? parsePage(await response.text()) : null;
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
