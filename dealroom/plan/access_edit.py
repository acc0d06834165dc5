"""Write changes of `access.yml`, with the comments and the order of the person who wrote it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealroom.errors import Problem
from dealroom.files import replace_at_once
from dealroom.plan.access import ACCESS_FILE, PersonAccess, RoomAccess
from dealroom.yaml_source import parse
from dealroom.yaml_source.validate import validate

if TYPE_CHECKING:
    from ruamel.yaml import YAML

HEAD = """\
Who opens this room beyond the plan's buyers, who no longer does, and until when.
There is no secret here: commit it. `dealroom access` writes it, and so may you.
Epochs only go up: a lower one would let in who lost access."""

_PERSON_FIELDS = ("name", "epoch", "words", "expires", "revoked")
# Entries stay on one line each, whatever the length of a name.
_WIDTH = 200


def write_access(folder: Path, before: RoomAccess, after: RoomAccess) -> Path:
    """Change the access file of the plan in `folder` from what it says to what it is to say, and give its path.

    The file is replaced at once, so that a crash leaves the old or the new one.

    Raises:
        Problem: it cannot be written, or is written in a way that cannot be changed by a program.
    """
    file = folder / ACCESS_FILE
    try:
        text = changed_text(file.read_text(encoding="utf-8-sig") if file.exists() else "", before, after)
        replace_at_once(file, text.encode())
    except OSError as fault:
        raise Problem(f"cannot write {file}: {fault.strerror}", "check the folder's permissions") from fault
    return file


def changed_text(text: str, before: RoomAccess, after: RoomAccess) -> str:
    """`text`, which says `before`, as text that says `after`.

    Raises:
        Problem: it is written in a way in which the changed text would not say that.
    """
    from ruamel.yaml.comments import CommentedMap

    yaml = _yaml()
    document = yaml.load(text) if text else CommentedMap()
    if not text:
        document.yaml_set_start_comment(HEAD)
    _set(document, "epoch", after.epoch, 1, position=0)
    _set_kept(document, after.kept)
    _set_people(document, before, after)
    if after.shared != before.shared:
        _set_shared(document, after)
    stream = io.StringIO()
    yaml.dump(document, stream)
    written = stream.getvalue()
    said, _ = validate(RoomAccess, parse(written, ACCESS_FILE))
    if said != after:
        # Seen with anchors, and with entries of both styles that have comments between them.
        hint = "write each person on one line, as `- {id: …}`, or make the change by hand"
        raise Problem(f"{ACCESS_FILE} is written in a way that a program cannot change safely", hint)
    return written


def _set_kept(document: Any, kept: dict[str, int]) -> None:
    if not kept:
        document.pop("kept", None)
        return
    if "kept" not in document:
        document.insert(1, "kept", {})
    node = document["kept"]
    for path in [path for path in node if str(path) not in kept]:
        del node[path]
    node.update(kept)


def _set_people(document: Any, before: RoomAccess, after: RoomAccess) -> None:
    from ruamel.yaml.comments import CommentedMap

    if not after.people:
        return
    if not document.get("people"):
        document["people"] = []
    people = document["people"]
    for number, person in enumerate(after.people):
        if number < len(before.people):
            _set_person(people[number], person)
        else:
            entry = CommentedMap(id=person.id)
            if not people or people[-1].fa.flow_style():
                entry.fa.set_flow_style()
            _set_person(entry, person)
            people.append(entry)


def _set_person(entry: Any, person: PersonAccess) -> None:
    for field in _PERSON_FIELDS:
        _set(entry, field, getattr(person, field), 1 if field == "epoch" else None)


def _set_shared(document: Any, after: RoomAccess) -> None:
    from ruamel.yaml.comments import CommentedMap

    if not document.get("shared"):
        document["shared"] = CommentedMap()
        document["shared"].fa.set_flow_style()
    _set(document["shared"], "epoch", after.shared.epoch, 1)


def _set(node: Any, key: str, value: object, default: object, position: int | None = None) -> None:
    """Write a value, unless it is what its absence says."""
    if key in node:
        if value is None:
            del node[key]
        elif str(node[key]) != str(value):
            node[key] = value
    elif value != default:
        node.insert(len(node) if position is None else position, key, value)


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
