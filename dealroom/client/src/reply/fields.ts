// The fields of a form. Limits are those of docs/format.md.

import { make } from "../room/dom";
import type { Desk } from "./desk";

// In characters: a title, a name or a value; any other text.
export const LONGEST_LINE = 200;
export const LONGEST_TEXT = 2000;
export const LONGEST_NOTE = 4000;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Field {
  readonly element: HTMLElement;
  readonly control: Control;
  /** What was typed, without space around it. */
  readonly value: string;
}

export interface FieldOptions {
  readonly value?: string | undefined;
  readonly longest?: number;
  readonly required?: boolean;
}

let count = 0;

export function line(label: string, options: FieldOptions = {}, type = "text"): Field {
  const input = make("input", "field-input");
  input.type = type;
  input.autocomplete = "off";
  return field(label, input, { longest: LONGEST_LINE, ...options });
}

export function paragraph(label: string, options: FieldOptions = {}): Field {
  const area = make("textarea", "field-input");
  area.rows = 3;
  return field(label, area, { longest: LONGEST_TEXT, ...options });
}

/** A choice of the plan's people. */
export function person(desk: Desk, label: string, options: FieldOptions = {}): Field {
  const select = make("select", "field-input");
  const none = make("option", "", desk.say("choose"));
  none.value = "";
  const groups = (["buyer", "seller"] as const).flatMap((side) => {
    const people = desk.people.filter((each) => each.side === side);
    return people.map(({ id, name }) => {
      const option = make("option", "", name);
      option.value = id;
      return option;
    });
  });
  select.append(none, ...groups);
  return field(label, select, options);
}

/** The field, if it is filled in; else `null`, and it says so and takes the focus. */
export function check(desk: Desk, one: Field): boolean {
  const empty = one.value === "";
  const invalid = empty || !one.control.checkValidity();
  one.control.setAttribute("aria-invalid", String(invalid));
  const note = one.element.querySelector<HTMLElement>(".field-note");
  if (note) {
    note.textContent = invalid ? (empty ? desk.say("empty") : one.control.validationMessage) : "";
  }
  if (invalid) {
    one.control.focus();
  }
  return !invalid;
}

function field(label: string, control: Control, options: FieldOptions): Field {
  count += 1;
  control.id = `reply-field-${count}`;
  control.value = options.value ?? "";
  if (!(control instanceof HTMLSelectElement) && options.longest !== undefined) {
    control.maxLength = options.longest;
  }
  const name = make("label", "field-label", label);
  name.htmlFor = control.id;
  const note = make("p", "field-note");
  note.id = `${control.id}-note`;
  note.setAttribute("role", "alert");
  if (options.required) {
    control.setAttribute("aria-required", "true");
  }
  control.setAttribute("aria-describedby", note.id);
  return {
    element: make("div", "field", name, control, note),
    control,
    get value() {
      return control.value.trim();
    },
  };
}
