// What the viewer shows of a file: an element for its kind, which asks for nothing but what it was given.

import { make } from "../room/dom";
import type { Kind } from "./kinds";
import type { Library } from "./library";

// More text than this at once makes a phone stop; all of it is in the saved file. In bytes.
const LONGEST_TEXT = 1 << 20;

// As PDF viewers understand it (RFC 8118): the pages fill the width, without a column of small ones beside them.
const PDF_VIEW = "#navpanes=0&view=FitH";

// How often, in milliseconds, and how many times to look for a browser's PDF viewer, which is there within a second.
const LOOK = 100;
const LOOKS = 50;

/** Something is shown, or why it cannot be. */
export interface Shown {
  readonly element: HTMLElement;
  readonly note: string;
}

/** An element that shows what is at `address`. `onFailure` is told when the browser cannot show it. */
export function showAddress(
  kind: Exclude<Kind, "text">,
  address: string,
  title: string,
  onFailure: () => void,
): HTMLElement {
  const element = elementFor(kind, title);
  element.addEventListener("error", onFailure, { once: true });
  element.src = kind === "pdf" ? `${address}${PDF_VIEW}` : address;
  return element;
}

function elementFor(
  kind: Exclude<Kind, "text">,
  title: string,
): HTMLImageElement | HTMLMediaElement | HTMLIFrameElement {
  if (kind === "pdf") {
    const frame = make("iframe", "stage-frame");
    frame.title = title;
    frame.referrerPolicy = "no-referrer";
    fillWithViewer(frame);
    return frame;
  }
  if (kind === "image") {
    const image = make("img", "stage-image");
    image.alt = title;
    return image;
  }
  const player = make(kind, `stage-${kind}`);
  player.controls = true;
  player.preload = "metadata";
  player.setAttribute("aria-label", title);
  player.setAttribute("playsinline", "");
  return player;
}

/**
 * Where a browser shows a PDF by a page of its own around its viewer, as WebKitGTK does, that page's inline styles are
 * refused: a blob inherits the room's policy. What a script sets is not. Such a page never says that it has loaded.
 */
function fillWithViewer(frame: HTMLIFrameElement): void {
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    const page = frame.contentDocument;
    const viewer = page?.querySelector("iframe");
    if (page && viewer) {
      page.body.style.margin = "0";
      Object.assign(viewer.style, {
        display: "block",
        width: "100%",
        height: "100vh",
        border: "0",
      });
    }
    // Other browsers keep what they show of a PDF out of a script's reach.
    if (!page || viewer || looks === LOOKS) {
      clearInterval(timer);
    }
  }, LOOK);
}

/** The text of a file, or its beginning. */
export async function showText(blob: Blob, library: Library): Promise<Shown> {
  const whole = blob.size <= LONGEST_TEXT;
  const bytes = await blob.slice(0, LONGEST_TEXT).arrayBuffer();
  const element = make("pre", "stage-text", decode(bytes, whole));
  element.tabIndex = 0;
  const note = whole ? "" : library.say("file_beginning", { size: library.size(LONGEST_TEXT) });
  return { element, note };
}

/** UTF-8, or else what older programs for Windows write. A letter that the cut goes through is dropped. */
function decode(bytes: ArrayBuffer, whole: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Whether this browser shows PDFs within a page. */
export function showsPdf(): boolean {
  return navigator.pdfViewerEnabled !== false;
}

/** Browsers of Apple's phones and tablets show no more than the first page of a PDF within a page. */
export function showsFirstPageOnly(): boolean {
  return navigator.maxTouchPoints > 1 && navigator.vendor.startsWith("Apple");
}
