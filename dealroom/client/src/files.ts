// Images and documents of the opened page. `data-object` names a file of the view: an image is filled in; a document is
// opened in the viewer when it is clicked, or saved when it is of no kind that the viewer shows.
//
// While an image is fetched or a document saved, its element carries `data-state="loading"` and for a document
// `data-progress` (0 to 100), afterwards `data-state="ready"` or `"failed"`, for styles to show.

import type { RoomContext } from "./context";
import { type Bytes, equal } from "./crypto/encoding";
import { serveEmbeds } from "./documents/embeds";
import { Library } from "./documents/library";
import { Tray } from "./documents/tray";
import { Viewer } from "./documents/viewer";
import { wordingOf } from "./room/wording";

/** What images show, by the digests of their contents. */
const filled = new WeakMap<HTMLImageElement, Bytes>();

/** Makes the documents below `root` open, and fills it. Ends when the page is closed. */
export function serveFiles(root: HTMLElement, context: RoomContext): void {
  fillFiles(root, context);
  const room = root.querySelector<HTMLElement>("[data-texts]");
  if (room) {
    serveDocuments(room, context);
  }
}

/** Fills the images below `root` that are not filled, and lets its documents be reached. */
export function fillFiles(root: HTMLElement, context: RoomContext): void {
  for (const image of root.querySelectorAll<HTMLImageElement>("img[data-object]")) {
    const digest = context.files.get(image.dataset["object"] ?? "")?.digest;
    const shown = filled.get(image);
    if (!(digest && shown && equal(digest, shown))) {
      fillImage(image, digest, context).catch(() => undefined);
    }
  }
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[data-object]:not([href])")) {
    // Without an address a link can neither be focused nor be followed with the keyboard.
    link.href = `#${link.dataset["object"]}`;
  }
  serveEmbeds(root, context.signal);
}

function serveDocuments(room: HTMLElement, context: RoomContext): void {
  const library = new Library(context, wordingOf(room), room.lang);
  const tray = new Tray(library, room);
  const dialog = room.querySelector<HTMLDialogElement>("dialog[data-viewer=dialog]");
  const viewer = dialog ? new Viewer(dialog, library, tray) : null;
  room.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const link = target?.closest<HTMLElement>("a[data-object], button[data-object]");
      const ref = link?.dataset["object"];
      if (!link || ref === undefined) {
        return;
      }
      event.preventDefault();
      if (viewer?.opens(ref)) {
        viewer.open(ref, link);
      } else {
        tray.save(ref, link).catch(() => undefined);
      }
    },
    { signal: context.closed },
  );
  viewer?.follow();
}

async function fillImage(
  image: HTMLImageElement,
  digest: Bytes | undefined,
  context: RoomContext,
): Promise<void> {
  const { dataset } = image;
  if (digest) {
    filled.set(image, digest);
  }
  dataset["state"] = "loading";
  try {
    const blob = await context.openFile(dataset["object"] ?? "", { signal: context.closed });
    const address = URL.createObjectURL(blob);
    // Kept for as long as the content: the page may be printed, or the image opened, at any time.
    context.closed.addEventListener("abort", () => URL.revokeObjectURL(address));
    image.src = address;
    dataset["state"] = "ready";
  } catch (error) {
    dataset["state"] = "failed";
    image.title = context.texts["file.failed"] ?? "";
    filled.delete(image);
    throw error;
  }
}
