// A whole file as a Blob: for what the page shows by itself, and where no service worker can be had.

import type { OpenFileOptions } from "../context";
import type { Bytes } from "../crypto/encoding";
import { damaged } from "../errors";
import { inertType } from "./kinds";
import { content, type Pieces, type SealedFile } from "./sealed";

// Decrypted chunks are handed to the browser's blob store, which may keep them on disk, this many bytes at a time.
const BLOB_PART = 4 << 20;

/** The content of a file, all of it verified. Throws a RoomError, or the signal's reason. */
export async function blobOf(
  file: SealedFile,
  pieces: Pieces,
  { onProgress, ...options }: OpenFileOptions,
): Promise<Blob> {
  const parts: Blob[] = [];
  let waiting: Bytes[] = [];
  let waitingSize = 0;
  let done = 0;
  for await (const chunk of content(file, pieces, options)) {
    waiting.push(chunk);
    waitingSize += chunk.length;
    done += chunk.length;
    if (waitingSize >= BLOB_PART) {
      parts.push(new Blob(waiting));
      waiting = [];
      waitingSize = 0;
    }
    onProgress?.(done, file.size);
  }
  if (done !== file.size) {
    throw damaged("a file has another size than its manifest says");
  }
  return new Blob([...parts, ...waiting], { type: inertType(file.type) });
}
