"""An agenda as text for a terminal, or as Markdown for an invitation or notes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dealroom.exchange.agenda import Agenda
from dealroom.room.digest_text import escaped


def as_text(agenda: Agenda) -> str:
    """What is empty takes one line."""
    return "\n".join(_text(agenda)) + "\n"


def as_markdown(agenda: Agenda) -> str:
    """What is empty is left out."""
    return "\n\n".join(_markdown(agenda)) + "\n"


def _text(agenda: Agenda) -> Iterator[str]:
    yield agenda.title
    yield agenda.standing
    for section in agenda.sections:
        if section.lines:
            yield ""
            yield section.heading
            yield from (f"  - {line}" for line in section.lines)
    empty = [f"{section.heading}: {section.nothing}" for section in agenda.sections if not section.lines]
    if empty:
        yield ""
        yield from empty


def _markdown(agenda: Agenda) -> Iterator[str]:
    yield f"# {escaped(agenda.title)}"
    yield escaped(agenda.standing)
    for section in agenda.sections:
        if section.lines:
            yield f"## {escaped(section.heading)}"
            yield "\n".join(f"- {escaped(line)}" for line in section.lines)
