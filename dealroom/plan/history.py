"""`plans/<slug>/history.jsonl`: what was committed to when, one line a published revision.

A line says which commitments changed since the line before, each with what it was and what it is now:

    {"by":"Tom Okafor","changes":[{"field":"due","id":"security-review","kind":"milestone","now":"2027-02-20",
     "was":"2027-02-17"}],"date":"2027-02-18","digest":"3f9c…"}

Lines are only ever added. Replaying them gives the commitments as they last stood, and since each change says what is
now, a line that is lost or that a merge put out of order costs that line alone. `digest` is the plan's, as in
`plan.digest`; beside what it covers, a line tells which milestones are done or dropped.

Between them stand lines with a `reply`: what the seller said to buyers' replies, as in `plan.answers`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dealroom.diagnostics import Diagnostic, Place, warning
from dealroom.errors import Problem
from dealroom.plan.answers import Answered, answered_line, read_answered
from dealroom.plan.digest import commitments, commitments_digest, milestone_commitments
from dealroom.plan.model import Plan, Status

HISTORY_FILE = "history.jsonl"

# A commitment's fields by name, and all of them by (kind, id): `("milestone", "security-review")`.
Fields = Mapping[str, Any]
Commitments = dict[tuple[str, str], Fields]

# Fewer digits of a digest may be a number of a revision, or a slip.
SHORTEST_DIGEST = 6

# The plan itself stands among its commitments under one key: its go-live date is a field of it.
PLAN = ("plan", "plan")


@dataclass(frozen=True, slots=True)
class Change:
    """One commitment changed. Without a `field` it is new (`was` is `None`) or gone (`now` is), fields and all."""

    kind: str
    id: str
    field: str | None
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Revision:
    """A published state of the commitments, as what changed since the one before."""

    date: date
    digest: str
    by: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The revisions in the order of the file, what is wrong with the lines that could not be read, and the answers to
    replies, in the order of the file too."""

    revisions: tuple[Revision, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    answered: tuple[Answered, ...] = ()

    def until(self, last: int | None = None) -> Commitments:
        """The commitments after the first `last` revisions, or after all of them."""
        state: Commitments = {}
        for revision in self.revisions[:last]:
            _apply(state, revision.changes)
        return state


def recorded(plan: Plan) -> Commitments:
    """The commitments of a plan as the history records them, milestones in the plan's order."""
    written = commitments(plan)
    state: Commitments = {PLAN: {"go_live": written["go_live"]}}
    for milestone in plan.milestones:
        # A dropped milestone is no commitment any more, but that it was dropped is worth telling.
        facts = {"done": _iso(milestone.done), "dropped": milestone.state is Status.DROPPED}
        state["milestone", milestone.id] = _without_id(milestone_commitments(milestone)) | facts
    for criterion in written["success_criteria"]:
        state["criterion", criterion["id"]] = _without_id(criterion)
    return state


def state_digest(state: Commitments) -> str:
    """Equal for equal commitments, so that those which nobody changed need not be compared one by one."""
    written = [[*key, fields] for key, fields in sorted(state.items())]
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def changes(before: Commitments, after: Commitments) -> tuple[Change, ...]:
    """What changed between two states: in the order of `after`, what is gone last."""
    return tuple(_changes(before, after))


def next_revision(history: History, plan: Plan, on: date, by: str | None) -> Revision | None:
    """The revision to add for `plan` as it is published on a day, or nothing when no commitment changed."""
    found = changes(history.until(), recorded(plan))
    return Revision(on, commitments_digest(plan), by, found) if found else None


def revision_at(history: History, since: str) -> int:
    """How many revisions to replay for the state that `since` names: by a day, a number, or the start of a digest.

    Raises:
        Problem: there is no such revision.
    """
    if not history.revisions:
        raise Problem("nothing was published yet", "the history begins with `dealroom publish`")
    try:
        day = date.fromisoformat(since)
    except ValueError:
        pass
    else:
        return sum(revision.date <= day for revision in history.revisions)
    if since.isdigit() and 1 <= int(since) <= len(history.revisions):
        return int(since)
    for number, revision in reversed(list(enumerate(history.revisions, start=1))):
        if len(since) >= SHORTEST_DIGEST and revision.digest.startswith(since.lower()):
            return number
    raise Problem(
        f"there is no revision `{since}`",
        f"give a day like 2027-02-15, a number from 1 to {len(history.revisions)}, or the start of a digest",
    )


def read_history(folder: Path, root: Path) -> History:
    """The history in a plan's folder; findings name its file relative to `root`. No file is no history."""
    path = folder / HISTORY_FILE
    name = path.relative_to(root).as_posix()
    try:
        _refuse_irregular(path)
        content = path.read_bytes()
    except FileNotFoundError:
        return History()
    except OSError as problem:
        message = f"the history cannot be read: {(problem.strerror or str(problem)).lower()}"
        return History((), (warning("damaged-history", message, Place(name), "put the file itself there"),))
    revisions: list[Revision] = []
    answered: list[Answered] = []
    damaged: list[Diagnostic] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            written = json.loads(line)
            if isinstance(written, dict) and "reply" in written:
                answered.append(read_answered(written))
            else:
                revisions.append(_revision(written))
        except (ValueError, KeyError, TypeError, RecursionError):
            damaged.append(_damaged(name, number, line))
    return History(tuple(revisions), tuple(damaged), tuple(answered))


def append_revision(folder: Path, revision: Revision) -> None:
    """Add a line at the end, on the disk when this returns. A torn last line is left as it is, on a line of its own.

    Raises OSError; the file is then as it was, or ends in a torn line that the next reader reports.
    """
    _append(folder, _line(revision))


def append_answered(folder: Path, answered: Answered) -> None:
    """Add what was said to a reply, in the same way. Raises OSError."""
    _append(folder, answered_line(answered))


def _append(folder: Path, line: bytes) -> None:
    path = folder / HISTORY_FILE
    if os.path.lexists(path):
        _refuse_irregular(path)
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        torn = False
        if size:
            file.seek(size - 1)
            torn = file.read(1) != b"\n"
        file.write((b"\n" if torn else b"") + line)
        file.flush()
        os.fsync(file.fileno())


def _refuse_irregular(path: Path) -> None:
    """A link could lead out of the workspace, and a pipe would be waited for. Raises OSError."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def _apply(state: Commitments, found: Iterable[Change]) -> None:
    for change in found:
        key = (change.kind, change.id)
        if change.field is not None:
            state[key] = {**state.get(key, {}), change.field: change.now}
        elif change.now is None:
            state.pop(key, None)
        else:
            state[key] = change.now


def _changes(before: Commitments, after: Commitments) -> Iterator[Change]:
    for (kind, id), fields in after.items():
        earlier = before.get((kind, id))
        if earlier is None:
            yield Change(kind, id, None, None, dict(fields))
            continue
        for name in fields:
            if earlier.get(name) != fields[name]:
                yield Change(kind, id, name, earlier.get(name), fields[name])
    for (kind, id), fields in before.items():
        if (kind, id) not in after:
            yield Change(kind, id, None, dict(fields), None)


def _line(revision: Revision) -> bytes:
    written = {
        "date": revision.date.isoformat(),
        "digest": revision.digest,
        "by": revision.by,
        "changes": [
            {"kind": one.kind, "id": one.id, "field": one.field, "was": one.was, "now": one.now}
            for one in revision.changes
        ],
    }
    return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _revision(written: Any) -> Revision:
    """Raises ValueError, KeyError or TypeError when this is no revision."""
    if not isinstance(written, dict):
        raise TypeError("a revision is a mapping")
    by = written.get("by")
    found = tuple(_change(one) for one in written["changes"])
    return Revision(date.fromisoformat(written["date"]), str(written["digest"]), None if by is None else str(by), found)


def _change(written: Any) -> Change:
    kind, id, field, was, now = (written[name] for name in ("kind", "id", "field", "was", "now"))
    if not (isinstance(kind, str) and isinstance(id, str)):
        raise TypeError("a change names a kind and an id")
    if field is None:
        _check_fields(was)
        _check_fields(now)
    else:
        _check_value(field, was)
        _check_value(field, now)
    return Change(kind, id, field, was, now)


def _check_fields(fields: Any) -> None:
    """What a commitment as a whole was or is. Raises TypeError."""
    if not (fields is None or isinstance(fields, dict)):
        raise TypeError("a new commitment has fields")
    for name, value in (fields or {}).items():
        _check_value(name, value)


def _check_value(field: Any, value: Any) -> None:
    """Whether `value` may stand in `field`, as `plan.digest` writes it. Raises TypeError."""
    if not isinstance(field, str):
        raise TypeError("a field is named by its name")
    texts = value if isinstance(value, list) else []
    is_right = value is None or isinstance(value, list if field == "done_when" else str | bool)
    if not is_right or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{field} has another kind of value")


def _damaged(name: str, number: int, line: bytes) -> Diagnostic:
    text = line.decode("utf-8", "replace")
    return warning(
        "damaged-history",
        "this line of the history cannot be read and is left out",
        Place(name, number, 1, len(text) + 1, text),
        "restore the line from git, or remove it: the other lines stand for themselves",
    )


def _without_id(fields: Fields) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "id"}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
