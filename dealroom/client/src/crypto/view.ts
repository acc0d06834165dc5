// The content of a view: the seller's signature, the manifest, and the page.

import type { RoomFile } from "../context";
import { damaged } from "../errors";
import { type Bytes, equal, FORMAT, fields, fromUtf8, sha256 } from "./encoding";
import { bytes32 } from "./objects";
import { verifySignature } from "./signature";

const SIGNATURE_SIZE = 64;
const HEAD_SIZE = SIGNATURE_SIZE + 4;

export interface ListedFile extends RoomFile {
  readonly key: Bytes;
  /** Of its object, in bytes. */
  readonly length: number;
}

export interface View {
  readonly title: string;
  readonly lang: string;
  /** HTML. */
  readonly page: string;
  /** The seller's X25519 public key for replies from this room. */
  readonly repliesTo: Bytes;
  readonly files: ReadonlyMap<string, ListedFile>;
  /** For how many days a device may keep the secret; 0 is not at all. */
  readonly remember: number;
}

/** The view, after the signature and the page's digest were found right. */
export async function unpackView(
  content: Bytes,
  signingKey: Bytes,
  room: string,
  epoch: number,
): Promise<View> {
  if (content.length < HEAD_SIZE) {
    throw damaged("a view is too short");
  }
  const size = new DataView(content.buffer, content.byteOffset).getUint32(SIGNATURE_SIZE);
  const written = content.subarray(HEAD_SIZE, HEAD_SIZE + size);
  const page = content.subarray(HEAD_SIZE + size);
  const signed = fields(FORMAT, "view", room, epoch, written);
  if (!(await verifySignature(content.subarray(0, SIGNATURE_SIZE), signed, signingKey))) {
    throw damaged("a view does not carry the seller's signature");
  }
  const manifest = parseJson(written);
  const pageFacts = manifest["page"];
  if (!isRecord(pageFacts) || !equal(await sha256(page), bytes32(pageFacts["digest"]))) {
    throw damaged("a page is not the one that the seller signed");
  }
  return {
    title: text(manifest["title"]),
    lang: text(manifest["lang"]),
    page: fromUtf8(page),
    repliesTo: bytes32(manifest["replies_to"]),
    files: parseFiles(manifest["files"]),
    remember: parseDays(manifest["remember"]),
  };
}

function parseFiles(value: unknown): Map<string, ListedFile> {
  if (!Array.isArray(value)) {
    throw damaged("a manifest lists no files");
  }
  return new Map(
    value.map((file: unknown) => {
      if (!isRecord(file)) {
        throw damaged("a manifest lists something that is not a file");
      }
      return [
        text(file["ref"]),
        {
          name: text(file["name"]),
          type: text(file["type"]),
          kind: file["kind"] === "image" ? "image" : "document",
          size: count(file["size"]),
          length: count(file["length"]),
          key: bytes32(file["key"]),
          digest: bytes32(file["digest"]),
        },
      ];
    }),
  );
}

function parseDays(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, value as number) : 0;
}

function parseJson(bytes: Bytes): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes));
    if (isRecord(value)) {
      return value;
    }
  } catch {
    // Told below, as any other fault of it.
  }
  throw damaged("a manifest is not valid");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw damaged("a manifest is not valid");
  }
  return value as number;
}

function text(value: unknown): string {
  if (typeof value !== "string") {
    throw damaged("a manifest is not valid");
  }
  return value;
}
