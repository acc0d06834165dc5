// What the client says by itself. A page may carry other words for it, in another language or a
// brand's own, as JSON in its #dealroom-texts; a text missing there is taken from here.

export const TEXTS_ELEMENT = "dealroom-texts";

export const ENGLISH = {
  "unlock.empty": "Type the passphrase you were given.",
  "unlock.wrong_passphrase": "Wrong passphrase. Check the words and try again.",
  "unlock.wrong_link":
    "This link does not open the room. Copy the whole link again, or use your passphrase.",
  "unlock.damaged":
    "This file is damaged. Reload the page; if that does not help, tell the person who invited you.",
  "unlock.unreachable": "The room cannot be reached. Check your connection and try again.",
  "unlock.insecure": "This page needs https. Open it with an address that starts with https://.",
  "unlock.outdated": "This browser is too old to open the room. Please update it, or use another.",
  "unlock.exhausted": "This device ran out of memory. Close other pages and apps, and try again.",
  "unlock.newer_format": "This room is in a newer format than this page can read. Reload the page.",
  "unlock.unsafe_settings":
    "This page asks for unsafe settings, so nothing was opened. Ask the person who invited you whether it is theirs.",
  "unlock.access_changed":
    "Your access to this room has changed. Ask the person who invited you for a new link.",
  "unlock.again": "Please open the room once more, with your passphrase or your link.",
  "unlock.insecure_file":
    "This browser does not open a sealed room from a file. Open the file in a current Chrome, Edge, Firefox or Safari.",
  "file.online": "Only in the room online",
  "remember.until": "until {date}",
  "remember.refused": "This browser does not keep rooms open. You will be asked again next time.",
  "file.failed": "This document could not be opened. Try again.",
} as const satisfies Record<string, string>;

export type TextKey = keyof typeof ENGLISH;
export type Texts = Readonly<Record<string, string>> & Readonly<Record<TextKey, string>>;

/** The texts of a page. What is not a JSON object of texts counts as missing. */
export function readTexts(json: string | null | undefined): Texts {
  return { ...ENGLISH, ...parse(json) };
}

function parse(json: string | null | undefined): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(json ?? "{}");
  } catch {
    return {};
  }
  if (typeof value !== "object" || value === null) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
