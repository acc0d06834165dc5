import { describe, expect, it } from "vitest";
import type { Milestone, OpenWork } from "./plan";
import { slackOf } from "./slack";
import { standing } from "./standing";
import { Workdays } from "./workdays";

// A Friday.
const TODAY = 1002;
const workdays = new Workdays(null, "", "");

function milestone(
  state: string,
  finish: number | null = TODAY + 10,
  fields: Partial<Milestone> = {},
): Milestone {
  return {
    anchor: "m",
    title: "M",
    state,
    start: null,
    finish,
    latest: finish,
    isGoLive: false,
    isAfterGoLive: false,
    work: null,
    owners: {},
    steps: [],
    ...fields,
  };
}

const startBy = (day: number): OpenWork => ({ startBy: day, inHand: null });

function stand(
  milestones: Milestone[],
  work: OpenWork | null = null,
  goLive: number | null = TODAY + 30,
) {
  const plan = { goLive, work, milestones };
  return standing(plan, TODAY, slackOf(plan, TODAY, workdays), workdays);
}

describe("where a plan stands", () => {
  it.each([
    ["on_track", [milestone("done", 1), milestone("in-progress")]],
    ["on_track", [milestone("not-started", TODAY)]],
    ["at_risk", [milestone("not-started", TODAY - 1)]],
    ["at_risk", [milestone("not-started", TODAY - 6)]],
    ["late", [milestone("not-started", TODAY - 7)]],
    ["at_risk", [milestone("blocked")]],
    ["at_risk", [milestone("not-started", TODAY + 3, { work: startBy(TODAY - 1) })]],
    ["live", [milestone("done", 1), milestone("dropped", 1)]],
    ["on_track", [milestone("not-started", null)]],
  ])("is %s", (verdict, milestones) => {
    expect(stand(milestones)?.verdict).toBe(verdict);
  });

  it("is late when go-live cannot be kept, and says by how much", () => {
    expect(stand([milestone("in-progress")], startBy(TODAY - 2))).toMatchObject({
      verdict: "late",
      slips: 2,
    });
    expect(stand([milestone("in-progress")], startBy(TODAY))?.verdict).toBe("on_track");
  });

  it("is late the day after go-live, when there is still something to do", () => {
    expect(stand([milestone("in-progress")], null, TODAY - 1)?.verdict).toBe("late");
    expect(stand([milestone("in-progress")], null, TODAY)?.verdict).toBe("on_track");
  });

  it("is live when the go-live is done, whatever comes after it", () => {
    const goLive = milestone("done", 1, { isGoLive: true });
    expect(stand([goLive, milestone("not-started")], null, TODAY - 9)?.verdict).toBe("live");
  });

  it("counts what is overdue and what is blocked", () => {
    const milestones = [milestone("blocked", TODAY - 2), milestone("in-progress", TODAY - 1)];
    expect(stand(milestones)).toMatchObject({ overdue: 2, blocked: 1 });
  });

  it("does not count twice what is overdue and short", () => {
    const overdue = milestone("in-progress", TODAY - 1, { work: startBy(TODAY - 1) });
    expect(stand([overdue])).toMatchObject({ overdue: 1, short: 0 });
  });

  it("is not told of a plan without milestones", () => {
    expect(stand([milestone("dropped")])).toBeNull();
  });
});
