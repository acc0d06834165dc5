import { expect, test } from "vitest";
import { RoomError } from "./errors";
import { ENGLISH, readTexts } from "./texts";

test("a page's own words come first, ours fill the gaps", () => {
  const texts = readTexts('{"unlock.empty": "Bitte eingeben.", "milestone.copied": "Kopiert"}');
  expect(texts["unlock.empty"]).toBe("Bitte eingeben.");
  expect(texts["milestone.copied"]).toBe("Kopiert");
  expect(texts["file.failed"]).toBe(ENGLISH["file.failed"]);
});

test.each([null, undefined, "", "no JSON", "null", "[]", '{"unlock.empty": 1}'])(
  "what is no list of texts counts as missing: %s",
  (json) => {
    expect(readTexts(json)).toEqual(ENGLISH);
  },
);

test("every reason has its words", () => {
  const reasons = Object.keys(ENGLISH)
    .filter((key) => key.startsWith("unlock.") && key !== "unlock.empty")
    .map((key) => key.slice("unlock.".length) as RoomError["reason"]);
  for (const reason of [...reasons, "missing" as const]) {
    expect(ENGLISH[new RoomError(reason).textKey]).toBeTruthy();
  }
});
