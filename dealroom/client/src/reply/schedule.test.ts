// The forward pass against the vectors that Python's schedule makes.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseDay } from "../room/days";
import { readNetwork, type WrittenNetwork } from "./facts";
import { WorkCalendar, whatIf } from "./schedule";

interface Case {
  readonly name: string;
  readonly network: WrittenNetwork;
  readonly today: string;
  readonly suppose: Readonly<Record<string, string>>;
  readonly go_live: readonly [string, string, number];
  readonly moves: Readonly<Record<string, readonly [string, string]>>;
}

const VECTORS = new URL("../../../../tests/vectors/what_if.json", import.meta.url);
const cases = JSON.parse(await readFile(VECTORS, "utf-8")) as readonly Case[];

function day(iso: string): number {
  return parseDay(iso) ?? Number.NaN;
}

describe("another date", () => {
  test.each(cases)("$name", ({ network, today, suppose, go_live, moves }) => {
    const supposed = new Map(Object.entries(suppose).map(([id, iso]) => [id, day(iso)]));
    const found = whatIf(readNetwork(network), day(today), supposed);
    const [before, after, days] = go_live;
    expect(found.goLive).toEqual({ before: day(before), after: day(after), days });
    const expected = Object.entries(moves).map(([id, [was, now]]) => [
      id,
      { before: day(was), after: day(now) },
    ]);
    expect([...found.moves].sort()).toEqual(expected.sort());
  });
});

test("days that the page knows nothing of are Monday to Friday", () => {
  const calendar = new WorkCalendar({
    goLive: 0,
    milestone: null,
    first: day("2026-11-23"),
    buyer: "0",
    seller: "1",
    nodes: [],
  });
  expect(calendar.isWorking(day("2026-11-23"), "buyer")).toBe(false);
  expect(calendar.isWorking(day("2026-11-23"), "seller")).toBe(true);
  expect(calendar.isWorking(day("2026-11-23"), "both")).toBe(false);
  expect(calendar.isWorking(day("2026-11-24"), "both")).toBe(true);
  expect(calendar.isWorking(day("2026-11-28"), "both")).toBe(false);
});
