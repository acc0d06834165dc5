"""A digest as text: plain for mail programs that show no HTML, and Markdown for chats and notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from dealroom.room.digest import Digest, Listed, Task
from dealroom.room.locale import Locale
from dealroom.room.values import ChangeLine

# What would be read as Markdown inside a line. A number or a sign at its start cannot be: every text follows a `- `.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a form writes a title, a heading, what stands out, and any other text."""

    title: Callable[[str], str]
    heading: Callable[[str], str]
    strong: Callable[[str], str]
    text: Callable[[str], str]


def escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


_MARKDOWN = _Form(
    lambda text: f"# {escaped(text)}",
    lambda text: f"## {escaped(text)}",
    lambda text: f"**{escaped(text)}**",
    escaped,
)
_PLAIN = _Form(str, lambda text: f"{text}:", str, str)


def as_markdown(digest: Digest, locale: Locale) -> str:
    """The digest as Markdown, with a line break at its end."""
    return _written(digest, locale, _MARKDOWN)


def as_text(digest: Digest, locale: Locale) -> str:
    """The digest as plain text, with a line break at its end."""
    return _written(digest, locale, _PLAIN)


def _written(digest: Digest, locale: Locale, form: _Form) -> str:
    return "\n\n".join(_blocks(digest, locale, form)) + "\n"


def _blocks(digest: Digest, locale: Locale, form: _Form) -> Iterator[str]:
    texts = locale.texts
    yield form.title(digest.plain_title)
    yield form.text(digest.greeting)
    if digest.standing:
        yield form.text(digest.standing)
    yield from _section(texts["digest.late"], _tasks(digest.own_late, locale, form), form)
    yield from _section(texts["digest.next"], _tasks(digest.next, locale, form), form)
    if not digest.own_late.tasks and not digest.next.tasks:
        yield form.text(texts["next.none"])
    if digest.way:
        # An address stands alone on its line, so that no program takes a full stop for a part of it.
        address = f"<{digest.way.address}>" if form is _MARKDOWN else digest.way.address
        told = texts["digest.personal" if digest.way.is_personal else "digest.passphrase"]
        yield f"{form.text(texts['digest.open'])}:\n{address}\n\n{form.text(told)}"
    changed = [_change(line, form) for line in digest.changes]
    changed += [form.text(digest.more_changes)] if digest.more_changes else []
    yield from _section(digest.since, changed, form)
    yield from _section(texts["digest.late_others"], _tasks(digest.late, locale, form, owners=True), form)
    yield f"{form.text(texts['digest.regards'])}\n{form.text(digest.signature)}"
    yield f"{'---' if form is _MARKDOWN else '-- '}\n{form.text(digest.why)} {form.text(digest.stop)}"


def _section(heading: str, lines: list[str], form: _Form) -> Iterator[str]:
    if lines:
        yield form.heading(heading)
        yield "\n".join(f"- {line}" for line in lines)


def _tasks(listed: Listed, locale: Locale, form: _Form, *, owners: bool = False) -> list[str]:
    lines = [_task(task, locale, form, owners) for task in listed.tasks]
    return [*lines, form.text(listed.more)] if listed.more else lines


def _task(task: Task, locale: Locale, form: _Form, owners: bool) -> str:
    about = [task.due_text]
    if owners and task.owner:
        about.append(locale.text("digest.with", person=unmarked(task.owner)))
    if task.part_of:
        about.append(locale.text("client.calendar_step_of", title=unmarked(task.part_of)))
    return f"{form.strong(unmarked(task.title))}: {form.text(' · '.join(about))}"


def _change(line: ChangeLine, form: _Form) -> str:
    told = form.text(unmarked(line.text))
    return f"{form.strong(unmarked(line.subject.text))}: {told}" if line.subject else told


def unmarked(text: Markup) -> str:
    """A text of a page, without its marks."""
    return text.replace("<br>", Markup(" ")).striptags()
