// Images and documents of the opened page. `data-object` names a file of the view:
// an image is filled in, anything else opens or saves its document when it is clicked.
//
// While a file is fetched its element carries `data-state="loading"` and `data-progress` (0 to 100),
// afterwards `data-state="ready"` or `"failed"`, for styles to show.

import type { RoomContext } from "./context";

// A browser reads a saved file's address when it starts to save; this is ample. In milliseconds.
const ADDRESS_LIFETIME = 60_000;

/** Fills the images below `root`, and makes its documents open. Ends with the context's signal. */
export function serveFiles(root: HTMLElement, context: RoomContext): void {
  for (const image of root.querySelectorAll<HTMLImageElement>("img[data-object]")) {
    fillImage(image, context).catch(() => undefined);
  }
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[data-object]:not([href])")) {
    // Without an address a link can neither be focused nor be followed with the keyboard.
    link.href = "#";
  }
  root.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const link = target?.closest<HTMLElement>("a[data-object], button[data-object]");
      if (link) {
        event.preventDefault();
        save(link, context).catch(() => undefined);
      }
    },
    { signal: context.signal },
  );
}

async function fillImage(image: HTMLImageElement, context: RoomContext): Promise<void> {
  const blob = await fetchFile(image, context);
  const address = URL.createObjectURL(blob);
  // Kept for as long as the content: the page may be printed, or the image opened, at any time.
  context.signal.addEventListener("abort", () => URL.revokeObjectURL(address));
  image.src = address;
}

async function save(link: HTMLElement, context: RoomContext): Promise<void> {
  if (link.dataset["state"] === "loading") {
    return;
  }
  const blob = await fetchFile(link, context);
  const address = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = context.files.get(link.dataset["object"] ?? "")?.name ?? "";
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_LIFETIME);
}

async function fetchFile(element: HTMLElement, context: RoomContext): Promise<Blob> {
  const { dataset } = element;
  dataset["state"] = "loading";
  element.setAttribute("aria-busy", "true");
  element.removeAttribute("title");
  try {
    const blob = await context.openFile(dataset["object"] ?? "", {
      signal: context.signal,
      onProgress: (done, size) => {
        dataset["progress"] = String(size === 0 ? 100 : Math.floor((100 * done) / size));
      },
    });
    dataset["state"] = "ready";
    return blob;
  } catch (error) {
    dataset["state"] = "failed";
    element.title = context.texts["file.failed"] ?? "";
    throw error;
  } finally {
    element.removeAttribute("aria-busy");
    delete dataset["progress"];
  }
}
