// Texts in the form in which they are compared: small letters, without accents, in one shape of each character.

// What has no decomposition in Unicode, and yet is typed without it.
const PLAIN: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  "\u0640": "",
};

// Marks above and below letters; the two of Japanese kana make other letters of them, and stay.
const MARKS = /(?![\u3099\u309a])\p{M}/gu;

export interface Folded {
  readonly text: string;
  /** For each character of `text`, where in the original what it comes from begins and ends. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** One text in the form in which texts are compared. */
export function fold(text: string): string {
  return foldedOf(text).text;
}

/** The same, with the way back to the original. */
export function foldedOf(original: string): Folded {
  let text = "";
  const [from, to]: number[][] = [[], []];
  let at = 0;
  for (const character of original) {
    const end = at + character.length;
    const small = character.normalize("NFKD").replace(MARKS, "").toLowerCase();
    for (const one of small) {
      const plain = PLAIN[one] ?? one;
      text += plain;
      for (let count = 0; count < plain.length; count += 1) {
        from?.push(at);
        to?.push(end);
      }
    }
    at = end;
  }
  return { text, from: from ?? [], to: to ?? [] };
}
