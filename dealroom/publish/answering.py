"""Where the replies to a room go, and what its readers are told of those that they sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from dealroom.plan.answers import AnswerTo, answers_for
from dealroom.plan.history import History
from dealroom.publish.readers import Readership
from dealroom.room.replying import ReplyChannel
from dealroom.room.views import View
from dealroom.seal.answers import AnswersBox, seal_answers
from dealroom.workspace import Replies


def reply_channel(settings: Replies, room: str, view: View, who: Readership, history: History) -> ReplyChannel:
    """The channel of a view's page. `room` is the room's id; what was answered is closed for each of its readers."""
    boxes = tuple(asdict(box) for box in _boxes(room, view, who, history))
    return ReplyChannel(settings.endpoint, settings.email, boxes)


def _boxes(room: str, view: View, who: Readership, history: History) -> Iterator[AnswersBox]:
    for reader in who.readers:
        if reader.view is view:
            person = reader.credential.person
            told = answers_for(history.answered, person.id, person.kind)
            if told:
                written = json.dumps([_written(one) for one in told], ensure_ascii=False, separators=(",", ":"))
                yield seal_answers(reader.credential, room, written.encode())


def _written(told: AnswerTo) -> dict[str, object]:
    """An answer as the browser reads it: that to change `change` of the reply with the id `reply`."""
    answer = told.answer
    written = {
        "reply": told.reply,
        "sent": told.sent.isoformat(),
        "on": told.on.isoformat(),
        "change": answer.change,
        "kind": answer.kind,
        "target": answer.target,
        "answer": answer.answer,
        "asked": answer.asked,
        "words": answer.words,
        "now": answer.now,
    }
    return {name: value for name, value in written.items() if value is not None}
