// The days on which both sides work, as the timeline's scale tells them; outside of it, Monday to Friday.

import { type Day, parseDay } from "./days";

// 1970-01-01 was a Thursday; days since then, modulo 7, that are Saturday and Sunday.
const WEEKEND = [2, 3];
const WEEK = 7;

export class Workdays {
  /** `buyer` and `seller` have a `1` for each day from `first` on that the side works, else a `0`. */
  constructor(
    readonly first: Day | null,
    readonly buyer: string,
    readonly seller: string,
  ) {}

  static read(gantt: HTMLElement | null): Workdays {
    const { first, buyerDays, sellerDays } = gantt?.dataset ?? {};
    return new Workdays(parseDay(first), buyerDays ?? "", sellerDays ?? "");
  }

  isWorking(day: Day): boolean {
    const at = this.first === null ? -1 : day - this.first;
    const buyer = this.buyer[at];
    return buyer === undefined
      ? !WEEKEND.includes(((day % WEEK) + WEEK) % WEEK)
      : buyer === "1" && this.seller[at] === "1";
  }

  /** Working days from today on that may go by before work has to begin on `startBy`; negative when it should have. */
  until(startBy: Day, today: Day): number {
    return today <= startBy
      ? Math.max(0, this.count(today, startBy) - 1)
      : -this.count(startBy + 1, today - 1) - 1;
  }

  /** The day that is `count` working days after `day`. */
  after(day: Day, count: number): Day {
    let found = day;
    for (let left = count; left > 0; ) {
      found += 1;
      left -= this.isWorking(found) ? 1 : 0;
    }
    return found;
  }

  private count(from: Day, to: Day): number {
    let found = 0;
    for (let day = from; day <= to; day += 1) {
      found += this.isWorking(day) ? 1 : 0;
    }
    return found;
  }
}
