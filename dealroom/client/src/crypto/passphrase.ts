// The form in which passphrases are compared, so that phones and mail programs may change their looks.

/** In bytes of UTF-8, normalised. Nobody types more; a longer text is refused before any work is spent. */
export const LONGEST = 1024;

// Format characters that copying brings along and nobody sees: soft hyphen, zero-width and
// bidirectional marks.
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;
const SPACES_AND_DASHES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what Unicode and Python count as white space
  /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\-\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u301c\u3030\u30a0]+/gu;

/**
 * NFKC; invisible characters dropped; lower case; NFKC again; every run of white space and dashes
 * becomes one space; trimmed.
 */
export function normalise(passphrase: string): string {
  const visible = passphrase.normalize("NFKC").replace(INVISIBLE, "");
  const lowered = visible.toLowerCase().normalize("NFKC");
  return lowered.replace(SPACES_AND_DASHES, " ").replace(/^ | $/g, "");
}
