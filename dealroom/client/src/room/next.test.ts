import { describe, expect, it } from "vitest";
import { nextSteps } from "./next";
import type { Milestone, Step } from "./plan";

function milestone(fields: Partial<Milestone>): Milestone {
  return {
    anchor: "milestone-m",
    title: "Review",
    state: "in-progress",
    start: null,
    finish: 100,
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
    anchor: "step-s",
    title: "Call",
    done: false,
    due: null,
    owner: null,
    side: null,
    ...fields,
  };
}

const titles = ({ tasks }: { tasks: readonly { title: string }[] }) =>
  tasks.map(({ title }) => title);

describe("next steps", () => {
  it("are the milestone itself for each side that answers for it, when it has no steps", () => {
    const { buyer, seller } = nextSteps([milestone({})], null);
    expect([buyer.tasks[0]?.owner, seller.tasks[0]?.owner]).toEqual(["dana", "tom"]);
  });

  it("are the open steps, when it has some", () => {
    const steps = [
      step({ title: "Sent", done: true }),
      step({ title: "Call", owner: "tom", side: "seller" }),
    ];
    const { buyer, seller } = nextSteps([milestone({ steps })], null);
    expect([titles(buyer), titles(seller)]).toEqual([[], ["Call"]]);
  });

  it("put the reader's own first, and do not repeat them below", () => {
    const { person, buyer } = nextSteps([milestone({})], "dana");
    expect([titles(person), titles(buyer)]).toEqual([["Review"], []]);
  });

  it("fall to the buyer's owner when nobody is named for a step", () => {
    const { buyer } = nextSteps([milestone({ steps: [step({})] })], null);
    expect(buyer.tasks[0]).toMatchObject({ owner: "dana", due: 100, milestone: "Review" });
  });

  it("say when nobody answers for something", () => {
    expect(titles(nextSteps([milestone({ owners: {} })], null).nobody)).toEqual(["Review"]);
  });

  it("come in the order of their dates, what has none last", () => {
    const steps = [step({ title: "Later", due: 30 }), step({ title: "Sooner", due: 20 })];
    const plan = [milestone({ title: "Undated", finish: null }), milestone({ steps })];
    expect(titles(nextSteps(plan, null).buyer)).toEqual(["Sooner", "Later", "Undated"]);
  });

  it("leave out what is done or dropped", () => {
    const plan = [milestone({ state: "done" }), milestone({ state: "dropped" })];
    expect(nextSteps(plan, null).buyer.tasks).toEqual([]);
  });

  it("count what does not fit, but never a single one", () => {
    const of = (number: number) =>
      nextSteps(
        Array.from({ length: number }, () => milestone({})),
        null,
      );
    expect([of(4).buyer.tasks.length, of(4).buyer.more]).toEqual([4, 0]);
    expect([of(5).buyer.tasks.length, of(5).buyer.more]).toEqual([3, 2]);
  });
});
