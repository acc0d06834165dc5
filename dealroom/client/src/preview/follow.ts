// A room in the preview follows its plan: it renews itself in place, or shows what is wrong with the plan.

import { Overlay } from "./overlay";
import { parsePage } from "./parse";
import { listen } from "./stream";
import { sameScripts, staleStyles } from "./styles";

/**
 * What the server knows of a room: the version it serves, and what is wrong with the plan, as text. The page of a
 * version that has just become it comes with it.
 */
export interface RoomState {
  readonly version: string;
  readonly page?: string;
  readonly problem: { readonly title: string; readonly text: string } | null;
}

/** Follows the room of this page, which was served as `version`; empty when there was no room to serve. */
export function followRoom(version: string): void {
  const overlay = new Overlay();
  let shown = version;
  listen("state", new URLSearchParams({ path: location.pathname }), (data) => {
    const state = data as RoomState;
    if (state.problem) {
      overlay.show(state.problem.title, state.problem.text);
    } else {
      overlay.hide();
    }
    if (state.version !== "" && state.version !== shown) {
      const waiting = shown === "";
      shown = state.version;
      void renew(waiting, state.page);
    }
  });
}

async function renew(waiting: boolean, told: string | undefined): Promise<void> {
  if (waiting || isUntouchedLock()) {
    location.reload();
    return;
  }
  const page = told ?? (await fetchPage());
  if (page === null) {
    return;
  }
  // The room opens itself anew from the same page.
  document.dispatchEvent(new CustomEvent("dealroom:reload", { detail: page }));
  const fresh = parsePage(page);
  if (sameScripts(document, fresh)) {
    swapStyles(fresh);
  } else {
    location.reload();
  }
}

async function fetchPage(): Promise<string | null> {
  const response = await fetch(location.pathname, { cache: "no-store" });
  return response.ok ? response.text() : null;
}

/** A lock page into which nobody has typed yet may just be loaded again. */
function isUntouchedLock(): boolean {
  const passphrase = document.querySelector<HTMLInputElement>("#passphrase");
  return document.documentElement.dataset["state"] === "locked" && !passphrase?.value;
}

/** Puts new style sheets in the place of old ones, each after it has loaded, so that the page never stands bare. */
function swapStyles(fresh: Document): void {
  for (const { old, href, integrity } of staleStyles(document, fresh)) {
    const link = old.cloneNode() as HTMLLinkElement;
    // The digest first: the browser compares with it as soon as there is an address.
    link.integrity = integrity;
    link.href = href;
    link.addEventListener("load", () => old.remove(), { once: true });
    old.after(link);
  }
}
