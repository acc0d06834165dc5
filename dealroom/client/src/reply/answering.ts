// Answering one thing: what can be said of it, and the form for it.

import { make } from "../room/dom";
import type { Change, Kind } from "./changes";
import type { Desk } from "./desk";
import { formOf, immediate, readForm } from "./forms";
import type { Item } from "./items";
import { button, Sheet } from "./sheet";

const ICONS: Readonly<Record<Kind, string>> = {
  done: "check",
  date: "calendar",
  blocked: "blocked",
  unblocked: "open",
  owner: "edit",
  person: "plus",
  step: "plus",
  current: "flag",
  comment: "reply",
  question: "reply",
  agree: "check",
};

export class Answering {
  private readonly sheet: Sheet;

  constructor(private readonly desk: Desk) {
    this.sheet = new Sheet(desk, "answer");
  }

  /** Shows what can be said of the item. */
  choose(item: Item): void {
    const actions = item.kinds.map((kind) => this.action(item, kind, "sheet-action"));
    const list = actions.map((action) => make("li", "", action));
    this.sheet.show(item.target === "plan" ? this.desk.say("tray") : item.title, [
      make("ul", "sheet-actions", ...list),
    ]);
  }

  /** A button that makes a change of this kind, at once or after its form. */
  action(item: Item, kind: Kind, className: string): HTMLButtonElement {
    return button(className, this.nameOf(item, kind), () => this.begin(item, kind), ICONS[kind]);
  }

  begin(item: Item, kind: Kind): void {
    const change = immediate(this.desk, item, kind);
    if (change === null) {
      this.fill(item, kind);
      return;
    }
    if (this.sheet.isOpen) {
      this.sheet.close();
    }
    this.desk.parts.drafts.add(change);
  }

  /** Shows a change that is in the tray, to be changed. */
  edit(change: Change, after: () => void): void {
    const item = this.desk.parts.items.get(change.target);
    if (item) {
      this.fill(item, change.kind, change, after);
    }
  }

  /** Whether a change has anything that can be edited. */
  isEditable(change: Change): boolean {
    return (
      change.kind !== "agree" &&
      change.kind !== "unblocked" &&
      this.desk.parts.items.has(change.target)
    );
  }

  private fill(item: Item, kind: Kind, draft?: Change, after: () => void = () => {}): void {
    const { desk } = this;
    const form = formOf(desk, item, kind, draft);
    const element = make("form", "sheet-form", ...form.elements);
    element.noValidate = true;
    const send = make("button", "button", desk.say(draft ? "keep" : "add"));
    const others = kind === "owner" ? [this.addPerson(item, draft, after)] : [];
    const cancel = button("quiet", desk.say("cancel"), () => this.sheet.close());
    element.append(...others, make("div", "sheet-foot", send, cancel));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const change = readForm(desk, form);
      if (change !== null) {
        this.sheet.close();
        this.put(change, draft);
        after();
      }
    });
    const about = item.target === "plan" ? [] : [make("p", "sheet-about soft", item.title)];
    this.sheet.show(this.nameOf(item, kind), [...about, element], form.first);
  }

  private nameOf({ target }: Item, kind: Kind): string {
    return this.desk.say(kind === "date" && target === "plan" ? "go_live" : kind);
  }

  private put(change: Change, draft: Change | undefined): void {
    const { drafts } = this.desk.parts;
    if (draft) {
      drafts.replace(draft, change);
    } else {
      drafts.add(change);
    }
  }

  /** An owner may be somebody whom the plan does not know: then they are added, and the form comes back. */
  private addPerson(item: Item, draft: Change | undefined, after: () => void): HTMLElement {
    const { desk } = this;
    return button(
      "quiet",
      desk.say("person"),
      () => {
        const plan = desk.parts.items.get("plan");
        if (plan) {
          this.fill(plan, "person", undefined, () => this.fill(item, "owner", draft, after));
        }
      },
      "plus",
    );
  }
}
