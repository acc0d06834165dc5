// Agreeing to the plan: offered until the reader agreed to this very version, and again when its commitments moved.

import { icon, make } from "../room/dom";
import type { Answering } from "./answering";
import type { Desk } from "./desk";
import type { Item } from "./items";
import type { Told } from "./marks";

export class Agreeing {
  readonly button: HTMLButtonElement;
  readonly text = make("p", "reply-agree-text");
  /** The reader's own line among those who agreed; none where they never did. */
  private readonly own: HTMLElement | null;

  constructor(
    private readonly desk: Desk,
    answering: Answering,
    item: Item,
  ) {
    const own = `[data-agreement="${CSS.escape(desk.person.id)}"]`;
    this.own = item.element.querySelector<HTMLElement>(own);
    this.button = answering.action(item, "agree", "button");
    if (this.own) {
      this.button.replaceChildren(icon("check"), desk.say("agree_again"));
    }
    this.own?.querySelector("details")?.setAttribute("open", "");
    this.dropOutdated();
  }

  /** Shows what is left to do: nothing, once the reader's agreement to this version is on record, sent or about to be. */
  paint(told: readonly Told[]): void {
    const isOnRecord = this.own?.dataset["agreed"] !== undefined;
    const isUnderWay = isOnRecord || this.isPending() || isSent(told, this.desk);
    this.button.hidden = isUnderWay;
    this.text.hidden = isUnderWay && !isOnRecord;
    this.text.classList.toggle("reply-current", isOnRecord);
    this.text.classList.toggle("soft", !isOnRecord);
    const date = this.own?.dataset["date"] ?? "";
    const before = this.own ? `${this.desk.say("agreed_before", { date })} ` : "";
    this.text.replaceChildren(
      ...(isOnRecord
        ? [icon("check"), this.desk.say("agreed", { date })]
        : [`${before}${this.desk.say("agree_text")}`]),
    );
  }

  private isPending(): boolean {
    return this.desk.parts.drafts.contents.changes.some(({ kind }) => kind === "agree");
  }

  /** An agreement that was not sent before the plan changed is none to what the page shows now. */
  private dropOutdated(): void {
    const { drafts, facts } = this.desk.parts;
    for (const change of drafts.contents.changes) {
      if (change.kind === "agree" && change.digest !== facts.digest) {
        drafts.remove(change);
      }
    }
  }
}

/** Whether the reader's agreement to this version was sent from here, and not declined. */
function isSent(told: readonly Told[], { parts }: Desk): boolean {
  return told.some(({ sent, entries }) => {
    const at = sent?.changes.findIndex(
      (change) => change.kind === "agree" && change.digest === parts.facts.digest,
    );
    const noted = sent?.note ? 1 : 0;
    return at !== undefined && at >= 0 && entries[at + noted]?.state !== "declined";
  });
}
