// Saving a document under its own name. A large one goes straight to the disk: through the service worker as a download
// of the browser's own, or where there is no worker, into a file that the reader chooses. The rest is put together first.

import { RoomError } from "../errors";
import type { Library } from "./library";
import { content } from "./sealed";

// A browser reads a saved file's address when it starts to save; this is ample. In milliseconds.
const ADDRESS_LIFETIME = 60_000;
// A browser that asks the worker for a download does so at once; one that does not, never will. In milliseconds.
const LONGEST_REQUEST = 10_000;

export interface Watcher {
  readonly signal: AbortSignal;
  /** In bytes. */
  readonly onProgress: (done: number, size: number) => void;
  readonly onConnection: (lost: boolean) => void;
}

interface FilePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** Saves a file. Rejects with a `RoomError`, or an `AbortError` when the reader wanted it no more. */
export async function save(library: Library, ref: string, watcher: Watcher): Promise<void> {
  if (await saveThroughWorker(library, ref, watcher)) {
    return;
  }
  if (await saveIntoFile(library, ref, watcher)) {
    return;
  }
  saveBlob(await library.blob(ref, watcher), library.file(ref)?.name ?? "");
}

/** Has the browser save what is in memory already. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_LIFETIME);
}

/** False when there is no worker, or the browser does not ask it for downloads. */
async function saveThroughWorker(
  library: Library,
  ref: string,
  { signal, onProgress, onConnection }: Watcher,
): Promise<boolean> {
  const size = library.file(ref)?.size ?? 0;
  let finish: (outcome: string | null) => void = () => undefined;
  const finished = new Promise<string | null>((resolve) => {
    finish = resolve;
  });
  const delivery = await library.deliver(ref, true, signal, {
    onProgress: (done) => onProgress(done, size),
    onConnection,
    onEnd: finish,
  });
  if (!delivery) {
    return false;
  }
  const abort = () => finish("stopped");
  signal.addEventListener("abort", abort);
  // A frame, so that an answer that is no download does not replace the room.
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = delivery.address;
  document.body.append(frame);
  const late = setTimeout(() => delivery.wanted || finish("unasked"), LONGEST_REQUEST);
  const outcome = await finished;
  clearTimeout(late);
  signal.removeEventListener("abort", abort);
  delivery.forget();
  frame.remove();
  if (outcome === "stopped") {
    throw new DOMException("the reader wants it no more", "AbortError");
  }
  if (outcome !== null && outcome !== "unasked") {
    throw new RoomError(outcome === "unreachable" || outcome === "missing" ? outcome : "damaged");
  }
  return outcome === null;
}

/** False where the browser lets no page write into files, and for what is small. */
async function saveIntoFile(library: Library, ref: string, watcher: Watcher): Promise<boolean> {
  const { showSaveFilePicker } = window as FilePicker;
  const listed = library.file(ref);
  if (!(showSaveFilePicker && listed && library.isLarge(ref))) {
    return false;
  }
  const handle = await showSaveFilePicker.call(window, { suggestedName: listed.name });
  const { file, pieces } = await library.source(ref, watcher.signal);
  const writer = await handle.createWritable();
  try {
    let done = 0;
    for await (const piece of content(file, pieces, watcher)) {
      await writer.write(piece);
      done += piece.length;
      watcher.onProgress(done, file.size);
    }
    await writer.close();
  } catch (error) {
    // What was written so far is thrown away: half a document is none.
    await writer.abort().catch(() => undefined);
    throw error;
  }
  return true;
}
