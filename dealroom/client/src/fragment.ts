// The part of the address after `#`: the secret of a link, a deep link, or both.

import { type Bytes, fromBase64url } from "./crypto/encoding";

export interface Fragment {
  /** `none`: not a personal link. `broken`: meant as one, but mistyped or cut off. */
  readonly secret: Bytes | "none" | "broken";
  /** The id of the element to go to. */
  readonly anchor: string | null;
}

const SECRET_SIZE = 32;

// Programs that pass a link on escape its `=`, or take the full stop or bracket behind it for a part of it.
const LINK = /^k(?:=|%3D)([\w-]*)/i;

/** `#k=<43 characters>`, `#k=<43 characters>&at=<anchor>`, or `#<anchor>`. */
export function readFragment(hash: string): Fragment {
  const text = hash.replace(/^#/, "");
  const link = LINK.exec(text);
  if (!link) {
    return { secret: "none", anchor: text === "" ? null : decode(text) };
  }
  const bytes = fromBase64url(link[1] ?? "");
  const rest = text.split("&");
  const at = rest.find((part) => part.startsWith("at="));
  return {
    secret: bytes?.length === SECRET_SIZE ? bytes : "broken",
    anchor: at === undefined ? null : decode(at.slice(3)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
