"""What the seller said to replies from the room: lines of the plan's history, beside the revisions.

    {"answers":[{"answer":"changed","asked":"finish Security review on 23 Dec 2026","change":1,"kind":"date",
     "now":"2026-12-21","target":"milestone:security-review","words":"The 22nd is taken"}],"by":"Tom Okafor",
     "date":"2026-11-22","from":"buyer","person":"dana","reply":"fde46a3d985f53a8a5007fad0ee64736","sent":"2026-11-20"}

A reply may be answered in several lines, and a later answer to the same change takes the earlier one's place. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast, get_args

Verdict = Literal["accepted", "changed", "declined"]

# The number of the note to the whole reply; changes count from 1.
NOTE = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to one change of a reply.

    `kind` and `target` are the change's, as docs/format.md has them; the note has `note` and `plan`. `asked` is the
    change in the seller's words, `words` what the seller said, `now` what was taken instead where it was `changed`.
    """

    change: int
    kind: str
    target: str
    answer: Verdict
    asked: str
    words: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A line: answers to one reply, given `on` a day, and `by` whom. `kind` is whether `person` is a `buyer`,
    a `seller` or whoever has the `shared` passphrase; `sent` is the day of the reply."""

    on: date
    by: str | None
    reply: str
    person: str
    kind: str
    sent: date
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """What a person is told of one change they asked for: answered `on` a day, in the reply sent on `sent`."""

    reply: str
    sent: date
    on: date
    answer: Answer


def answers_for(lines: Iterable[Answered], person: str, kind: str = "buyer") -> tuple[AnswerTo, ...]:
    """The answers to a person's replies, oldest reply first and each in the order of its changes.

    They are for that person's eyes: others who share the view did not ask, and may not be meant to read the words.
    """
    found: dict[tuple[str, int], AnswerTo] = {}
    for line in lines:
        if (line.person, line.kind) == (person, kind):
            for answer in line.answers:
                found[line.reply, answer.change] = AnswerTo(line.reply, line.sent, line.on, answer)
    return tuple(sorted(found.values(), key=lambda one: (one.sent, one.reply, one.answer.change)))


def answered_changes(lines: Iterable[Answered], reply: str) -> dict[int, Answer]:
    """What was said to a reply so far, by the number of the change."""
    return {answer.change: answer for line in lines if line.reply == reply for answer in line.answers}


def answered_line(answered: Answered) -> bytes:
    """The line for the history."""
    written = {
        "date": answered.on.isoformat(),
        "by": answered.by,
        "reply": answered.reply,
        "person": answered.person,
        "from": answered.kind,
        "sent": answered.sent.isoformat(),
        "answers": [
            {name: value for name in _MEMBERS if (value := getattr(one, name)) is not None} for one in answered.answers
        ],
    }
    return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


_MEMBERS = ("change", "kind", "target", "answer", "asked", "words", "now")


def read_answered(written: Mapping[str, Any]) -> Answered:
    """A line as it was parsed. Raises ValueError, KeyError or TypeError when it is none."""
    by = written.get("by")
    if not isinstance(written["answers"], list):
        raise TypeError("answers are a list")
    return Answered(
        date.fromisoformat(written["date"]),
        None if by is None else str(by),
        _text(written["reply"]),
        _text(written["person"]),
        _text(written["from"]),
        date.fromisoformat(written["sent"]),
        tuple(_answer(one) for one in written["answers"]),
    )


def _answer(written: Any) -> Answer:
    change, answer = written["change"], written["answer"]
    if type(change) is not int or answer not in get_args(Verdict):
        raise TypeError("an answer has the number of a change and a verdict")
    words, now = (written.get(name) for name in ("words", "now"))
    return Answer(
        change,
        _text(written["kind"]),
        _text(written["target"]),
        cast("Verdict", answer),
        _text(written["asked"]),
        None if words is None else _text(words),
        None if now is None else _text(now),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value
