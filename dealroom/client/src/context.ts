// What the opened page is given: who reads it, its files, and the ways to lock and to renew it.

import type { Bytes } from "./crypto/encoding";
import type { Pieces, SealedFile } from "./documents/sealed";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly kind: "buyer" | "seller" | "shared";
}

export interface RoomFile {
  /** What the file is saved as. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly kind: "document" | "image";
  /** Of its content: the same reference may be of another one when the room was published anew. */
  readonly digest: Bytes;
}

export interface OpenFileOptions {
  /** Told how many of the content's bytes were verified so far, out of `size`. */
  readonly onProgress?: (done: number, size: number) => void;
  /** Told that the connection was lost and is tried again, and that it is back. */
  readonly onConnection?: (lost: boolean) => void;
  readonly signal?: AbortSignal;
}

export interface FileSource {
  readonly file: SealedFile;
  readonly pieces: Pieces;
  /** Whether it can only be read from its start. */
  readonly compressed: boolean;
}

/** What a reply is sealed with: the keys of the reader's slot, and the seller's key of the room. */
export interface ReplyKeys {
  /** The room's id. */
  readonly room: string;
  /** For HKDF; not extractable. The same by link and by passphrase. */
  readonly replyKey: CryptoKey;
  /** The seller's X25519 public key for this room. */
  readonly repliesTo: Bytes;
}

export interface RoomContext {
  readonly person: Person;
  readonly reply: ReplyKeys;
  readonly title: string;
  /** By the `data-object` reference that the page's elements carry. */
  readonly files: ReadonlyMap<string, RoomFile>;
  /** Fetches, verifies and decrypts a file. Rejects with a `RoomError`. */
  openFile(ref: string, options?: OpenFileOptions): Promise<Blob>;
  /** What it takes to read a file in parts, after its beginning was found right. Rejects with a `RoomError`. */
  openSource(ref: string, signal?: AbortSignal): Promise<FileSource>;
  /** Forgets every secret, and shows the lock again. */
  onLock(): void;
  /** Aborted when the content changes, is replaced or locked: pass it to every listener that knows the content. */
  readonly signal: AbortSignal;
  /** Aborted when the page is replaced or locked. What its reader is at outlasts a change of the content. */
  readonly closed: AbortSignal;
  /** Messages by key, as the theme and the language set them. */
  readonly texts: Readonly<Record<string, string>>;
}
