import { describe, expect, it } from "vitest";
import { type EntryWords, entriesOf, escapeText, fold, writeCalendar } from "./calendar";
import { parseDay } from "./days";
import type { Milestone, Plan, Step } from "./plan";

const WORDS: EntryWords = {
  goLive: (title) => `Go-live: ${title}`,
  done: (title) => `Done: ${title}`,
  stepOf: (title) => `Part of: ${title}`,
  owners: (people) => `Owners: ${people.join(", ")}`,
  nameOf: (person) => ({ dana: "Dana Whitfield", tom: "Tom Okafor" })[person] ?? "",
};

function milestone(fields: Partial<Milestone>): Milestone {
  return {
    anchor: "milestone-review",
    title: "Review",
    state: "in-progress",
    start: null,
    finish: parseDay("2026-12-18"),
    latest: null,
    isGoLive: false,
    isAfterGoLive: false,
    work: null,
    owners: { buyer: "dana", seller: "tom" },
    steps: [],
    ...fields,
  };
}

function step(fields: Partial<Step>): Step {
  return {
    anchor: "step-review-call",
    title: "Call",
    done: false,
    due: null,
    owner: "tom",
    side: "seller",
    ...fields,
  };
}

function plan(...milestones: Milestone[]): Plan {
  return { goLive: parseDay("2027-03-01"), work: null, milestones };
}

const titles = (of: Plan, person: string | null = null) =>
  entriesOf(of, "Order platform", WORDS, person).map(({ title }) => title);

describe("the dates", () => {
  it("are go-live, the milestones, and steps that have a day", () => {
    const steps = [step({}), step({ title: "Send", due: parseDay("2026-12-04") })];
    expect(titles(plan(milestone({ steps })))).toEqual([
      "Go-live: Order platform",
      "Review",
      "Send",
    ]);
  });

  it("of a person are what they answer for", () => {
    const theirs = milestone({ title: "Theirs", owners: { buyer: "priya" } });
    expect(titles(plan(milestone({}), theirs), "dana")).toEqual([
      "Go-live: Order platform",
      "Review",
    ]);
  });

  it("of a person have their steps in others' milestones, due with these", () => {
    const theirs = milestone({ owners: { buyer: "priya" }, steps: [step({})] });
    expect(titles(plan(theirs), "tom")).toEqual(["Go-live: Order platform", "Call"]);
  });

  it("say what is done, and take back what was dropped", () => {
    const entries = entriesOf(
      plan(milestone({ state: "done" }), milestone({ state: "dropped" })),
      "",
      WORDS,
    );
    expect(entries.map(({ title, cancelled }) => [title, cancelled])).toEqual([
      ["Go-live: ", false],
      ["Done: Review", false],
      ["Review", true],
    ]);
  });

  it("have go-live once, though a milestone is it", () => {
    expect(titles(plan(milestone({ isGoLive: true })))).toEqual(["Go-live: Order platform"]);
  });
});

describe("the file", () => {
  const facts = {
    room: "r1",
    name: "Order platform",
    addressOf: (anchor: string) => `https://rooms.example/a/#${anchor}`,
    stamp: new Date("2026-11-22T09:30:15.250Z"),
  };

  it("has an all-day event that replaces its earlier form", () => {
    const [, entry] = entriesOf(plan(milestone({})), "Order platform", WORDS);
    expect(writeCalendar(entry ? [entry] : [], facts)).toBe(
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//dealroom//dealroom//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Order platform",
        "BEGIN:VEVENT",
        "UID:milestone-review@r1",
        "DTSTAMP:20261122T093015Z",
        "LAST-MODIFIED:20261122T093015Z",
        "SEQUENCE:3625050",
        "DTSTART;VALUE=DATE:20261218",
        "DTEND;VALUE=DATE:20261219",
        "SUMMARY:Review",
        "DESCRIPTION:Order platform\\nOwners: Dana Whitfield\\, Tom Okafor\\nhttps://ro",
        " oms.example/a/#milestone-review",
        "URL:https://rooms.example/a/#milestone-review",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ].join("\r\n"),
    );
  });

  it("escapes what has a meaning of its own", () => {
    expect(escapeText("a;b,c\\d\r\ne\u0007")).toBe("a\\;b\\,c\\\\d\\ne");
  });

  it.each(["ü", "語", "🚚", "a"])("cuts no character in two: %s", (character) => {
    const folded = fold(character.repeat(200));
    for (const line of folded.split("\r\n")) {
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    }
    expect(folded.replaceAll("\r\n ", "")).toBe(character.repeat(200));
  });
});
