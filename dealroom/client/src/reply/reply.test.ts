// Replies against the vectors that Python seals and opens, and the logic around them.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Person } from "../context";
import { type Bytes, fromBase64url, importSecret, sha256, utf8 } from "../crypto/encoding";
import { openAnswers } from "./answers";
import { armor } from "./armor";
import { type Change, idFor, withChange } from "./changes";
import { seal, suite } from "./hpke";
import { payloadOf } from "./payload";
import { encodePayload, padme, replyInfo, replyPlaintext, type Sender, TooLong } from "./seal";
import { mailto } from "./ways";

interface Vectors {
  readonly room: string;
  readonly private_key: string;
  readonly replies_to: string;
  readonly replies: readonly {
    readonly name: string;
    readonly person: Person;
    readonly reply_key: string;
    readonly written: string;
    readonly plaintext_sha256: string;
    readonly text: string;
  }[];
}

interface AnswersVector {
  readonly room: string;
  readonly person: Person;
  readonly reply_key: string;
  readonly box: { readonly id: string; readonly salt: string; readonly box: string };
  readonly answers: unknown;
}

const FOLDER = new URL("../../../../tests/vectors/", import.meta.url);
const vectors = (await read("replies.json")) as Vectors;
const answered = (await read("answers.json")) as AnswersVector;

async function read(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(name, FOLDER), "utf-8"));
}

function unhex(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function hex(bytes: Bytes): string {
  return Buffer.from(bytes).toString("hex");
}

async function senderOf(person: Person, replyKey: string): Promise<Sender> {
  return {
    room: vectors.room,
    person,
    replyKey: await importSecret(fromBase64url(replyKey) ?? new Uint8Array(0)),
    repliesTo: fromBase64url(vectors.replies_to) ?? new Uint8Array(0),
  };
}

async function open(sealed: Bytes): Promise<Bytes> {
  const cipher = suite();
  const raw = unhex(vectors.private_key).buffer;
  const recipientKey = await cipher.kem.importKey("raw", raw, false);
  const context = await cipher.createRecipientContext({
    recipientKey,
    enc: sealed.slice(0, 32).buffer,
    info: replyInfo(vectors.room).buffer,
  });
  return new Uint8Array(await context.open(sealed.slice(32).buffer));
}

function unarmor(text: string): Bytes {
  const letters = text.split("\n\n")[1]?.split("-----")[0]?.replaceAll("\n", "") ?? "";
  return new Uint8Array(Buffer.from(letters, "base64"));
}

describe("a reply", () => {
  test.each(vectors.replies)("$name has the bytes that Python seals", async (reply) => {
    const sender = await senderOf(reply.person, reply.reply_key);
    const plaintext = await replyPlaintext(sender, utf8(reply.written));
    expect(hex(await sha256(plaintext))).toBe(reply.plaintext_sha256);
    expect(hex(await open(unarmor(reply.text)))).toBe(hex(plaintext));
    expect(armor(vectors.room, unarmor(reply.text))).toBe(reply.text);
  });

  test("opens again with the seller's key", async () => {
    const plaintext = utf8("Grüße 🔒");
    const repliesTo = fromBase64url(vectors.replies_to) ?? new Uint8Array(0);
    const sealed = await seal(repliesTo, replyInfo(vectors.room), plaintext);
    expect(hex(await open(sealed))).toBe(hex(plaintext));
  });

  test("is not longer than a seller would read", async () => {
    const sender = await senderOf({ id: "dana", name: "Dana", kind: "buyer" }, "AAAA");
    const plaintext = replyPlaintext(sender, new Uint8Array(256 * 1024 + 1));
    await expect(plaintext).rejects.toThrow(TooLong);
  });

  test.each([
    [1024, 1024],
    [1025, 1088],
    [9000, 9216],
    [262_180, 270_336],
  ])("of %i bytes is padded to %i", (size, padded) => {
    expect(padme(size)).toBe(padded);
  });

  test("says who sends what, and leaves out what there is not", () => {
    const sender = { room: "room", person: { id: "shared", name: "All", kind: "shared" } as const };
    const contents = { changes: [], note: " Thanks ", name: " Lena ", sequence: 2, sent: [] };
    const now = new Date("2026-11-23T09:00:00Z");
    const payload = payloadOf(sender, contents, "d", now, "i");
    expect(JSON.parse(new TextDecoder().decode(encodePayload(payload)))).toEqual({
      format: "dealroom-reply/1",
      room: "room",
      id: "i",
      person: "shared",
      kind: "shared",
      name: "Lena",
      sequence: 3,
      sent: "2026-11-23T09:00:00.000Z",
      plan: "d",
      note: "Thanks",
      changes: [],
    });
    expect(payloadOf(sender, contents, "d", now)["id"]).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("answers", () => {
  const { person, reply_key, box, answers } = answered;

  test("open for the person who asked", async () => {
    const sender = await senderOf(person, reply_key);
    expect(await openAnswers(sender, [{ ...box, id: "AAAA" }, box])).toEqual(answers);
  });

  test("are none for anybody else, and none when they were changed", async () => {
    const sender = await senderOf(person, reply_key);
    const other = await senderOf({ ...person, id: "priya" }, reply_key);
    expect(await openAnswers(other, [box])).toEqual([]);
    expect(await openAnswers(sender, [{ ...box, salt: "AAAAAAAAAAAAAAAAAAAAAA" }])).toEqual([]);
  });
});

describe("the tray", () => {
  const target = "milestone:pilot";
  const done = (date: string): Change => ({ kind: "done", target, date });
  const comment = (text: string): Change => ({ kind: "comment", target, text });

  test("keeps the later of two changes that contradict each other", () => {
    const blocked: Change = { kind: "blocked", target, by: "DPA", since: "2026-11-23" };
    expect(withChange([done("2026-11-01")], done("2026-11-02"))).toEqual([done("2026-11-02")]);
    expect(withChange([blocked], { kind: "unblocked", target })).toEqual([
      { kind: "unblocked", target },
    ]);
  });

  test("keeps several comments, and owners of both sides", () => {
    expect(withChange([comment("a")], comment("b"))).toHaveLength(2);
    const owner = (side: "buyer" | "seller", person: string): Change => {
      return { kind: "owner", target, side, person, was: null };
    };
    expect(withChange([owner("buyer", "dana")], owner("seller", "tom"))).toHaveLength(2);
    expect(withChange([owner("buyer", "dana")], owner("buyer", "lena"))).toHaveLength(1);
  });

  test.each([
    ["Lena Öz", "lena-oz"],
    ["Łucja", "ucja"],
    ["山田 太郎", "person"],
    ["3M contact", "p-3m-contact"],
    ["Dana", "dana-2"],
  ])("calls %s by the id %s", (name, id) => {
    expect(idFor(name, new Set(["dana"]))).toBe(id);
  });
});

describe("an address for mail", () => {
  const words = { subject: "Reply & more", body: "Below" };

  test("holds a reply that is short enough", () => {
    const { address, holdsReply } = mailto("deals@a.example", words, "BEGIN\nEND\n");
    expect(holdsReply).toBe(true);
    expect(address).toBe(
      "mailto:deals@a.example?subject=Reply%20%26%20more&body=Below%0D%0A%0D%0ABEGIN%0D%0AEND%0D%0A",
    );
  });

  test("leaves out the words before the reply is left out", () => {
    const text = "x".repeat(1900);
    expect(mailto("a@b.example", { ...words, body: "y".repeat(200) }, text).holdsReply).toBe(true);
    expect(mailto(null, words, "x".repeat(2000))).toEqual({
      address: "mailto:?subject=Reply%20%26%20more",
      holdsReply: false,
    });
  });
});
