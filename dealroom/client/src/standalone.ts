// The script of a copy of the room in one file, which works from the disk and without a network. Nothing is fetched:
// the objects are in the page, each in an element of its own.

import { App } from "./app";
import { COPY_ELEMENT, type Copy } from "./copy";
import type { Bytes } from "./crypto/encoding";
import { DESCRIPTOR_ELEMENT, parseDescriptor } from "./descriptor";
import { RoomError } from "./errors";
import type { Host } from "./host";

// Letters of base64 that are decoded at a time: a multiple of four, so that each piece stands for itself.
const PIECE = 1 << 18;

function embeddedHost(): Host {
  return {
    async *object(name, signal, from = 0) {
      const text = objectElement(name)?.textContent;
      if (text === undefined) {
        throw new RoomError("missing", `the file holds no ${name}`);
      }
      let skip = from;
      for (let start = 0; start < text.length; start += PIECE) {
        // Between the pieces of a large document the page does what else its reader wants.
        await new Promise((resume) => setTimeout(resume));
        signal?.throwIfAborted();
        const bytes = decode(text.slice(start, start + PIECE));
        if (skip < bytes.length) {
          yield bytes.subarray(skip);
        }
        skip = Math.max(0, skip - bytes.length);
      }
    },
    address: () => null,
    descriptor: async () =>
      parseDescriptor(document.getElementById(DESCRIPTOR_ELEMENT)?.textContent ?? ""),
    copy: readCopy(),
  };
}

function readCopy(): Copy {
  const written = document.getElementById(COPY_ELEMENT)?.textContent ?? "{}";
  const { online, assets } = JSON.parse(written) as {
    readonly online?: string;
    readonly assets?: Readonly<Record<string, string>>;
  };
  return {
    has: (name) => objectElement(name) !== null,
    online: online ?? null,
    assets: new Map(Object.entries(assets ?? {})),
  };
}

function objectElement(name: string): HTMLElement | null {
  return document.getElementById(`o-${name}`);
}

function decode(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// A browser takes all files of a disk for one site, or each for a site of its own: a key would be kept for all or for
// none of them. So a copy keeps nothing.
new App(embeddedHost(), Promise.resolve(null)).start();
