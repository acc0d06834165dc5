// The texts that the browser fills in, in the page's language.

// Plans are written with the digits 0 to 9; in Arabic a browser would mix two kinds in a page.
export const DIGITS = { numberingSystem: "latn" } as const;

// From here on some languages put a sign between the thousands.
const GROUPED = 1000;

export type Values = Readonly<Record<string, string | number>>;

export class Wording {
  private readonly plurals: Intl.PluralRules;
  private readonly lang: string;
  private grouping: Intl.NumberFormat | undefined;
  private readonly days: readonly string[];

  /** `texts` by key, a plural's forms as `key.one` and `key.other`. */
  constructor(
    private readonly texts: Readonly<Record<string, string>>,
    lang: string,
  ) {
    const known = knownLocale(lang);
    this.plurals = new Intl.PluralRules(known);
    this.lang = known;
    this.days = this.say("short_days").split("|");
  }

  /** The text of `key` with each `{name}` replaced; a missing text is empty. */
  say(key: string, values: Values = {}): string {
    const text = this.texts[key] ?? "";
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  /** The form of `key` for a number, with the number in it. */
  count(key: string, number: number): string {
    const form = `${key}.${this.plurals.select(number)}`;
    const known = form in this.texts ? form : `${key}.other`;
    return this.say(known, { n: this.number(number) });
  }

  /** A whole number. Small ones, which are nearly all, look the same in every language. */
  private number(value: number): string {
    if (Math.abs(value) < GROUPED) {
      return String(value);
    }
    this.grouping ??= new Intl.NumberFormat(this.lang, DIGITS);
    return this.grouping.format(value);
  }

  /**
   * A day as people write it shortly: `1 Mar`. From the page, which says it by month as it was built: the browser's own
   * format takes a phone a tenth of a second to make.
   */
  day(date: Date): string {
    return (this.days[date.getUTCMonth()] ?? "").replace("{d}", String(date.getUTCDate()));
  }
}

/** The wording of a room, from the texts that its element carries. */
export function wordingOf(room: HTMLElement): Wording {
  const texts = JSON.parse(room.dataset["texts"] ?? "{}") as Record<string, string>;
  return new Wording(texts, room.lang);
}

/**
 * The language, if the browser knows it; else English, as the builder does, and not the browser's own. Asked of plural
 * rules: of dates, the same answer costs a phone a tenth of a second.
 */
export function knownLocale(lang: string): string {
  try {
    return Intl.PluralRules.supportedLocalesOf(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}
