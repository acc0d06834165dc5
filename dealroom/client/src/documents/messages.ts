// What the page and its worker say to each other. The page hands a file over when the worker asks for it: the worker may
// have been stopped and started by the browser since, and keeps nothing but in memory.

import type { Reason } from "../errors";
import type { SealedFile } from "./sealed";

/** A file that the worker can fetch by itself. */
export interface HandedFile extends SealedFile {
  readonly address: string;
}

/** From the worker to the pages of its room, with a port for what follows. `token` is of the address that was asked for. */
export interface Want {
  readonly kind: "want";
  readonly token: string;
}

/** From the page through the port: the file, and later that it is to be forgotten and whatever is under way ended. */
export type ToPort =
  | { readonly kind: "file"; readonly file: HandedFile; readonly compressed: boolean }
  | { readonly kind: "forget" };

/** From the worker through the port. */
export type FromPort =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "connection"; readonly lost: boolean }
  | { readonly kind: "done" }
  /** The browser wants no more: the reader cancelled the download, or closed what showed the file. */
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: Reason };

/** From the page to the worker: take this page on; stay awake while these are under way. */
export type ToWorker =
  | { readonly kind: "claim" }
  | { readonly kind: "stay"; readonly tokens: readonly string[] };

/** From the worker: it was stopped while this was under way. */
export interface Lost {
  readonly kind: "lost";
  readonly token: string;
}

// The folder below the room under which the worker answers; nothing is there on the host.
const FOLDER = "d";
const TOKEN_SIZE = 16; // bytes: cannot be guessed

export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_SIZE));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The address at which the worker answers with a file; `scope` is that of its room. */
export function fileAddress(scope: string, token: string, save: boolean): string {
  return `${scope}${FOLDER}/${token}${save ? "?save" : ""}`;
}

/** The token in an address, and whether the file is to be saved; null for any other address. */
export function readAddress(scope: string, url: string): { token: string; save: boolean } | null {
  const rest = url.startsWith(scope) ? url.slice(scope.length).replace(/#.*/, "") : "";
  const match = /^d\/([0-9a-f]{32})(\?save)?$/.exec(rest);
  return match?.[1] ? { token: match[1], save: match[2] !== undefined } : null;
}
