"""A host as the net has them: slow, dropping connections, without ranges. For tests of what a browser does then."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PIECE = 64 * 1024
# Smaller objects are the view; it is the documents that a test wants to lose. In bytes.
_LARGE = 1_000_000


@dataclass
class Conduct:
    """How the host behaves towards large objects; the rest of the site it always serves well.

    `cut_after` are the bytes after which it drops a connection, one entry for each, and then no more; `pause` the
    seconds between pieces of 64 KiB. `asked` are the objects asked for with the first byte wanted, `sending` those that
    are on their way, `whole` those that have arrived to their end.
    """

    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    pause: float = 0.0
    asked: list[tuple[str, int]] = field(default_factory=list)
    sending: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


class ShakyHost:
    """Serves `folder` below `prefix` on a port of its own, as `conduct` says. A context manager."""

    def __init__(self, folder: Path, prefix: str = "/") -> None:
        self.conduct = Conduct()
        self._server = _Server(folder, prefix, self.conduct)
        self.origin = f"http://127.0.0.1:{self._server.server_port}{prefix.rstrip('/')}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, folder: Path, prefix: str, conduct: Conduct) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.prefix, self.conduct = folder, prefix, conduct

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers hang up whenever they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = self.server.folder / path.removeprefix(self.server.prefix).lstrip("/")
        file = file / "index.html" if path.endswith("/") else file
        if not path.startswith(self.server.prefix) or not file.is_file():
            self._begin(HTTPStatus.NOT_FOUND, "text/plain", 0)
        elif file.parent.name == "o" and file.stat().st_size >= _LARGE:
            self._send_large(file)
        else:
            content = file.read_bytes()
            self._begin(HTTPStatus.OK, _TYPES.get(file.suffix, "application/octet-stream"), len(content))
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, media_type: str, size: int, **more: str) -> None:
        self.send_response(status)
        headers = {"Content-Type": media_type, "Content-Length": str(size), "Cache-Control": "no-store", **more}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _send_large(self, file: Path) -> None:
        conduct, content = self.server.conduct, file.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(wanted[1]) if wanted else 0
        conduct.asked.append((file.name, start))
        body, media_type = content, "application/octet-stream"
        if wanted and conduct.ranges:
            body = content[start:]
            found = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._begin(HTTPStatus.PARTIAL_CONTENT, media_type, len(body), Content_Range=found)
        else:
            self._begin(HTTPStatus.OK, media_type, len(body))
        limit = conduct.cut_after.pop(0) if conduct.cut_after else len(body)
        conduct.sending.append(file.name)
        try:
            for position in range(0, min(limit, len(body)), _PIECE):
                self.wfile.write(body[position : min(position + _PIECE, limit)])
                time.sleep(conduct.pause)
        finally:
            conduct.sending.remove(file.name)
        self.close_connection = limit < len(body)
        if not self.close_connection:
            conduct.whole.append(file.name)
