// The worker's answers: status, headers and ranges of a file that is decrypted while it is read.

import { kindOf } from "./kinds";

export interface Range {
  readonly from: number;
  /** The position behind the last byte. */
  readonly to: number;
}

/** The bytes that a `Range` header asks for, of `size`; null for all, "none" when there are none of them. */
export function readRange(header: string | null, size: number): Range | "none" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  const [first, last] = [match?.[1] ?? "", match?.[2] ?? ""];
  if (first === "" && last === "") {
    return null;
  }
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return from < to ? { from, to } : "none";
}

/** The headers of a file's answer; `range` is what of it is sent. */
export function headersOf(
  file: { readonly name: string; readonly type: string; readonly size: number },
  range: Range | null,
  save: boolean,
): Record<string, string> {
  const kind = save ? null : kindOf(file.type);
  const seekable = kind === "video" || kind === "audio";
  const headers: Record<string, string> = {
    "Content-Type": contentType(file.type, kind),
    "Content-Length": String(range ? range.to - range.from : file.size),
    "Content-Disposition": `${kind === null ? "attachment" : "inline"}; ${asFileName(file.name)}`,
    "X-Content-Type-Options": "nosniff",
    // Nothing may run in what is shown. A sandboxed PDF is not shown at all, by design of the browsers; their viewers
    // keep it apart from the page themselves.
    "Content-Security-Policy":
      kind === "pdf" ? "script-src 'none'" : "default-src 'none'; style-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
  };
  if (seekable) {
    headers["Accept-Ranges"] = "bytes";
  }
  if (range) {
    headers["Content-Range"] = `bytes ${range.from}-${range.to - 1}/${file.size}`;
  }
  return headers;
}

function contentType(type: string, kind: ReturnType<typeof kindOf>): string {
  if (kind === null) {
    return "application/octet-stream";
  }
  return kind === "text" ? "text/plain; charset=utf-8" : type;
}

/** RFC 6266: the name in UTF-8, and without its other letters for who does not know that form. */
function asFileName(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
