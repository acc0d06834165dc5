// The room's service worker: answers for the documents of an opened page, which are decrypted while they are read.
//
// It asks the page for the file and its key when the browser first asks for an address, and keeps them in memory only,
// until the page says to forget them. Whatever is no document's address goes to the host as if it were not there.

import { withLast } from "../crypto/stream";
import { RoomError } from "../errors";
import { headersOf, type Range, readRange } from "./answers";
import { fetchPieces } from "./fetching";
import { release } from "./memory";
import {
  type FromPort,
  type HandedFile,
  type Lost,
  readAddress,
  type ToPort,
  type ToWorker,
  type Want,
} from "./messages";
import { content } from "./sealed";

declare const self: ServiceWorkerGlobalScope;

// A page answers at once, unless it is gone. In milliseconds.
const LONGEST_ANSWER = 5000;
// Told this often, progress moves smoothly and costs nothing. In bytes.
const PROGRESS_STEP = 512 * 1024;
// Chunks decrypted ahead of the browser's reading: enough to keep both busy.
const AHEAD = 4;

interface Held {
  readonly file: HandedFile;
  readonly compressed: boolean;
  readonly port: MessagePort;
  readonly underWay: Set<AbortController>;
}

const held = new Map<string, Held>();

self.addEventListener("install", () => {
  self.skipWaiting().catch(() => undefined);
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  const message = event.data as ToWorker;
  if (message.kind === "claim") {
    event.waitUntil(self.clients.claim());
    return;
  }
  for (const token of message.tokens) {
    if (!held.has(token)) {
      event.source?.postMessage({ kind: "lost", token } satisfies Lost);
    }
  }
});

self.addEventListener("fetch", (event) => {
  const found = readAddress(self.registration.scope, event.request.url);
  if (found) {
    event.respondWith(answer(found.token, found.save, event.request));
  }
});

async function answer(token: string, save: boolean, request: Request): Promise<Response> {
  const one = held.get(token) ?? (await askPages(token));
  if (!one) {
    return new Response(null, { status: 404 });
  }
  const { file } = one;
  const range = save ? null : readRange(request.headers.get("Range"), file.size);
  if (range === "none") {
    return new Response(null, {
      status: 416,
      headers: { "Content-Range": `bytes */${file.size}` },
    });
  }
  const body = stream(one, range ?? { from: 0, to: file.size });
  return new Response(body, { status: range ? 206 : 200, headers: headersOf(file, range, save) });
}

/** Asks the open pages of this room for a file. Null when none of them knows it. */
async function askPages(token: string): Promise<Held | null> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const answers = pages
    .filter((page) => page.url.startsWith(self.registration.scope))
    .map((page) => ask(page, token));
  return Promise.any(answers).catch(() => null);
}

function ask(page: WindowClient, token: string): Promise<Held> {
  const { port1: port, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), LONGEST_ANSWER);
    port.onmessage = ({ data }: MessageEvent<ToPort>) => {
      clearTimeout(timer);
      if (data.kind === "forget") {
        forget(token);
        return;
      }
      const { file, compressed } = data;
      const known = held.get(token) ?? { file, compressed, port, underWay: new Set() };
      held.set(token, known);
      resolve(known);
    };
    page.postMessage({ kind: "want", token } satisfies Want, [port2]);
  });
}

function forget(token: string): void {
  const one = held.get(token);
  held.delete(token);
  for (const transfer of one?.underWay ?? []) {
    one?.underWay.delete(transfer);
    transfer.abort();
  }
  one?.port.close();
}

/** The content within `range`. Of a whole file, the last piece comes only when all of it was found right. */
function stream(one: Held, range: Range): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  one.underWay.add(stop);
  const tell = (message: FromPort) => one.port.postMessage(message);
  const pieces = withLast(
    content(one.file, (from, signal) => fetchPieces(one.file.address, from, signal), {
      from: range.from,
      compressed: one.compressed,
      signal: stop.signal,
      onConnection: (lost) => tell({ kind: "connection", lost }),
    }),
  );
  let position = range.from;
  let told = 0;
  const given: ArrayBuffer[] = [];
  const end = (message: FromPort) => {
    // What fails because it was ended has been told already.
    if (one.underWay.delete(stop)) {
      stop.abort();
      tell(message);
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Of what was given, the browser has yet to read `AHEAD` pieces at most, and reads one now.
        if (given.length > AHEAD + 1) {
          release(given.shift());
        }
        try {
          const next = await pieces.next();
          if (!next.done) {
            const piece = next.value[0].subarray(0, range.to - position);
            controller.enqueue(piece);
            given.push(piece.buffer);
            position += piece.length;
          }
          if (next.done || position === range.to) {
            controller.close();
            end({ kind: "done" });
          } else if (position - told >= PROGRESS_STEP) {
            told = position;
            tell({ kind: "progress", done: position });
          }
        } catch (error) {
          controller.error(error);
          end({ kind: "failed", reason: error instanceof RoomError ? error.reason : "damaged" });
        }
      },
      cancel() {
        end({ kind: "stopped" });
      },
    },
    { highWaterMark: AHEAD },
  );
}
