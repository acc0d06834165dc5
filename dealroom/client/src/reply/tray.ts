// The tray at the foot of the page: how many changes are to be sent, the way to look through them, and to send them.

import { make } from "../room/dom";
import type { Answering } from "./answering";
import type { Change } from "./changes";
import type { Desk } from "./desk";
import type { Sent } from "./drafts";
import { type Field, LONGEST_NOTE, line, paragraph } from "./fields";
import { Outbox } from "./outbox";
import { placed } from "./placing";
import { TooLong, TooOld } from "./seal";
import { button, Sheet } from "./sheet";

// Long enough to read what happened. In milliseconds.
const SHOWN = 8000;

export class Tray {
  private readonly sheet: Sheet;
  private readonly outbox: Outbox;
  private readonly bar = make("section", "reply-bar");
  private readonly text = make("p", "reply-count");
  private readonly sendButton: HTMLButtonElement;
  private readonly reviewButton: HTMLButtonElement;
  private readonly problem = make("p", "sheet-problem");
  private told = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSending = false;

  constructor(
    private readonly desk: Desk,
    private readonly answering: Answering,
  ) {
    this.sheet = new Sheet(desk, "tray");
    this.outbox = new Outbox(desk);
    this.bar.setAttribute("aria-label", desk.say("tray"));
    this.text.setAttribute("role", "status");
    this.problem.setAttribute("role", "alert");
    this.reviewButton = button("quiet", desk.say("review"), () => this.review());
    this.sendButton = button("button", desk.say("send"), () => void this.send());
    const buttons = make("div", "reply-bar-buttons", this.reviewButton, this.sendButton);
    this.bar.append(this.text, buttons);
    desk.parts.room.append(placed(this.bar));
    desk.parts.signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.paint();
  }

  /** Shows how many changes there are. */
  paint(): void {
    const { changes, note } = this.desk.parts.drafts.contents;
    const isEmpty = changes.length === 0 && note.trim() === "";
    this.text.textContent = isEmpty ? this.told : this.desk.count("count", changes.length);
    this.reviewButton.hidden = isEmpty;
    this.sendButton.hidden = isEmpty;
    this.sendButton.disabled = this.isSending;
    this.sendButton.textContent = this.desk.say(this.isSending ? "sending" : "send");
    this.bar.hidden = isEmpty && this.told === "";
    this.desk.parts.room.classList.toggle("has-reply-bar", !this.bar.hidden);
  }

  /** Opens the list of what is to be sent. */
  review(): void {
    const { desk } = this;
    const { changes } = desk.parts.drafts.contents;
    this.problem.textContent = "";
    const lines = changes.map((change) => this.line(change));
    const list = make("ul", "sheet-changes", ...lines);
    const note = this.noteField();
    const name = desk.person.kind === "shared" ? [this.nameField().element] : [];
    const send = button("button", desk.say("send"), () => void this.send());
    this.sheet.show(desk.say("tray"), [
      list,
      note.element,
      ...name,
      make("p", "soft sheet-private", desk.say("private")),
      this.problem,
      ...(this.outbox.hasEndpoint ? [make("div", "sheet-foot", send)] : []),
      this.ways(),
    ]);
  }

  private line(change: Change): HTMLElement {
    const { desk, answering } = this;
    const title = desk.titleOf(change.target);
    const words = make("div", "", make("strong", "", title), make("p", "", desk.describe(change)));
    const name = (text: string) => `${text}: ${title}, ${desk.describe(change)}`;
    const edit = button("quiet", desk.say("edit"), () => {
      this.sheet.close();
      answering.edit(change, () => this.review());
    });
    edit.setAttribute("aria-label", name(desk.say("edit")));
    const remove = button("quiet", desk.say("remove"), () => {
      desk.parts.drafts.remove(change);
      if (desk.parts.drafts.contents.changes.length > 0) {
        this.review();
      } else {
        this.sheet.close();
      }
    });
    remove.setAttribute("aria-label", name(desk.say("remove")));
    const buttons = answering.isEditable(change) ? [edit, remove] : [remove];
    return make("li", "", words, make("div", "sheet-buttons", ...buttons));
  }

  private noteField(): Field {
    const { drafts } = this.desk.parts;
    const value = drafts.contents.note;
    const note = paragraph(this.desk.say("note"), { value, longest: LONGEST_NOTE });
    note.control.addEventListener("input", () => drafts.update({ note: note.control.value }));
    return note;
  }

  private nameField(): Field {
    const { drafts } = this.desk.parts;
    const name = line(this.desk.say("your_name"), { value: drafts.contents.name });
    name.control.addEventListener("input", () => drafts.update({ name: name.control.value }));
    return name;
  }

  private ways(): HTMLElement {
    const { desk } = this;
    const first = this.outbox.hasEndpoint ? "quiet" : "button";
    return make(
      "div",
      "sheet-ways",
      make("p", "soft", desk.say("ways")),
      button(first, desk.say("mail"), () => void this.mail(), "mail"),
      button("quiet", desk.say("copy"), () => void this.copy(), "link"),
      button("quiet", desk.say("save"), () => void this.save(), "download"),
    );
  }

  /** Sends at once where there is a server; else, or when that fails, offers the other ways. */
  private async send(): Promise<void> {
    const { contents } = this.desk.parts.drafts;
    const needsName = this.desk.person.kind === "shared" && contents.name.trim() === "";
    if (!this.outbox.hasEndpoint || (needsName && !this.sheet.isOpen)) {
      this.review();
      return;
    }
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    this.paint();
    const delivery = await this.tried(() => this.outbox.post());
    this.isSending = false;
    this.paint();
    if (delivery === "taken") {
      this.sheet.close();
      this.tell(`${this.desk.say("sent")}. ${this.desk.say("sent_text")}`);
    } else if (delivery !== null) {
      this.fail(delivery === "unreachable" ? "offline" : delivery);
    }
  }

  private async mail(): Promise<void> {
    const mailed = await this.tried(() => this.outbox.mail());
    if (mailed) {
      this.handedOver(this.desk.say(mailed.holdsReply ? "mailed" : "paste"), mailed.text);
    }
  }

  private async copy(): Promise<void> {
    const done = await this.tried(() => this.outbox.copy());
    if (done) {
      this.handedOver(this.desk.say(done.copied ? "copied" : "copy_this"), done.text);
    }
  }

  private async save(): Promise<void> {
    const name = await this.tried(() => this.outbox.save());
    if (name !== null) {
      this.handedOver(this.desk.say("saved", { name }), null);
    }
  }

  /** Says what is left to do, and lets the reader say that they did not. */
  private handedOver(what: string, text: string | null): void {
    const { desk } = this;
    const sent = desk.parts.drafts.contents.sent.at(-1);
    const area = make("textarea", "sheet-text field-input");
    area.value = text ?? "";
    area.readOnly = true;
    area.rows = 5;
    area.setAttribute("aria-label", desk.say("tray"));
    area.addEventListener("focus", () => area.select());
    this.sheet.show(desk.say("tray"), [
      make("p", "sheet-done", what),
      ...(text === null ? [] : [area]),
      make("p", "soft", desk.say("private")),
      make(
        "div",
        "sheet-foot",
        button("button", desk.say("close"), () => this.sheet.close()),
        ...(sent ? [button("quiet", desk.say("take_back"), () => this.takeBack(sent))] : []),
      ),
    ]);
  }

  private takeBack(sent: Sent): void {
    this.desk.parts.drafts.takeBack(sent);
    this.review();
  }

  /** What an action gives; `null` when the reply cannot be sealed, which is then told. */
  private async tried<Result>(action: () => Promise<Result>): Promise<Result | null> {
    try {
      return await action();
    } catch (error) {
      const known =
        error instanceof TooLong ? "too_long" : error instanceof TooOld ? "too_old" : null;
      // What is left is that the code which seals could not be fetched.
      this.fail(known ?? "offline");
      return null;
    }
  }

  private fail(key: string): void {
    if (!this.sheet.isOpen) {
      this.review();
    }
    this.problem.textContent = this.desk.say(key);
    this.problem.scrollIntoView({ block: "nearest" });
  }

  private tell(text: string): void {
    this.told = text;
    this.paint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.told = "";
      this.paint();
    }, SHOWN);
  }
}
