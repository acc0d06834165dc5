import { describe, expect, it } from "vitest";
import { Wording } from "./wording";

const TEXTS = {
  on_track: "On track",
  greeting: "Hello {name}, {name}",
  "days.one": "{n} day",
  "days.other": "{n} days",
};

describe("a text", () => {
  const wording = new Wording(TEXTS, "en");

  it("has its values filled in", () => {
    expect(wording.say("greeting", { name: "Dana" })).toBe("Hello Dana, Dana");
  });

  it("is empty when it is missing", () => {
    expect(wording.say("nowhere")).toBe("");
  });

  it("has the form of its number", () => {
    expect([0, 1, 2, 1200].map((number) => wording.count("days", number))).toEqual([
      "0 days",
      "1 day",
      "2 days",
      "1,200 days",
    ]);
  });

  it("tells a day of each month as the page was given them", () => {
    const months = { short_days: "{d} Jan|{d} Feb|{d} Mär" };
    expect(new Wording(months, "de").day(new Date("2027-03-01T00:00:00Z"))).toBe("1 Mär");
  });

  it("falls back to the one form there is", () => {
    expect(new Wording(TEXTS, "ar").count("days", 3)).toContain("days");
  });

  it("does not break on a language nobody knows", () => {
    expect(new Wording(TEXTS, "not a language").count("days", 2)).toBe("2 days");
  });
});
