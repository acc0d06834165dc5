// Buyers' replies in the list: accept, decline and put aside with a click.

import { parsePage } from "./parse";
import { replace } from "./swap";

interface Outcome {
  readonly message: string;
  /** Whether something that was asked for still waits. */
  readonly left: boolean;
}

// How long a message stays that needs no doing, in milliseconds: two sentences are read in half of it.
const MESSAGE_STAYS = 12_000;

let hiding: ReturnType<typeof setTimeout> | undefined;

/** Lets the seller answer. The inbox is replaced as a whole, so that clicks are heard on the document. */
export function startInbox(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest<HTMLButtonElement>("[data-do]");
    if (button) {
      void answer(button).catch(reportError);
    }
  });
}

/** Fetches the inbox as it is now. A page that may not see it has none. */
export async function updateInbox(): Promise<void> {
  if (!document.querySelector("#inbox")) {
    return;
  }
  const response = await fetch("/-/inbox", { cache: "no-store" });
  if (response.ok) {
    replace("#inbox", parsePage(await response.text()).querySelector("#inbox"));
  }
}

async function answer(button: HTMLButtonElement): Promise<void> {
  const reply = button.closest<HTMLElement>("[data-reply]")?.dataset["reply"] ?? "";
  const decision = decisionOf(button);
  if (decision === null) {
    return;
  }
  button.disabled = true;
  try {
    const { ok, outcome } = await send(`${reply}/${button.dataset["do"]}`, decision);
    tell(outcome.message, !ok || outcome.left);
    await updateInbox();
    // What was clicked may be gone; the keyboard goes on at the inbox and not at the page's beginning.
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>("#inbox-title")?.focus({ preventScroll: true });
    }
  } finally {
    button.disabled = false;
  }
}

/** What the button asks for, with what stands in the fields beside it; null when words are missing. */
function decisionOf(button: HTMLButtonElement): object | null {
  const change = button.closest<HTMLElement>("[data-change]")?.dataset["change"];
  const form = button.closest(".form");
  const written = form?.querySelector<HTMLTextAreaElement>("[name=words]");
  const value = form?.querySelector<HTMLInputElement | HTMLSelectElement>("[name=value]");
  const words = written?.value.trim() ?? "";
  if (written && words === "" && button.dataset["needs"] === "words") {
    written.setAttribute("aria-invalid", "true");
    written.focus();
    return null;
  }
  return {
    changes: change === undefined ? [] : [Number(change)],
    ...(words === "" ? {} : { words }),
    ...(value && value.value.trim() !== asked(value) ? { value: value.value.trim() } : {}),
    ...("anyway" in button.dataset ? { anyway: true } : {}),
  };
}

/** The value that the buyer asked for. */
function asked(field: HTMLInputElement | HTMLSelectElement): string {
  if (field instanceof HTMLInputElement) {
    return field.defaultValue;
  }
  return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
}

async function send(path: string, decision: object): Promise<{ ok: boolean; outcome: Outcome }> {
  const token = document.querySelector<HTMLElement>("#inbox")?.dataset["token"] ?? "";
  try {
    const response = await fetch(`/-/inbox/${path}`, {
      method: "POST",
      body: JSON.stringify(decision),
      headers: { "Content-Type": "application/json", "X-Dealroom-Token": token },
    });
    return { ok: response.ok, outcome: (await response.json()) as Outcome };
  } catch {
    const message = "The preview does not answer. Start it again with dealroom serve.";
    return { ok: false, outcome: { message, left: true } };
  }
}

/** Says what became of it. What is still to be done stays until the next click. */
function tell(message: string, stays: boolean): void {
  const box = document.querySelector<HTMLElement>("#said");
  if (!box) {
    return;
  }
  clearTimeout(hiding);
  box.hidden = false;
  box.classList.toggle("is-problem", stays);
  box.textContent = message;
  if (!stays) {
    hiding = setTimeout(() => {
      box.hidden = true;
    }, MESSAGE_STAYS);
  }
}
