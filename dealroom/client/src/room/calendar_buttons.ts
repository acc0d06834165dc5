// The buttons that save the reader's dates, or all of them, as a calendar file.

import type { RoomContext } from "../context";
import { DESCRIPTOR_ELEMENT, parseDescriptor } from "../descriptor";
import { type EntryWords, entriesOf, writeCalendar } from "./calendar";
import { placeAddress } from "./copying";
import type { Plan } from "./plan";
import type { Wording } from "./wording";

// A browser reads a saved file's address when it starts to save; this is ample. In milliseconds.
const ADDRESS_LIFETIME = 60_000;

/** Makes the buttons work; what there is nothing to save of is not offered. `now` is the reader's clock. */
export function startCalendar(
  room: HTMLElement,
  plan: Plan,
  { person, signal }: RoomContext,
  wording: Wording,
  now: () => Date,
): void {
  const title = textOf(room.querySelector("#title"));
  const words = wordsFor(room, wording);
  for (const button of room.querySelectorAll<HTMLElement>("[data-calendar]")) {
    const mine = button.dataset["calendar"] === "mine";
    const entries = () => entriesOf(plan, title, words, mine ? person.id : null);
    // Somebody who answers for nothing has no dates but go-live.
    const least = mine ? 1 : 0;
    button.hidden = entries().length <= least || (mine && person.kind === "shared");
    button.addEventListener(
      "click",
      () => {
        const addressOf = (anchor: string) =>
          location.protocol.startsWith("http")
            ? placeAddress(location.href, anchor === "go-live" ? "plan" : anchor)
            : null;
        const descriptor = document.getElementById(DESCRIPTOR_ELEMENT)?.textContent ?? "";
        const { room: id } = parseDescriptor(descriptor);
        save(
          writeCalendar(entries(), { room: id, name: title, addressOf, stamp: now() }),
          `${title}.ics`,
        );
      },
      { signal },
    );
  }
}

function wordsFor(room: HTMLElement, wording: Wording): EntryWords {
  const people = [...room.querySelectorAll<HTMLElement>(".person[data-person]")];
  const names = new Map(
    people.map((person) => [
      person.dataset["person"] ?? "",
      textOf(person.querySelector(".person-name bdi")),
    ]),
  );
  return {
    goLive: (title) => wording.say("calendar_go_live", { title }),
    done: (title) => wording.say("calendar_done", { title }),
    stepOf: (title) => wording.say("calendar_step_of", { title }),
    owners: (owners) => wording.say("calendar_owners", { people: owners.join(", ") }),
    nameOf: (person) => names.get(person) ?? "",
  };
}

function textOf(element: Element | null): string {
  return element?.textContent?.trim() ?? "";
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/calendar;charset=utf-8" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_LIFETIME);
}
