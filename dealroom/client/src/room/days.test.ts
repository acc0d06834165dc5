import { describe, expect, it } from "vitest";
import { dayOf, parseDay, toDate } from "./days";

describe("a day", () => {
  it("is read from the page", () => {
    expect(parseDay("1970-01-02")).toBe(1);
    expect(parseDay("2028-02-29")).toBe((parseDay("2028-03-01") ?? 0) - 1);
  });

  it.each(["", "2027-3-1", "2027-13-01", "soon", null, undefined])("is not %s", (text) => {
    expect(parseDay(text)).toBeNull();
  });

  it("is the reader's own, from midnight to midnight", () => {
    const day = parseDay("2027-03-28");
    expect(dayOf(new Date(2027, 2, 28, 0, 0))).toBe(day);
    expect(dayOf(new Date(2027, 2, 28, 23, 59))).toBe(day);
    expect(dayOf(new Date(2027, 2, 29, 0, 0))).toBe((day ?? 0) + 1);
  });

  it("survives the way there and back", () => {
    expect(toDate(parseDay("2027-03-01") ?? 0).toISOString()).toBe("2027-03-01T00:00:00.000Z");
  });
});
