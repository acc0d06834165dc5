import { describe, expect, it } from "vitest";
import type { Milestone } from "./plan";
import { slackOf } from "./slack";
import { Workdays } from "./workdays";

// Day 4 is a Monday.
const MONDAY = 4;
const workdays = new Workdays(null, "", "");

function milestone(anchor: string, fields: Partial<Milestone>): Milestone {
  return {
    anchor,
    title: anchor,
    state: "not-started",
    start: null,
    finish: null,
    latest: null,
    isGoLive: false,
    isAfterGoLive: false,
    work: null,
    owners: {},
    steps: [],
    ...fields,
  };
}

const of = (...milestones: Milestone[]) =>
  slackOf({ goLive: 30, work: null, milestones }, MONDAY, workdays);

describe("slack", () => {
  it("is what is left until the work has to begin", () => {
    const found = of(milestone("a", { work: { startBy: MONDAY + 9, inHand: null } }));
    expect(found.get("a")).toMatchObject({ days: 7, projected: null });
  });

  it("is no more than what has happened leaves in hand", () => {
    expect(of(milestone("a", { work: { startBy: MONDAY + 9, inHand: 2 } })).get("a")?.days).toBe(2);
  });

  it("that is negative says when it can be done", () => {
    const found = of(milestone("a", { latest: 8, work: { startBy: 1, inHand: null } }));
    expect(found.get("a")).toMatchObject({ days: -1, projected: 11 });
  });

  it("has none where nothing is left to do", () => {
    expect(of(milestone("a", { state: "done", work: { startBy: 1, inHand: 0 } })).size).toBe(0);
  });
});

describe("the critical path", () => {
  const critical = (...milestones: Milestone[]) =>
    [...of(...milestones)].filter(([, { isCritical }]) => isCritical).map(([anchor]) => anchor);

  it("is what has the least slack, and what has to begin on the same day", () => {
    const tight = milestone("a", { work: { startBy: 10, inHand: 1 } });
    const linked = milestone("b", { work: { startBy: 10, inHand: null } });
    const loose = milestone("c", { work: { startBy: 20, inHand: null } });
    expect(critical(tight, linked, loose)).toEqual(["a", "b"]);
  });

  it("is about what comes before go-live while there is any of that", () => {
    const before = milestone("a", { work: { startBy: 20, inHand: null } });
    const after = milestone("b", { isAfterGoLive: true, work: { startBy: 10, inHand: null } });
    expect(critical(before, after)).toEqual(["a"]);
    expect(critical({ ...before, state: "done" }, after)).toEqual(["b"]);
  });
});
