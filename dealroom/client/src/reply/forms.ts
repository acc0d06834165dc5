// The form of each kind of change. Kinds that have none are made at once.

import { type Day, parseDay } from "../room/days";
import { make } from "../room/dom";
import { type Change, idFor, type Kind } from "./changes";
import { type Desk, isoOf } from "./desk";
import { effectOf, isDayOff } from "./effects";
import { check, type Field, line, paragraph, person } from "./fields";
import type { Item } from "./items";
import { Picker } from "./picker";

export interface Form {
  readonly elements: readonly HTMLElement[];
  /** What gets the focus; `null` is the title. */
  readonly first: HTMLElement | null;
  /** What has to be filled in. */
  readonly required?: readonly Field[];
  /** The change, or `null` when something is missing, which is then told. Asked when what is required is there. */
  read(): Change | null;
}

/** Of a kind of change, what it is before anything is filled in. */
type Draft<Of extends Kind> = Extract<Change, { kind: Of }> | undefined;

/** A change that needs nothing to be filled in; `null` when it does. */
export function immediate(desk: Desk, item: Item, kind: Kind): Change | null {
  const { target } = item;
  switch (kind) {
    case "done":
      return { kind, target, date: isoOf(desk.parts.today()) };
    case "unblocked":
      return { kind, target };
    case "agree":
      return { kind, target, digest: desk.parts.facts.digest };
    default:
      return null;
  }
}

/** The form for a change of this kind. `draft` is what is edited; its kind is the same. */
export function formOf(desk: Desk, item: Item, kind: Kind, draft?: Change): Form {
  switch (kind) {
    case "done":
      return doneForm(desk, item, draft as Draft<"done">);
    case "date":
      return dateForm(desk, item, draft as Draft<"date">);
    case "blocked":
      return blockedForm(desk, item, draft as Draft<"blocked">);
    case "owner":
      return ownerForm(desk, item, draft as Draft<"owner">);
    case "person":
      return personForm(desk, draft as Draft<"person">);
    case "step":
      return stepForm(desk, item, draft as Draft<"step">);
    case "current":
      return currentForm(desk, item, draft as Draft<"current">);
    case "comment":
    case "question":
      return textForm(desk, item, kind, draft as Draft<"comment" | "question">);
    case "unblocked":
    case "agree": {
      const made = immediate(desk, item, kind);
      return { elements: [], first: null, read: () => made };
    }
  }
}

function doneForm(desk: Desk, { target }: Item, draft: Draft<"done">): Form {
  const today = isoOf(desk.parts.today());
  const day = line(desk.say("when"), { value: draft?.date ?? today, required: true }, "date");
  if (day.control instanceof HTMLInputElement) {
    day.control.max = today;
  }
  return form([day], [day], () => ({ kind: "done", target, date: day.value }));
}

function dateForm(desk: Desk, item: Item, draft: Draft<"date">): Form {
  const { facts, today } = desk.parts;
  const { milestone, step, target } = item;
  const shown = target === "plan" ? facts.network.goLive : step ? step.due : milestone?.finish;
  const was = shown ?? null;
  const effect = make("div", "effect");
  effect.setAttribute("role", "status");
  const picker = new Picker(desk, {
    chosen: parseDay(draft?.date),
    near: was ?? milestone?.finish ?? today(),
    earliest: today(),
    factsOf: (day) => ({
      isOff: isDayOff(desk, item, day),
      isMarked: effectOf(desk, item, day).tone === "later",
    }),
    onChoose: () => tell(),
  });
  const tell = () => showEffect(desk, item, picker.value, effect);
  tell();
  const reason = paragraph(desk.say("reason"), { value: draft?.reason });
  const read = (): Change | null => {
    if (picker.value === null) {
      effect.classList.add("is-missing");
      picker.element.querySelector<HTMLElement>(".picker-day[tabindex='0']")?.focus();
      return null;
    }
    const date = isoOf(picker.value);
    return {
      kind: "date",
      target,
      date,
      was: was === null ? null : isoOf(was),
      ...(reason.value && { reason: reason.value }),
    };
  };
  return { elements: [picker.element, effect, reason.element], first: null, read };
}

/** Says in `box` what the chosen day does. */
function showEffect(desk: Desk, item: Item, day: Day | null, box: HTMLElement): void {
  box.classList.remove("is-missing");
  if (day === null) {
    box.replaceChildren(make("p", "soft", desk.say("pick")));
    return;
  }
  const { tone, text, moves } = effectOf(desk, item, day);
  box.dataset["tone"] = tone;
  const lines = moves.map((move) => make("li", "", move));
  const off = isDayOff(desk, item, day) ? [make("p", "soft", desk.say("day_off"))] : [];
  const list = lines.length > 0 ? [make("ul", "", ...lines)] : [];
  const chosen = make("p", "", make("strong", "", desk.date(day)));
  box.replaceChildren(chosen, make("p", "", text), ...off, ...list);
}

function blockedForm(desk: Desk, { target }: Item, draft: Draft<"blocked">): Form {
  const by = paragraph(desk.say("by"), { value: draft?.by, required: true });
  const owner = person(desk, desk.say("clearer"), { value: draft?.owner });
  return form([by, owner], [by], () => ({
    kind: "blocked",
    target,
    by: by.value,
    ...(owner.value && { owner: owner.value }),
    since: draft?.since ?? isoOf(desk.parts.today()),
  }));
}

function ownerForm(desk: Desk, item: Item, draft: Draft<"owner">): Form {
  const { target, milestone, step } = item;
  const owner = person(desk, desk.say("new_owner"), { value: draft?.person, required: true });
  return form([owner], [owner], () => {
    const side = desk.people.find(({ id }) => id === owner.value)?.side ?? "buyer";
    if (milestone && !step) {
      const was = milestone.owners[side] ?? null;
      return { kind: "owner", target, side, person: owner.value, was };
    }
    const criterion = desk.parts.facts.criteria[target.replace("criterion:", "")];
    const was = step ? step.owner : (criterion?.owner ?? null);
    return { kind: "owner", target, person: owner.value, was };
  });
}

function personForm(desk: Desk, draft: Draft<"person">): Form {
  const known = draft?.person;
  const name = line(desk.say("name"), { value: known?.name, required: true });
  const job = line(desk.say("job"), { value: known?.title });
  const email = line(desk.say("email"), { value: known?.email }, "email");
  const taken = new Set(desk.people.map(({ id }) => id));
  const build = (): Change => ({
    kind: "person",
    target: "plan",
    person: {
      id: known?.id ?? idFor(name.value, taken),
      name: name.value,
      side: desk.person.kind === "seller" ? "seller" : "buyer",
      ...(job.value && { title: job.value }),
      ...(email.value && { email: email.value }),
    },
  });
  const { elements, first } = form([name, job, email], [name], build);
  const isRight = () => check(desk, name) && (email.value === "" || check(desk, email));
  return { elements, first, read: () => (isRight() ? build() : null) };
}

function stepForm(desk: Desk, { target }: Item, draft: Draft<"step">): Form {
  const title = line(desk.say("step_title"), { value: draft?.title, required: true });
  const owner = person(desk, desk.say("step_owner"), { value: draft?.owner });
  const due = line(desk.say("step_due"), { value: draft?.due }, "date");
  return form([title, owner, due], [title], () => ({
    kind: "step",
    target,
    title: title.value,
    ...(owner.value && { owner: owner.value }),
    ...(due.value && { due: due.value }),
  }));
}

function currentForm(desk: Desk, { target }: Item, draft: Draft<"current">): Form {
  const value = line(desk.say("value"), { value: draft?.value, required: true });
  const was = desk.parts.facts.criteria[target.replace("criterion:", "")]?.current ?? null;
  return form([value], [value], () => ({ kind: "current", target, value: value.value, was }));
}

function textForm(
  desk: Desk,
  { target }: Item,
  kind: "comment" | "question",
  draft: Draft<"comment" | "question">,
): Form {
  const label = desk.say(kind === "comment" ? "text" : "ask");
  const text = paragraph(label, { value: draft?.text, required: true });
  return form([text], [text], () => ({ kind, target, text: text.value }));
}

/** A form of fields, of which some have to be filled in. */
function form(all: readonly Field[], required: readonly Field[], build: () => Change): Form {
  return {
    elements: all.map((field) => field.element),
    first: all[0]?.control ?? null,
    required,
    read: build,
  };
}

/** What the form says; `null` when something is missing, which is then told. */
export function readForm(desk: Desk, made: Form): Change | null {
  return (made.required ?? []).every((field) => check(desk, field)) ? made.read() : null;
}
