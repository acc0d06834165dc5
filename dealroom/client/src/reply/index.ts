// The reader answers from the room: marks, proposes, asks and agrees; what they say is sealed for the seller alone.

import { holdFocus } from "../attention";
import type { RoomContext } from "../context";
import { AT_ONCE, nextTask, Pace } from "../pace";
import { dayOf } from "../room/days";
import { make } from "../room/dom";
import type { Plan } from "../room/plan";
import type { Wording } from "../room/wording";
import { Answering } from "./answering";
import { type Answer, openAnswers } from "./answers";
import { paintTicks, placeAgreeing, placeButtons, placeOnTasks } from "./buttons";
import { Desk } from "./desk";
import { Drafts } from "./drafts";
import { readFacts } from "./facts";
import { itemsOf } from "./items";
import { entriesByTarget, entryLine, markItem, type Told, toldOf } from "./marks";
import { clear, undisturbed } from "./placing";
import type { Sender } from "./seal";
import { button } from "./sheet";
import { Tray } from "./tray";

// Of what was sent, so many replies are listed: more than a deal's last weeks have.
const MOST_TOLD = 12;

/** Called when the lists of next steps were drawn anew. */
export type Repaint = () => void;

/** Lets the reader answer. A theme without a place for it has none of it. `now` is the reader's clock. */
export function startReplies(
  room: HTMLElement,
  plan: Plan,
  context: RoomContext,
  wording: Wording,
  now: () => Date,
): Repaint {
  const place = room.querySelector<HTMLElement>("[data-reply]");
  if (!place) {
    return () => {};
  }
  const sender: Sender = { ...context.reply, person: context.person };
  const facts = readFacts(place.dataset["reply"] ?? "");
  const title = room.querySelector("#title")?.textContent?.trim() ?? "";
  const items = itemsOf(room, place, plan, title);
  let repaint: Repaint = () => {};
  void Promise.all([draftsOf(context, sender), openAnswers(sender, facts.answers)]).then(
    async ([drafts, answers]) => {
      await nextTask();
      await undisturbed(room);
      const { signal } = context;
      if (signal.aborted) {
        return;
      }
      const refocus = holdFocus(room);
      // What was there is taken away and put there again before anybody sees that.
      const pace = clear(room) ? AT_ONCE : new Pace();
      const today = () => dayOf(now());
      const desk = new Desk({ room, facts, items, drafts, sender, wording, today, now, signal });
      const answering = new Answering(desk);
      await placeButtons(desk, answering, pace);
      if (pace !== AT_ONCE) {
        await pace.rest();
      }
      if (!signal.aborted) {
        place.hidden = false;
        repaint = start(desk, answering, answers, place);
        refocus();
      }
    },
  );
  return () => repaint();
}

/** Of the pages that are open. What is not sent yet outlasts a change of the page, also where no browser keeps it. */
const opened = new WeakMap<AbortSignal, Promise<Drafts>>();

function draftsOf({ closed }: RoomContext, sender: Sender): Promise<Drafts> {
  const drafts = opened.get(closed) ?? Drafts.open(sender);
  opened.set(closed, drafts);
  return drafts;
}

function start(
  desk: Desk,
  answering: Answering,
  answers: readonly Answer[],
  place: HTMLElement,
): Repaint {
  const { drafts, items, signal } = desk.parts;
  const agreeing = placeAgreeing(desk, answering);
  const tray = new Tray(desk, answering);
  const repaint = () => {
    const told = toldOf(desk, answers);
    const entries = entriesByTarget(desk, told, desk.parts.today());
    for (const item of items.values()) {
      markItem(desk, item, entries.get(item.target) ?? []);
    }
    agreeing?.paint(told);
    listTold(desk, place.querySelector<HTMLElement>("[data-reply-told]"), told);
    placeOnTasks(desk);
    paintTicks(desk);
    tray.paint();
  };
  drafts.onChange(repaint, signal);
  repaint();
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") {
        void drafts.reload();
      }
    },
    { signal },
  );
  return repaint;
}

/** What was sent, and what has become of it. */
function listTold(desk: Desk, box: HTMLElement | null, told: readonly Told[]): void {
  if (!box) {
    return;
  }
  box.hidden = told.length === 0;
  const replies = told.slice(0, MOST_TOLD).map((each) => {
    const isOpen =
      each.sent?.way !== "endpoint" && each.entries.every(({ state }) => state === "sent");
    const { sent } = each;
    const back = () => sent && desk.parts.drafts.takeBack(sent);
    const lines = each.entries.map((entry) => {
      const line = entryLine(desk, entry);
      line.querySelector(".mark-text")?.before(make("strong", "", desk.titleOf(entry.target)));
      return make("li", "", line);
    });
    return make(
      "li",
      "",
      make("p", "reply-day", desk.isoDate(each.on)),
      make("ul", "", ...lines),
      ...(sent && isOpen ? [button("quiet", desk.say("take_back"), back)] : []),
    );
  });
  box.replaceChildren(make("h3", "", desk.say("told")), make("ul", "reply-replies", ...replies));
}
