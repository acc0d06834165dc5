"""Fetch replies from where an endpoint keeps them: over https, or from the folder or the bucket itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field, RootModel, ValidationError

from dealroom.errors import Problem
from dealroom.files import replace_at_once
from dealroom.inbox.carriers import LARGEST_MESSAGE, Carried, carried_in, carried_in_bytes
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.token import replies_token
from dealroom.workspace import Workspace

# Seconds that a server may be silent.
_PATIENCE = 30
# Bytes of one answer: a hundred of the largest replies have half of it.
_LARGEST_ANSWER = 100_000_000
# Answers of one pull: ten million replies. A server that never ends is broken or hostile.
_MOST_ANSWERS = 100_000
# Machines that only this one reaches.
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class _Listed(BaseModel):
    name: str = ""
    text: str


class _Batch(RootModel[dict[str, str]]):
    """Replies by name, as `dealroom host` keeps them for a moment when many come at once."""


class _Answer(BaseModel):
    replies: list[_Listed]
    next: str | None = Field(default=None, max_length=200)


def pulled(workspace: Workspace, key: WorkspaceKey, source: str | None) -> Iterator[Carried]:
    """The replies at an address, in a folder or in a bucket, else at the endpoint of dealroom.yml.

    What was given is to be stored before the next is asked for: then the place up to which it was fetched moves on.

    Raises:
        Problem: there is no such place, or it does not answer as it should.
    """
    place = source or workspace.settings.replies.endpoint
    if place is None:
        raise Problem(
            "dealroom.yml names no endpoint to fetch replies from",
            "write `replies: {endpoint: https://…}`, or name a folder: dealroom inbox pull FOLDER",
        )
    scheme = urlsplit(place).scheme
    if scheme in {"http", "https"}:
        yield from _from_endpoint(workspace, key, place.rstrip("/"))
        return
    if "://" in place and scheme != "file":
        yield from _from_bucket(workspace, place.rstrip("/"))
        return
    folder = Path(place.removeprefix("file://"))
    if not folder.is_dir():
        raise Problem(f"there is no folder {folder}", "give the folder in which the endpoint keeps replies")
    yield from _from_folder(folder)


def _from_folder(folder: Path) -> Iterator[Carried]:
    """The replies in the folder of an endpoint: files of one each, and batches that have no files of their own yet."""
    # What has another ending is still being written.
    found = [each for each in folder.rglob("*") if each.suffix in {".txt", ".batch"} and not each.is_symlink()]
    for file in sorted(each for each in found if each.is_file()):
        if file.suffix == ".txt":
            yield from carried_in(file)
            continue
        try:
            batch = _Batch.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            # They got their files meanwhile; the next pull has them.
            continue
        except ValidationError:
            yield Carried(file.name, (), ("it is no batch of replies",))
            continue
        for name, text in batch.root.items():
            yield carried_in_bytes(text.encode(), name)


def _from_endpoint(workspace: Workspace, key: WorkspaceKey, endpoint: str) -> Iterator[Carried]:
    if urlsplit(endpoint).scheme != "https" and urlsplit(endpoint).hostname not in _LOOPBACK:
        raise Problem(f"{endpoint} is not safe on its way", "use https://")
    cursors = _Cursors(workspace)
    cursor = cursors.after(endpoint)
    for _ in range(_MOST_ANSWERS):
        answer = _ask(endpoint, replies_token(key), cursor)
        for listed in answer.replies:
            yield carried_in_bytes(listed.text.encode(), listed.name or endpoint)
        if answer.next is not None:
            cursors.remember(endpoint, answer.next)
        if not answer.replies or answer.next in {None, cursor}:
            return
        cursor = answer.next


def _from_bucket(workspace: Workspace, place: str) -> Iterator[Carried]:
    """What was not fetched before: a file of a reply never changes."""
    from dealroom.publish.storage import open_storage

    cursors = _Cursors(workspace)
    fetched = cursors.names(place)
    with open_storage(place) as storage:
        listed = storage.list()
        for path in sorted(set(listed) - fetched):
            if not path.endswith(".txt") or listed[path].size > LARGEST_MESSAGE:
                continue
            content = storage.read(path)
            if content is not None:
                yield carried_in_bytes(content, path)
                fetched.add(path)
        # What is gone from there need not be known any more.
        cursors.remember(place, sorted(fetched & set(listed)))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token is for one server only."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(endpoint: str, token: str, cursor: str | None) -> _Answer:
    url = f"{endpoint}?after={quote(cursor, safe='')}" if cursor else endpoint
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_PATIENCE) as response:
            content = response.read(_LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as refusal:
        hint = "check the address, and that the server has the token of this workspace's key"
        raise Problem(f"{endpoint} answered {refusal.code} {refusal.reason}", hint) from None
    except OSError as fault:
        reason = getattr(fault, "reason", None) or fault.strerror or fault
        raise Problem(f"{endpoint} does not answer: {reason}", "check the address and the network") from None
    try:
        return _Answer.model_validate_json(content[:_LARGEST_ANSWER])
    except ValidationError:
        raise Problem(f"{endpoint} answered with something else than replies", "check the address") from None


class _Cursors:
    """Up to where each endpoint was fetched, and which files of a bucket.

    It may be deleted: everything is then fetched again, and known.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.state / "inbox" / "cursors.json"

    def after(self, endpoint: str) -> str | None:
        cursor = self._read().get(endpoint)
        return cursor if isinstance(cursor, str) else None

    def names(self, place: str) -> set[str]:
        names = self._read().get(place)
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    def remember(self, endpoint: str, cursor: str | list[str]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_at_once(self._file, json.dumps(self._read() | {endpoint: cursor}).encode())

    def _read(self) -> dict[str, Any]:
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}
