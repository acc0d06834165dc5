// Which files are shown in the page, and how. Everything that is not listed here is only ever saved: a file that could
// run as a page of the room's own origin, such as HTML or SVG, is never opened as one.

export type Kind = "pdf" | "image" | "video" | "audio" | "text";

const KINDS: Readonly<Record<string, Kind>> = {
  "application/pdf": "pdf",
  "image/png": "image",
  "image/jpeg": "image",
  "image/gif": "image",
  "image/webp": "image",
  "image/avif": "image",
  "video/mp4": "video",
  "video/webm": "video",
  "video/ogg": "video",
  "video/quicktime": "video",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/aac": "audio",
  "audio/ogg": "audio",
  "audio/wav": "audio",
  "audio/x-wav": "audio",
  "audio/flac": "audio",
  "audio/webm": "audio",
  "text/plain": "text",
  "text/csv": "text",
  "text/markdown": "text",
  "text/tab-separated-values": "text",
};

const OPAQUE = "application/octet-stream";

/** How a file of this media type is shown, or null when it is only saved. */
export function kindOf(type: string): Kind | null {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null;
}

/**
 * The type that the browser is told. Texts are plain text to it. SVG keeps its type because pages show drawings as
 * images, in which nothing runs; as a document of its own it is not opened.
 */
export function inertType(type: string): string {
  const kind = kindOf(type);
  if (kind === "text") {
    return "text/plain";
  }
  return kind === null && type !== "image/svg+xml" ? OPAQUE : type;
}
