import { describe, expect, it } from "vitest";
import { parseDay } from "./days";
import { Workdays } from "./workdays";

const day = (text: string) => parseDay(text) ?? Number.NaN;
// Monday 1 to Sunday 14 February 2027; the buyer is away on the 3rd, the seller on the 4th.
const both = new Workdays(day("2027-02-01"), "11011001111100", "11101001111100");

describe("working days", () => {
  it("are those on which both sides work", () => {
    expect(
      ["2027-02-02", "2027-02-03", "2027-02-04", "2027-02-06"].map((text) =>
        both.isWorking(day(text)),
      ),
    ).toEqual([true, false, false, false]);
  });

  it("are Monday to Friday where the timeline does not tell", () => {
    expect(both.isWorking(day("2027-03-06"))).toBe(false);
    expect(both.isWorking(day("2027-03-08"))).toBe(true);
    expect(new Workdays(null, "", "").isWorking(day("1969-12-28"))).toBe(false);
  });

  it("that are left are counted from today", () => {
    expect(both.until(day("2027-02-05"), day("2027-02-01"))).toBe(2);
    expect(both.until(day("2027-02-08"), day("2027-02-06"))).toBe(0);
    expect(both.until(day("2027-02-05"), day("2027-02-05"))).toBe(0);
  });

  it("that are missing are negative", () => {
    expect(both.until(day("2027-02-05"), day("2027-02-08"))).toBe(-1);
    expect(both.until(day("2027-02-05"), day("2027-02-09"))).toBe(-2);
  });

  it("go on over days off", () => {
    expect(both.after(day("2027-02-02"), 1)).toBe(day("2027-02-05"));
    expect(both.after(day("2027-02-05"), 2)).toBe(day("2027-02-09"));
  });
});
