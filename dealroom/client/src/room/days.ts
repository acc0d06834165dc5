// Whole days, as the plan counts them: a number of days since 1970-01-01, without a time zone.

export type Day = number;

const MILLISECONDS = 86_400_000;

/** `2027-03-01` as a day; anything else is `null`. */
export function parseDay(text: string | null | undefined): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) {
    return null;
  }
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(milliseconds) ? null : milliseconds / MILLISECONDS;
}

/** The day it is for the reader, by their device's own calendar and clock. */
export function dayOf(now: Date): Day {
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / MILLISECONDS;
}

/** For `Intl.DateTimeFormat` with `timeZone: "UTC"`. */
export function toDate(day: Day): Date {
  return new Date(day * MILLISECONDS);
}

/** A day of a month counted from 0; a day beyond the month's end is one of the next month, day 0 the last of the one before. */
export function dayAt(year: number, month: number, date: number): Day {
  return Date.UTC(year, month, date) / MILLISECONDS;
}
