// Sending what is in the tray: by the server, by mail, as a text or as a file.

import type { Desk } from "./desk";
import type { Contents, Way } from "./drafts";
import { MOST_CHANGES, payloadOf } from "./payload";
import { encodePayload, sealReply, TooLong } from "./seal";
import { copy, type Delivery, follow, mailto, post, save } from "./ways";

interface Sealed {
  /** What was sealed: the same contents are sealed once, so that a reply which goes two ways is known as one. */
  readonly of: string;
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly contents: Contents;
}

export class Outbox {
  private sealed: Promise<Sealed> | null = null;
  private of = "";

  constructor(private readonly desk: Desk) {}

  get hasEndpoint(): boolean {
    return this.desk.parts.facts.endpoint !== null;
  }

  /** Posts the reply, and moves it to what was sent when the server has stored it. Throws `TooLong` and `TooOld`. */
  async post(): Promise<Delivery> {
    const { facts, sender } = this.desk.parts;
    const sealed = await this.seal();
    const delivery = await post(facts.endpoint ?? "", sender.room, sealed.text);
    if (delivery === "taken") {
      this.keep(sealed, "endpoint");
    }
    return delivery;
  }

  /** Opens the reader's mail program. What it cannot take over is copied, to be pasted. */
  async mail(): Promise<{ readonly holdsReply: boolean; readonly text: string }> {
    const { facts } = this.desk.parts;
    const sealed = await this.seal();
    const words = { subject: this.desk.say("subject"), body: this.desk.say("body") };
    const { address, holdsReply } = mailto(facts.email, words, sealed.text);
    if (!holdsReply) {
      await copy(sealed.text);
    }
    follow(address);
    this.keep(sealed, "mail");
    return { holdsReply, text: sealed.text };
  }

  /** Copies the text. `copied` is false when the browser does not let it; then it is shown, to be copied by hand. */
  async copy(): Promise<{ readonly copied: boolean; readonly text: string }> {
    const sealed = await this.seal();
    const copied = await copy(sealed.text);
    this.keep(sealed, "copy");
    return { copied, text: sealed.text };
  }

  /** Saves the text as a file, and gives its name. */
  async save(): Promise<string> {
    const sealed = await this.seal();
    const name = `dealroom-reply-${sealed.id.slice(0, 8)}.txt`;
    save(sealed.text, name);
    this.keep(sealed, "file");
    return name;
  }

  private seal(): Promise<Sealed> {
    const { drafts, facts, sender, now } = this.desk.parts;
    const { contents } = drafts;
    const of = JSON.stringify([contents.changes, contents.note, contents.name]);
    if (this.sealed === null || this.of !== of) {
      this.of = of;
      this.sealed = this.sealNow(contents, of, payloadOf(sender, contents, facts.digest, now()));
      // Another try may go better: the code that seals is loaded on the way.
      this.sealed.catch(() => {
        this.sealed = null;
      });
    }
    return this.sealed;
  }

  private async sealNow(
    contents: Contents,
    of: string,
    payload: ReturnType<typeof payloadOf>,
  ): Promise<Sealed> {
    if (contents.changes.length > MOST_CHANGES) {
      throw new TooLong(`${contents.changes.length} changes`);
    }
    const text = await sealReply(this.desk.parts.sender, encodePayload(payload));
    return { of, id: payload.id, at: payload.sent, text, contents };
  }

  private keep({ id, at, contents }: Sealed, way: Way): void {
    this.sealed = null;
    const { changes, note } = contents;
    this.desk.parts.drafts.keepSent({ id, at, way, changes, note: note.trim() });
  }
}
