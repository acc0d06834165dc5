import { describe, expect, it } from "vitest";
import { type Entry, Finder, marked } from "./finding";

const entry = (title: string, fields: Partial<Entry> = {}): Entry => ({
  kind: "milestones",
  title,
  within: "",
  text: "",
  ...fields,
});

const titles = (entries: Entry[], query: string) =>
  new Finder(entries).find(query).map(({ entry: { title } }) => title);

describe("finding", () => {
  it("needs every word, in any order and wherever it stands", () => {
    const review = entry("Security review", { text: "Pen-test report read" });
    expect(titles([review, entry("Review")], "report security")).toEqual(["Security review"]);
  });

  it("puts what begins with the query first, then what has it in the title", () => {
    const all = [
      entry("A", { text: "pilot" }),
      entry("The pilot"),
      entry("Copilot"),
      entry("Pilot"),
    ];
    expect(titles(all, "pilot")).toEqual(["Pilot", "The pilot", "Copilot", "A"]);
  });

  it("does not mind accents, and finds within words of languages that do not part them", () => {
    expect(titles([entry("Jonas Wiesböck")], "wiesbock")).toEqual(["Jonas Wiesböck"]);
    expect(titles([entry("基幹システム導入計画")], "導入")).toEqual(["基幹システム導入計画"]);
    expect(titles([entry("خطة العمل المشتركة")], "العَمل")).toEqual(["خطة العمل المشتركة"]);
  });

  it("finds nothing for nothing", () => {
    expect(titles([entry("Pilot")], "  ")).toEqual([]);
  });

  it("keeps to a few of each kind", () => {
    const steps = Array.from({ length: 20 }, () => entry("Step", { kind: "steps" }));
    expect(titles([...steps, entry("Step two")], "step")).toHaveLength(7);
  });

  it("shows where in a text it found it", () => {
    const text = `${"x ".repeat(60)}the exit clause ${"y ".repeat(80)}`;
    const [found] = new Finder([entry("Contract", { text })]).find("éxit");
    expect(found?.excerpt[1]).toBe("exit");
    expect(found?.excerpt.join("").length).toBeLessThan(140);
  });
});

it("marks what it found in the letters of the text", () => {
  expect(marked("Straße und STRASSE", ["strasse"])).toEqual(["", "Straße", " und ", "STRASSE", ""]);
});
