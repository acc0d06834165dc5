// A copy of the room in one file: what it brings along, and what is only in the room online.

import type { Texts } from "./texts";

export const COPY_ELEMENT = "dealroom-copy";

export interface Copy {
  /** Whether the object of this name is in the file. */
  has(name: string): boolean;
  /** The address of the room online, without a secret; `null` when it is not known. */
  readonly online: string | null;
  /** Images of the seller's brand as `data:` addresses, by the address that the page has for them. */
  readonly assets: ReadonlyMap<string, string>;
}

/** The page with the images that the file brings along. The addresses hold nothing that HTML would read otherwise. */
export function withAssets(html: string, copy: Copy | undefined): string {
  let page = html;
  for (const [address, data] of copy?.assets ?? []) {
    page = page.replaceAll(address, data);
  }
  return page;
}

/** Says of documents that are not in the file where they are, and leads there. */
export function markAbsent(
  root: HTMLElement,
  absent: ReadonlySet<string>,
  copy: Copy | undefined,
  texts: Texts,
): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-object]")) {
    if (!absent.has(element.dataset["object"] ?? "")) {
      continue;
    }
    delete element.dataset["object"];
    element.dataset["state"] = "online";
    if (element instanceof HTMLAnchorElement) {
      lead(element, copy?.online ?? null);
      const note = document.createElement("span");
      note.className = "online-note";
      note.textContent = texts["file.online"];
      (element.querySelector(".file-text") ?? element).append(note);
    }
  }
}

function lead(link: HTMLAnchorElement, online: string | null): void {
  link.removeAttribute("download");
  if (online === null) {
    link.removeAttribute("href");
    return;
  }
  link.href = online;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}
