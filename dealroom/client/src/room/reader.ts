// Who is reading: their name in the bar, and "You" wherever the plan names them.

import type { RoomContext } from "../context";
import { show } from "./dom";
import type { Wording } from "./wording";

export function markReader(
  room: HTMLElement,
  person: RoomContext["person"],
  wording: Wording,
): void {
  const bar = room.querySelector<HTMLElement>("[data-reader]");
  if (bar) {
    bar.hidden = false;
  }
  const initials = room.querySelector<HTMLElement>("[data-reader-initials]");
  if (person.kind === "shared") {
    // Whoever has the shared passphrase has no name here, only a lock.
    show(initials, "");
    show(room.querySelector("[data-reader-name]"), "");
    return;
  }
  const mine = room.querySelectorAll<HTMLElement>(`[data-person="${CSS.escape(person.id)}"]`);
  const avatar = [...mine].map((element) => initialsIn(element)).find((text) => text !== "");
  show(initials, avatar ?? [...person.name].slice(0, 1).join(""));
  initials?.classList.add(`avatar-${person.kind}`);
  show(room.querySelector("[data-reader-name]"), person.name);
  const line = wording.say("reading_as", { person: person.name });
  show(room.querySelector("[data-reader-line]"), line);
  for (const element of mine) {
    element.classList.add("is-you");
    const you = element.querySelector<HTMLElement>("[data-you]");
    if (you) {
      you.hidden = false;
    }
  }
}

function initialsIn(element: HTMLElement): string {
  return element.querySelector('[aria-hidden="true"]')?.textContent?.trim() ?? "";
}
