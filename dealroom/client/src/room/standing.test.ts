import { describe, expect, it } from "vitest";
import type { Milestone } from "./plan";
import { standing } from "./standing";

const TODAY = 1000;

function milestone(state: string, finish: number | null = TODAY + 10): Milestone {
  return { anchor: "m", title: "M", state, finish, owners: {}, steps: [] };
}

describe("where a plan stands", () => {
  it.each([
    ["on_track", [milestone("done", 1), milestone("in-progress")]],
    ["on_track", [milestone("not-started", TODAY)]],
    ["at_risk", [milestone("not-started", TODAY - 1)]],
    ["at_risk", [milestone("not-started", TODAY - 6)]],
    ["late", [milestone("not-started", TODAY - 7)]],
    ["at_risk", [milestone("blocked")]],
    ["live", [milestone("done", 1), milestone("dropped", 1)]],
    ["on_track", [milestone("not-started", null)]],
  ])("is %s", (verdict, milestones) => {
    expect(standing(milestones, TODAY)?.verdict).toBe(verdict);
  });

  it("counts what is overdue and what is blocked", () => {
    const milestones = [milestone("blocked", TODAY - 2), milestone("in-progress", TODAY - 1)];
    expect(standing(milestones, TODAY)).toMatchObject({ overdue: 2, blocked: 1 });
  });

  it("is not told of a plan without milestones", () => {
    expect(standing([milestone("dropped")], TODAY)).toBeNull();
  });
});
