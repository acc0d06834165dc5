"""Fetching from a real server on this machine, and from a folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import fsspec
import pytest

from dealroom.errors import Problem
from dealroom.inbox.pull import pulled
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.token import replies_token
from dealroom.serve.hosting.store import open_store
from dealroom.serve.hosting.stored import name_of
from dealroom.workspace import Workspace
from tests.replies import KEY
from tests.unit.inbox.workspaces import workspace_at

REPLIES = [SealedReply("a" * 24, bytes([number]) * 40) for number in range(5)]
PAGE = 2


class Endpoint(BaseHTTPRequestHandler):
    """Gives two replies an answer to who has the token; elsewhere it misbehaves."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/elsewhere":
            self._send(302, b"", Location="/replies")
        elif url.path == "/page":
            self._send(200, b"<html>")
        elif self.headers["Authorization"] != f"Bearer {replies_token(KEY)}":
            self._send(403, b"")
        else:
            start = int(parse_qs(url.query).get("after", ["0"])[0])
            part = REPLIES[start : start + PAGE]
            listed = [{"name": f"{start}.txt", "text": armor(reply)} for reply in part]
            self._send(200, json.dumps({"replies": listed, "next": str(start + len(part))}).encode())

    def _send(self, code: int, body: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "workspace")


def fetched(workspace: Workspace, source: str) -> list[SealedReply]:
    return [reply for found in pulled(workspace, KEY, source) for reply in found.replies]


def test_everything_is_fetched_once(workspace: Workspace, server: str) -> None:
    assert fetched(workspace, f"{server}/replies") == REPLIES
    assert fetched(workspace, f"{server}/replies/") == []


def test_what_was_not_taken_is_fetched_again(workspace: Workspace, server: str) -> None:
    started = pulled(workspace, KEY, f"{server}/replies")
    taken = [next(started).replies for _ in range(PAGE + 1)]
    del started

    assert [reply for replies in taken for reply in replies] == REPLIES[: PAGE + 1]
    assert fetched(workspace, f"{server}/replies") == REPLIES[PAGE:]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        # The token would go where the server says.
        ("{server}/elsewhere", "answered 302"),
        ("{server}/page", "answered with something else than replies"),
        ("http://127.0.0.1:9", "does not answer"),
        ("http://rooms.example/replies", "is not safe on its way"),
        ("nonsense://rooms.example/replies", "cannot publish to nonsense://rooms.example/replies"),
        ("nowhere", "there is no folder nowhere"),
    ],
)
def test_a_place_that_does_not_answer_as_it_should_is_a_clear_error(
    workspace: Workspace, server: str, place: str, message: str
) -> None:
    with pytest.raises(Problem, match=message):
        fetched(workspace, place.format(server=server))


def test_a_folder_gives_what_is_written_to_its_end(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "replies" / REPLIES[0].room
    folder.mkdir(parents=True)
    (folder / "0001.txt").write_text(armor(REPLIES[0]))
    (folder / "0002.txt.part").write_text(armor(REPLIES[1])[:200])

    assert fetched(workspace, str(tmp_path / "replies")) == REPLIES[:1]
    assert [found.faults for found in pulled(workspace, KEY, f"file://{tmp_path}/replies")] == [()]


def test_a_folder_gives_what_its_server_put_together_and_did_not_settle(workspace: Workspace, tmp_path: Path) -> None:
    store = open_store("replies", tmp_path)
    store.put({name_of(reply.room, armor(reply)): armor(reply) for reply in REPLIES})
    (tmp_path / "replies" / "damaged.batch").write_text("[1]", encoding="utf-8")
    assert sorted(fetched(workspace, str(tmp_path / "replies")), key=REPLIES.index) == REPLIES
    faults = [found.faults for found in pulled(workspace, KEY, str(tmp_path / "replies")) if found.faults]
    assert faults == [("it is no batch of replies",)]


def test_a_bucket_gives_each_reply_once(workspace: Workspace) -> None:
    bucket = fsspec.filesystem("memory")
    bucket.pipe({f"/replies-of-a-test/{number}.txt": armor(REPLIES[number]).encode() for number in range(3)})
    bucket.pipe("/replies-of-a-test/notes.md", b"not a reply")
    place = "memory://replies-of-a-test"

    assert fetched(workspace, place) == REPLIES[:3]
    bucket.pipe("/replies-of-a-test/3.txt", armor(REPLIES[3]).encode())
    assert fetched(workspace, place) == [REPLIES[3]]
    assert fetched(workspace, place) == []
    bucket.rm("/replies-of-a-test", recursive=True)
    assert fetched(workspace, place) == []
