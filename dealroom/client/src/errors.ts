// Why a room or a file does not open.

import type { TextKey } from "./texts";

export type Reason =
  | "wrong_passphrase"
  | "wrong_link"
  | "damaged"
  | "missing"
  | "unreachable"
  | "newer_format"
  | "unsafe_settings"
  | "insecure"
  | "insecure_file"
  | "outdated"
  | "exhausted"
  | "access_changed";

export class RoomError extends Error {
  constructor(
    readonly reason: Reason,
    /** For who debugs a reader; people are shown the text of the reason. */
    detail = "",
  ) {
    super(detail === "" ? reason : `${reason}: ${detail}`);
    this.name = "RoomError";
  }

  /** The text that tells a reader of this. */
  get textKey(): TextKey {
    return this.reason === "missing" ? "unlock.damaged" : `unlock.${this.reason}`;
  }
}

export function damaged(detail: string): RoomError {
  return new RoomError("damaged", detail);
}
