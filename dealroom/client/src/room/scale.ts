// What the browser draws on the timeline: days off, the today line, and how far what is late reaches beyond its date.

import { type Day, parseDay } from "./days";
import type { Workdays } from "./workdays";

// As near as this (in percent of the timeline) to the word "Go-live", the word "Today" would cover it.
const LABEL_WIDTH = 9;

// Up to so many days without work are a weekend, with a holiday before or after it. Longer ones stand out.
const WEEKEND = 3;

interface Run {
  readonly start: number;
  readonly length: number;
}

interface Scale {
  readonly first: Day;
  readonly last: Day;
}

/** Shades the days on which one side or nobody works. They do not change with the day. */
export function paintDaysOff(room: HTMLElement, workdays: Workdays): void {
  const svg = room.querySelector<SVGElement>("[data-days-off]");
  const days = Math.min(workdays.buyer.length, workdays.seller.length);
  if (!svg || days === 0) {
    return;
  }
  svg.setAttribute("viewBox", `0 0 ${days} 1`);
  const off = (day: number) =>
    Number(workdays.buyer[day] === "0") + Number(workdays.seller[day] === "0");
  const both = runs(days, (day) => off(day) === 2);
  const shapes = {
    ".off-one": runs(days, (day) => off(day) === 1),
    ".off-weekend": both.filter(({ length }) => length <= WEEKEND),
    ".off-both": both.filter(({ length }) => length > WEEKEND),
  };
  for (const [selector, found] of Object.entries(shapes)) {
    svg.querySelector(selector)?.setAttribute("d", found.map(box).join(""));
  }
}

/** Puts the today line in the middle of its day, and draws what is late up to where it ends as it stands. */
export function paintLines(room: HTMLElement, today: Day): void {
  const scale = readScale(room);
  const line = room.querySelector<SVGElement>("[data-today]");
  const label = room.querySelector<SVGElement>("[data-today-label]");
  if (!scale || !line || !label) {
    return;
  }
  const inside = today >= scale.first && today <= scale.last;
  const at = percent(scale, today, 0.5);
  const goLive = Number.parseFloat(room.querySelector(".axis-go-live")?.getAttribute("x") ?? "");
  line.toggleAttribute("hidden", !inside);
  label.toggleAttribute("hidden", !inside || Math.abs(at - goLive) < LABEL_WIDTH);
  line.setAttribute("x1", `${at}%`);
  line.setAttribute("x2", `${at}%`);
  label.setAttribute("x", `${at}%`);
  for (const late of room.querySelectorAll<SVGElement>("[data-late][data-until]")) {
    const until = Math.min(Number(late.dataset["until"]), scale.last);
    late.setAttribute("x2", `${percent(scale, until, 1)}%`);
  }
}

function readScale(room: HTMLElement): Scale | null {
  const { first, last } = room.querySelector<HTMLElement>("[data-first]")?.dataset ?? {};
  const [from, to] = [parseDay(first), parseDay(last)];
  return from === null || to === null ? null : { first: from, last: to };
}

/** Where a day is on the scale: `part` 0 is its morning, 1 its evening. Two decimals are a tenth of a pixel. */
function percent({ first, last }: Scale, day: Day, part: number): number {
  return Number((((day - first + part) * 100) / (last - first + 1)).toFixed(2));
}

/** The runs of days that are in. */
function runs(days: number, isIn: (day: number) => boolean): Run[] {
  const found: Run[] = [];
  for (let day = 0; day < days; day += 1) {
    const start = day;
    while (day < days && isIn(day)) {
      day += 1;
    }
    if (day > start) {
      found.push({ start, length: day - start });
    }
  }
  return found;
}

/** A run as a box of a path, a unit wide a day. */
function box({ start, length }: Run): string {
  return `M${start} 0h${length}v1h${-length}z`;
}
