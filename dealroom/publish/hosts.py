"""Where a published site is looked at: a folder, or a web host as a buyer's browser meets it."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import quote, urlsplit

from dealroom.errors import UsageProblem
from dealroom.seal.unseal import PAGE

# Seconds without any byte from a host, after which it is taken to be away.
TIMEOUT = 20.0
# Bytes read at a time: a film costs no more memory than a page.
_PIECE = 1 << 18
# Hosts refuse programs that they do not know, and a host that deceives must not know this one at a glance.
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_GONE = {404, 410}


class Unreachable(Exception):
    """A host did not give an answer from which anything follows; the text says why."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Host(Protocol):
    """A place that shows files by their path, which has forward slashes."""

    def address(self, path: str) -> str:
        """How a person writes where the file is."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The first `limit` bytes of a file, or None when it is not there. Raises Unreachable."""

    def digest(self, path: str, size: int) -> bytes | None:
        """The SHA-256 of a file that should have `size` bytes, or of as much as shows that it has more."""

    def paths(self) -> Iterator[str] | None:
        """All files, where they can be listed."""


@dataclass(frozen=True, slots=True)
class FolderHost:
    """A folder on this machine."""

    folder: Path

    def address(self, path: str) -> str:
        """See `Host`."""
        return str(self.folder / path)

    def read(self, path: str, limit: int) -> bytes | None:
        """See `Host`."""
        with self._open(path) as stream:
            return stream.read(limit) if stream else None

    def digest(self, path: str, size: int) -> bytes | None:
        """See `Host`."""
        with self._open(path) as stream:
            return _digest(stream, size) if stream else None

    def paths(self) -> Iterator[str] | None:
        """See `Host`."""
        return (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("*")) if path.is_file())

    @contextmanager
    def _open(self, path: str) -> Iterator[IO[bytes] | None]:
        try:
            with (self.folder / path).open("rb") as stream:
                yield stream
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            yield None
        except OSError as fault:
            raise Unreachable((fault.strerror or str(fault)).lower()) from fault


class WebHost:
    """The site at a base URL. A page is asked for by its folder, as buyers do; redirects lead nowhere else."""

    def __init__(self, base: str) -> None:
        """Raises UsageProblem: not an address of a site."""
        parts = urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageProblem(f"{base} is not an address", "write it like https://rooms.example.com/")
        folder = parts.path.removesuffix(PAGE).rstrip("/")
        self._base = parts._replace(path=f"{folder}/", query="", fragment="").geturl()
        self._opener = urllib.request.build_opener(_SameOrigin())

    def address(self, path: str) -> str:
        """See `Host`."""
        folder, _, name = path.rpartition("/")
        shown = f"{folder}/" if folder and name == PAGE else "" if name == PAGE else path
        return f"{self._base}{quote(shown)}"

    def read(self, path: str, limit: int) -> bytes | None:
        """See `Host`."""
        with self._open(path) as answer:
            return _whole(answer, _some(answer, limit), limit) if answer else None

    def digest(self, path: str, size: int) -> bytes | None:
        """See `Host`."""
        with self._open(path) as answer:
            return _whole(answer, _digest(answer, size), size) if answer else None

    def paths(self) -> Iterator[str] | None:
        """See `Host`."""
        return None

    @contextmanager
    def _open(self, path: str) -> Iterator[http.client.HTTPResponse | gzip.GzipFile | None]:
        headers = {"User-Agent": _BROWSER, "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
        request = urllib.request.Request(self.address(path), headers=headers)
        try:
            with closing(self._opener.open(request, timeout=TIMEOUT)) as answer:
                # A bucket gives what was stored compressed as it is, whoever asks, and browsers unpack it.
                is_packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
                yield gzip.GzipFile(fileobj=answer) if is_packed else answer
        except urllib.error.HTTPError as fault:
            fault.close()
            if fault.code not in _GONE:
                raise Unreachable(f"the host answers {fault.code}") from fault
            yield None
        except (OSError, EOFError, zlib.error, http.client.HTTPException) as fault:
            reason = getattr(fault, "reason", None) or fault
            raise Unreachable(str(reason) or type(fault).__name__) from fault


def _whole(answer: http.client.HTTPResponse | gzip.GzipFile, read: bytes, size: int) -> bytes:
    """What was `read` of an answer, of which `size` bytes were wanted. Raises Unreachable: it broke off before."""
    if isinstance(answer, gzip.GzipFile):
        # It tells by itself when its end is missing.
        return read
    promised = int(answer.headers.get("Content-Length") or 0)
    if answer.length and promised - answer.length < size:
        raise Unreachable("the connection broke off")
    return read


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    """Follows redirects within a site only: what another one shows is not what its buyers are shown from here."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if _origin(req.full_url) != _origin(newurl):
            fp.close()
            raise OSError(f"it redirects to another site, {urlsplit(newurl).netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port


def _some(stream: _Readable, limit: int) -> bytes:
    pieces: list[bytes] = []
    while limit and (piece := stream.read(min(limit, _PIECE))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _digest(stream: _Readable, size: int) -> bytes:
    digest = hashlib.sha256()
    # One byte more than there should be is enough to know.
    left = size + 1
    while left and (piece := stream.read(min(left, _PIECE))):
        digest.update(piece)
        left -= len(piece)
    return digest.digest()
