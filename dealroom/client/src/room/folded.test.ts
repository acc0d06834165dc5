import { describe, expect, it } from "vitest";
import { fold, foldedOf } from "./folded";

describe("a folded text", () => {
  it.each([
    ["Wiesböck", "wiesbock"],
    ["Wiesbo\u0308ck", "wiesbock"],
    ["STRASSE straße", "strasse strasse"],
    ["Łódź, Søren, Æble", "lodz, soren, aeble"],
    ["ﬁnance № 4", "finance no 4"],
    ["مُحَمَّد أحمد", "محمد احمد"],
    ["ｶﾞｽ ガス カス", "カ\u3099ス カ\u3099ス カス"],
    ["導入計画", "導入計画"],
  ])("%s is %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it("knows the way back", () => {
    const { text, from, to } = foldedOf("Straße 4");
    const at = text.indexOf("sse");
    expect("Straße 4".slice(from[at], to[at + 2])).toBe("ße");
  });
});
