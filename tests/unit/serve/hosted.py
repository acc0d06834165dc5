"""A hosting server that runs as it does for users: a process of its own, spoken to over TCP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from dealroom.seal.access import Person
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key
from dealroom.seal.reply import seal_reply

KEY = WorkspaceKey(bytes(range(32)))
ROOM = "abcdefghijklmnopqrstuvwx"
DANA = Person("dana", "Dana Whitfield", "buyer")
# Seconds for anything that must happen on a slow machine, too.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(slots=True)
class Hosted:
    """A running server; `folder` is where it was started."""

    folder: Path
    process: subprocess.Popen[str]
    name: str

    def request(
        self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = HTTPConnection(self.name, timeout=PATIENCE)
        try:
            # Who refuses what is too large hangs up before all of it is sent, and has answered by then.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers or {})
            return _answer(connection.getresponse())
        finally:
            connection.close()

    def post(self, text: str, room: str = ROOM, headers: dict[str, str] | None = None) -> Answer:
        return self.request("POST", f"/replies/{room}", text, {"Content-Type": "text/plain", **(headers or {})})

    def connect(self) -> socket.socket:
        host, _, port = self.name.partition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)

    def stored(self) -> list[str]:
        return sorted(file.name for file in (self.folder / ".dealroom" / "replies").iterdir())

    def stop(self) -> list[dict[str, object]]:
        """Stop as a service manager does, and give what was logged since the start."""
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=PATIENCE)
        return [json.loads(line) for line in out.splitlines()]


@contextmanager
def hosted(folder: Path, *options: str) -> Iterator[Hosted]:
    """`dealroom host` in `folder`, on a free port."""
    command = [sys.executable, "-m", "dealroom", "-C", str(folder), "host", "--port", "0", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            started = json.loads(process.stdout.readline())
            yield Hosted(folder, process, urlsplit(started["address"]).netloc)
        finally:
            process.kill()


def reply_text(payload: bytes = b"{}", room: str = ROOM) -> str:
    """A sealed reply. Never the same twice."""
    recipient = replies_key(KEY, room).public_key().public_bytes_raw()
    return armor(SealedReply(room, seal_reply(recipient, room, DANA, bytes(32), payload)))


def _answer(response: HTTPResponse) -> Answer:
    body = response.read()
    return Answer(
        response.status, {name.lower(): value for name, value in response.getheaders()}, body.decode("latin-1")
    )
