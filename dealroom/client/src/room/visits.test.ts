import { beforeEach, describe, expect, it } from "vitest";
import { digest, forgetVisits, visit } from "./visits";

const HOUR = 3_600_000;
const at = (hour: number) => new Date(hour * HOUR);

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => kept.delete(key),
    setItem: (key, value) => kept.set(key, value),
  } as Storage;
}

describe("a visit", () => {
  let storage: Storage;
  beforeEach(() => {
    storage = memory();
  });

  it("has nothing before it when it is the first", () => {
    expect(visit(storage, "r", ["a"], at(1000))).toBeNull();
  });

  it("knows what the last one has seen", () => {
    visit(storage, "r", ["a"], at(1000));
    expect(visit(storage, "r", ["a", "b"], at(1030))).toEqual(new Set(["a"]));
  });

  it("goes on over a reload, so that what was new stays marked", () => {
    visit(storage, "r", ["a"], at(1000));
    visit(storage, "r", ["a", "b"], at(1030));
    expect(visit(storage, "r", ["a", "b"], at(1031))).toEqual(new Set(["a"]));
    expect(visit(storage, "r", ["a", "b"], at(1040))).toEqual(new Set(["a", "b"]));
  });

  it("is another one in another room", () => {
    visit(storage, "r", ["a"], at(1000));
    expect(visit(storage, "s", ["a"], at(1030))).toBeNull();
  });

  it("can be forgotten", () => {
    visit(storage, "r", ["a"], at(1000));
    forgetVisits(storage, "r");
    expect(storage.length).toBe(0);
  });

  it("is the first one where what was kept is damaged", () => {
    storage.setItem("dealroom.seen.r", '{"shown": 3}');
    expect(visit(storage, "r", ["a"], at(1000))).toBeNull();
    storage.setItem("dealroom.seen.r", "{");
    expect(visit(storage, "r", ["a"], at(1000))).toBeNull();
  });

  it("needs no storage", () => {
    expect(visit(null, "r", ["a"], at(1000))).toBeNull();
  });
});

it("tells texts apart by a digest that holds none of them", () => {
  expect(digest("Security review")).not.toBe(digest("Security reviews"));
  expect(digest("Security review")).toMatch(/^[0-9a-z]{1,11}$/);
});
