// Puts what the server rendered anew in the place of what is shown, and leaves the seller's work on it as it is.

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Puts `fresh` in the place of what `selector` finds; what is unfolded or typed, and the keyboard's focus, stay. */
export function replace(selector: string, fresh: Element | null): void {
  const old = document.querySelector(selector);
  if (old === null || fresh === null) {
    return;
  }
  for (const details of old.querySelectorAll<HTMLDetailsElement>("details")) {
    counterpart(fresh, details, "details")?.toggleAttribute("open", details.open);
  }
  if (old.isEqualNode(fresh)) {
    return;
  }
  for (const field of old.querySelectorAll<Field>("input, textarea, select")) {
    const same = counterpart(fresh, field, "key") as Field | null;
    if (same && isTouched(field)) {
      same.value = field.value;
    }
  }
  const focused = document.activeElement;
  const held = focused instanceof HTMLElement && old.contains(focused) ? focused : null;
  const next = held && counterpart(fresh, held, "key");
  const selection = held instanceof HTMLTextAreaElement ? held.selectionStart : null;
  old.replaceWith(document.adoptNode(fresh));
  next?.focus({ preventScroll: true });
  if (next instanceof HTMLTextAreaElement && selection !== null) {
    next.setSelectionRange(selection, selection);
  }
}

function isTouched(field: Field): boolean {
  return field instanceof HTMLSelectElement
    ? !field.selectedOptions[0]?.defaultSelected
    : field.value !== field.defaultValue;
}

/** The same part in `fresh`: it has the same name, and is of the same room where it is of one. */
function counterpart(
  fresh: Element,
  part: HTMLElement,
  kind: "key" | "details",
): HTMLElement | null {
  const name = part.dataset[kind];
  if (!name) {
    return null;
  }
  const room = part.closest<HTMLElement>("[data-room]")?.dataset["room"];
  const entry = room === undefined ? null : `[data-room="${CSS.escape(room)}"]`;
  const within = entry === null || fresh.matches(entry) ? fresh : fresh.querySelector(entry);
  return within?.querySelector<HTMLElement>(`[data-${kind}="${CSS.escape(name)}"]`) ?? null;
}
