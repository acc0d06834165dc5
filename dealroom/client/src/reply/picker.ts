// A calendar to choose a day from, a month at a time, which says of each day what it does.
// The keys are those of https://www.w3.org/WAI/ARIA/apg/patterns/dialog-modal/examples/datepicker-dialog/.

import { type Day, dayAt, toDate } from "../room/days";
import { icon, make } from "../room/dom";
import { type Desk, isoOf } from "./desk";

const WEEK = 7;
// 2024-01-01 was a Monday, from which the days of a week take their names.
const A_MONDAY = dayAt(2024, 0, 1);
// Where the browser does not tell on which day a week begins: ISO 8601. Monday is 1.
const FIRST_OF_WEEK = 1;

export interface DayFacts {
  readonly isOff: boolean;
  /** Whether it has a consequence that is to be seen before the day is chosen. */
  readonly isMarked: boolean;
}

export interface PickerOptions {
  readonly chosen: Day | null;
  /** Where to begin when nothing is chosen. */
  readonly near: Day;
  readonly earliest: Day;
  readonly factsOf: (day: Day) => DayFacts;
  readonly onChoose: (day: Day) => void;
}

export class Picker {
  readonly element = make("div", "picker");
  private readonly title = make("p", "picker-month");
  private readonly body = make("tbody", "");
  private readonly full: Intl.DateTimeFormat;
  private readonly month: Intl.DateTimeFormat;
  private readonly firstOfWeek: number;
  private chosen: Day | null;
  private focused: Day;

  constructor(
    private readonly desk: Desk,
    private readonly options: PickerOptions,
  ) {
    this.chosen = options.chosen;
    this.focused = Math.max(options.chosen ?? options.near, options.earliest);
    this.full = desk.format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.month = desk.format({ month: "long", year: "numeric" });
    this.firstOfWeek = firstOfWeek(desk.lang);
    this.title.id = "picker-month";
    this.title.setAttribute("aria-live", "polite");
    const table = make("table", "", this.weekdays(), this.body);
    table.setAttribute("role", "grid");
    table.setAttribute("aria-labelledby", this.title.id);
    const head = make(
      "div",
      "picker-head",
      this.arrow("month_before", -1),
      this.title,
      this.arrow("month_after", 1),
    );
    this.element.append(head, table);
    this.body.addEventListener("keydown", (event) => this.onKey(event));
    this.paint();
  }

  get value(): Day | null {
    return this.chosen;
  }

  private arrow(key: string, way: number): HTMLButtonElement {
    const button = make("button", "picker-arrow", icon("chevron"));
    button.type = "button";
    button.classList.toggle("is-back", way < 0);
    button.setAttribute("aria-label", this.desk.say(key));
    button.addEventListener("click", () => this.turn(way, false));
    return button;
  }

  private weekdays(): HTMLElement {
    const short = this.desk.format({ weekday: "short" });
    const long = this.desk.format({ weekday: "long" });
    const cells = Array.from({ length: WEEK }, (_, index) => {
      const day = toDate(A_MONDAY + this.firstOfWeek - 1 + index);
      const cell = make("th", "", short.format(day));
      cell.scope = "col";
      cell.abbr = long.format(day);
      return cell;
    });
    return make("thead", "", make("tr", "", ...cells));
  }

  private paint(): void {
    const { first, last } = monthOf(this.focused);
    this.title.textContent = this.month.format(toDate(first));
    const weekday = (day: Day) => (((day - A_MONDAY + 1 - this.firstOfWeek) % WEEK) + WEEK) % WEEK;
    const rows: HTMLElement[] = [];
    for (let start = first - weekday(first); start <= last; start += WEEK) {
      const cells = Array.from({ length: WEEK }, (_, index) => {
        const day = start + index;
        return day < first || day > last ? make("td", "") : make("td", "", this.day(day));
      });
      rows.push(make("tr", "", ...cells));
    }
    this.body.replaceChildren(...rows);
  }

  private day(day: Day): HTMLButtonElement {
    const { earliest, factsOf } = this.options;
    const isPast = day < earliest;
    const facts = isPast ? { isOff: false, isMarked: false } : factsOf(day);
    const button = make("button", "picker-day", String(toDate(day).getUTCDate()));
    const notes = [
      this.full.format(toDate(day)),
      facts.isOff ? this.desk.say("day_off") : "",
      facts.isMarked ? this.desk.say("legend") : "",
    ];
    button.type = "button";
    button.dataset["day"] = isoOf(day);
    button.tabIndex = day === this.focused ? 0 : -1;
    button.disabled = isPast;
    button.classList.toggle("is-off", facts.isOff);
    button.classList.toggle("is-marked", facts.isMarked);
    button.setAttribute("aria-pressed", String(day === this.chosen));
    button.setAttribute("aria-label", notes.filter(Boolean).join(". "));
    button.addEventListener("click", () => this.choose(day));
    return button;
  }

  private choose(day: Day): void {
    this.chosen = day;
    this.focusOn(day);
    this.options.onChoose(day);
  }

  /** Turns to the month before or after; the day stays as near as it can. */
  private turn(way: number, takeFocus: boolean): void {
    const date = toDate(this.focused);
    const target = monthOf(dayAt(date.getUTCFullYear(), date.getUTCMonth() + way, 1));
    const day = Math.min(target.first + date.getUTCDate() - 1, target.last);
    if (target.last < this.options.earliest) {
      return;
    }
    this.focused = Math.max(day, this.options.earliest);
    this.paint();
    if (takeFocus) {
      this.focusOn(this.focused);
    }
  }

  private focusOn(day: Day): void {
    this.focused = Math.max(day, this.options.earliest);
    this.paint();
    this.body.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const forward = getComputedStyle(this.element).direction === "rtl" ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowLeft: -forward,
      ArrowRight: forward,
      ArrowUp: -WEEK,
      ArrowDown: WEEK,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      this.focusOn(this.focused + step);
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      this.turn(event.key === "PageUp" ? -1 : 1, true);
    } else if (event.key === "Home" || event.key === "End") {
      const { first, last } = monthOf(this.focused);
      this.focusOn(event.key === "Home" ? first : last);
    } else {
      return;
    }
    event.preventDefault();
  }
}

function monthOf(day: Day): { readonly first: Day; readonly last: Day } {
  const date = toDate(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    first: dayAt(year, month, 1),
    last: dayAt(year, month + 1, 0),
  };
}

/** The day on which weeks begin where the language is spoken; Monday is 1, Sunday 7. */
function firstOfWeek(lang: string): number {
  const locale = new Intl.Locale(lang).maximize() as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? FIRST_OF_WEEK;
}
