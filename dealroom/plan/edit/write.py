"""Edits of a plan's file: read, changed, checked as a plan, and written at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dealroom.diagnostics import has_errors
from dealroom.errors import Problem
from dealroom.files import replace_at_once
from dealroom.plan.edit.apply import Edit, changed_text
from dealroom.plan.folders import PLAN_FILE
from dealroom.plan.read import LoadedPlan, read_plan

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Changed:
    """A plan before and after edits that are not written yet. `before` and `after` are without errors."""

    file: Path
    content: bytes
    text: str
    before: LoadedPlan
    after: LoadedPlan

    @property
    def is_changed(self) -> bool:
        """Whether anything would be written."""
        return self.text != self.before.source.text

    def diff(self, context: int = 1) -> tuple[str, ...]:
        """The lines of a unified diff with `context` lines around each change, without the names of files."""
        old, new = (text.splitlines() for text in (self.before.source.text, self.text))
        return tuple(difflib.unified_diff(old, new, lineterm="", n=context))[2:]


def change_plan(folder: Path, root: Path, edits: Iterable[Edit], on: Changed | None = None) -> Changed:
    """What the plan in `folder` would be with the edits, after those of `on`. Nothing is written.

    Raises:
        CannotEdit: the file is written in a way that cannot be changed safely.
        Problem: the plan has errors, or would have.
    """
    on = on or _as_it_is(folder, root)
    text = changed_text(on.text, edits, on.before.source.name)
    after = on.after if text == on.text else read_plan(folder, root, text)
    if after.plan is None:
        wrong = [finding for finding in after.diagnostics if has_errors([finding])]
        raise Problem(f"the plan would be broken: {wrong[0].message}", wrong[0].hint)
    return Changed(on.file, on.content, text, on.before, after)


def _as_it_is(folder: Path, root: Path) -> Changed:
    before = read_plan(folder, root)
    if before.plan is None:
        raise Problem(f"the plan {before.slug} has errors", f"see them with `dealroom check {before.slug}`")
    file = folder / PLAN_FILE
    return Changed(file, file.read_bytes(), before.source.text, before, before)


def write_plan(changed: Changed) -> None:
    """Write what was changed.

    Raises:
        Problem: somebody else has changed the file since it was read, or it cannot be written.
    """
    if not changed.is_changed:
        return
    try:
        if changed.file.read_bytes() != changed.content:
            raise Problem(f"{changed.before.source.name} has just been changed by somebody else", "try again")
        mark = _MARK if changed.content.startswith(_MARK) else b""
        replace_at_once(changed.file, mark + changed.text.encode())
    except OSError as fault:
        raise Problem(f"cannot write {changed.file}: {fault.strerror}", "check the folder's permissions") from fault
