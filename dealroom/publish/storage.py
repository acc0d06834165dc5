"""Places that fsspec knows: buckets of S3 and its like, Google and Azure, servers over SFTP, and others.

The few calls that publishing needs, with what each kind of place wants to be told: content types, cache headers and
compression where files are served straight from a bucket, and a rename where a half-written file would be seen.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealroom.errors import Problem
from dealroom.publish.headers import cache_control
from dealroom.publish_settings import without_password
from dealroom.room.media_types import media_type_of

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# Where an object appears whole or not at all. Elsewhere a file is sent beside its place and renamed.
_OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "memory"})
# Where one connection carries everything, so that several at once gain nothing.
_ONE_AT_A_TIME = frozenset({"sftp", "ssh", "ftp", "smb", "local", "file"})
# Requests at once to a bucket: enough to hide the way there and back, few enough for a home's connection.
_AT_ONCE = 16
# What pip installs for each, as an extra of this package.
_EXTRAS = {
    "s3": "s3",
    "s3a": "s3",
    "gs": "gcs",
    "gcs": "gcs",
    "az": "azure",
    "abfs": "azure",
    "abfss": "azure",
    "sftp": "sftp",
    "ssh": "sftp",
}
# Browsers take all of these compressed; sealed objects cannot be.
_COMPRESSED = frozenset({".html", ".js", ".css", ".svg", ".txt", ".json", ".wasm"})
# Module and name of the base of each driver's own faults.
_DRIVER_FAULTS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("gcsfs.retry", "HttpError"),
    ("azure.core.exceptions", "AzureError"),
    ("paramiko", "SSHException"),
    ("ftplib", "Error"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("smbprotocol.exceptions", "SMBException"),
)
# The names under which drivers log. What they have to say about a fault is in the fault that they raise; without this
# they would also print it, with a traceback, between the lines of the command.
_LOGGED = ("s3fs", "aiobotocore", "botocore", "gcsfs", "adlfs", "azure", "fsspec", "paramiko")
# Seconds. A server that says nothing for so long says nothing any more.
_LETS_IN_WITHIN = _ANSWERS_WITHIN = 30
# Files up to this size, in bytes, are sent in one request from memory.
_SMALL = 8 * 1024 * 1024
_UNFINISHED = ".dealroom-part"
_QUIET = logging.NullHandler()


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a listing. `md5` is there where the place tells it."""

    size: int
    md5: str | None


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder at such a place. Every method raises what its driver does; `open_storage` makes a Problem of it."""

    filesystem: AbstractFileSystem
    root: str
    kind: str
    made: set[str] = field(default_factory=set)

    @property
    def at_once(self) -> int:
        """How many files may be sent at the same time."""
        return 1 if self.kind in _ONE_AT_A_TIME else _AT_ONCE

    def read(self, path: str) -> bytes | None:
        """A small file, or `None` when it is not there."""
        try:
            content: bytes = self.filesystem.cat_file(self._at(path))
        except FileNotFoundError:
            return None
        return content

    def list(self) -> dict[str, Listed]:
        """Every file, by its path from the root."""
        self.filesystem.invalidate_cache()
        try:
            found: dict[str, dict[str, Any]] = self.filesystem.find(self.root, detail=True)
        except FileNotFoundError:
            return {}
        start = len(self.root.rstrip("/")) + 1
        return {path[start:]: Listed(int(details.get("size") or 0), _md5(details)) for path, details in found.items()}

    def send(self, path: str, source: Path, check: Callable[[], None]) -> None:
        """Bring the file at `source` to `path`, there whole or not at all.

        `check` is called when all of it has been read; what it raises keeps it from getting there.
        """
        if self.kind in _OBJECT_STORES:
            self._put(self._at(path), source, path, check)
            return
        final = self._at(path)
        self._make_folder(final.rpartition("/")[0])
        unfinished = f"{final}{_UNFINISHED}"
        self.filesystem.put_file(str(source), unfinished)
        try:
            check()
        except Problem:
            self.filesystem.rm_file(unfinished)
            raise
        self.filesystem.mv(unfinished, final)

    def send_bytes(self, path: str, content: bytes) -> None:
        """Bring a few bytes to `path`."""
        if self.kind in _OBJECT_STORES:
            self.filesystem.pipe_file(self._at(path), content)
            return
        self._make_folder(self.root)
        unfinished = f"{self._at(path)}{_UNFINISHED}"
        self.filesystem.pipe_file(unfinished, content)
        self.filesystem.mv(unfinished, self._at(path))

    def remove(self, path: str) -> None:
        """Remove a file; one that is not there is as good."""
        try:
            self.filesystem.rm_file(self._at(path))
        except FileNotFoundError:
            return

    def is_same(self, listed: Listed, source: Path) -> bool:
        """Whether the place tells that it holds exactly what is in `source`."""
        return listed.md5 is not None and listed.md5 == hashlib.md5(_as_sent(source), usedforsecurity=False).hexdigest()

    def _put(self, at: str, source: Path, path: str, check: Callable[[], None]) -> None:
        options = _METADATA.get(self.kind, _nothing)(_metadata(path))
        if source.stat().st_size <= _SMALL or source.suffix in _COMPRESSED:
            content = _as_sent(source)
            check()
            self.filesystem.pipe_file(at, content, **options)
        else:
            # An object of a document: another one would have another name.
            self.filesystem.put_file(str(source), at, **options)

    def _make_folder(self, folder: str) -> None:
        if folder not in self.made:
            self.filesystem.makedirs(folder, exist_ok=True)
            self.made.add(folder)

    def _at(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path}"


@contextmanager
def open_storage(url: str, endpoint: str | None = None) -> Iterator[Storage]:
    """The place at `url`. `endpoint` is the service of an S3 address that is not Amazon's.

    Raises:
        Problem: no driver for it is installed, the address makes no sense to it; and, from within, whatever went wrong.
    """
    import fsspec

    for name in _LOGGED:
        logging.getLogger(name).addHandler(_QUIET)
    kind = url.partition("://")[0].lower()
    options = {**_options(kind), **({"endpoint_url": endpoint} if endpoint else {})}
    try:
        # A new connection for each run: one that was kept may be dead by now.
        filesystem, root = fsspec.core.url_to_fs(url, skip_instance_cache=True, **options)
    except ImportError as error:
        extra = _EXTRAS.get(kind)
        hint = f"pip install 'dealroom[{extra}]'" if extra else f"install the driver: {error}"
        raise Problem(f"publishing to {kind}:// needs a driver that is not installed", hint) from error
    except (ValueError, TypeError) as error:
        hint = "write an address like s3://bucket/rooms; credentials are looked for where the provider's own tools look"
        raise Problem(f"cannot publish to {without_password(url)}: {_first_line(error)}", hint) from error
    except _faults() as error:
        raise _cannot_reach(url, error) from error
    try:
        if kind in {"sftp", "ssh"}:
            # By itself it waits for ever for a server that stalls, and who watches waits with it.
            filesystem.ftp.get_channel().settimeout(_ANSWERS_WITHIN)
        yield Storage(filesystem, root, kind)
    except NotImplementedError as error:
        # What fsspec raises of a driver that has no way to write, like those of web pages and archives.
        hint = "name a folder, a bucket, a server over sftp, or a branch of git"
        raise Problem(f"cannot publish to {without_password(url)}: {kind}:// can only be read", hint) from error
    except _faults() as error:
        raise _cannot_reach(url, error) from error


def _options(kind: str) -> dict[str, Any]:
    """What a driver is told beside the address."""
    if kind in {"s3", "s3a"}:
        # By itself it tries for a minute and a half, in which nobody is told anything. What was sent is not sent again,
        # so that trying again later costs little.
        return {"config_kwargs": {"retries": {"mode": "standard", "max_attempts": 2}, "connect_timeout": 10}}
    if kind in {"sftp", "ssh"} and find_spec("paramiko") is not None:
        from dealroom.publish.known_hosts import KnownHostsOnly

        # By itself it takes any server, and waits for it as long as the system does.
        return {"host_key_policy": KnownHostsOnly(), "timeout": _LETS_IN_WITHIN, "auth_timeout": _LETS_IN_WITHIN}
    return {}


def _faults() -> tuple[type[Exception], ...]:
    """What drivers raise when a place is away or refuses, of those that are loaded. Not all are OSErrors."""
    named = [getattr(sys.modules.get(module), name, None) for module, name in _DRIVER_FAULTS]
    return (OSError, EOFError, *(fault for fault in named if fault is not None))


def _cannot_reach(url: str, error: Exception) -> Problem:
    return Problem(
        f"cannot publish to {without_password(url)}: {_first_line(error)}",
        "check the address, the credentials and the connection; run again, and only the rest is sent",
    )


def _first_line(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    # Azure's goes on with the request and the answer.
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _as_sent(source: Path) -> bytes:
    """The bytes at `source`, compressed where they are sent so. Always the same for the same bytes."""
    content = source.read_bytes()
    return gzip.compress(content, mtime=0) if source.suffix in _COMPRESSED else content


@dataclass(frozen=True, slots=True)
class _Metadata:
    content_type: str
    cache: str
    encoding: str | None


def _metadata(path: str) -> _Metadata:
    suffix = Path(path).suffix
    kind = media_type_of(path)
    charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else ""
    encoding = "gzip" if suffix in _COMPRESSED else None
    return _Metadata(f"{kind}{charset}", cache_control(path), encoding)


def _for_s3(meta: _Metadata) -> dict[str, Any]:
    encoding = {"ContentEncoding": meta.encoding} if meta.encoding else {}
    return {"ContentType": meta.content_type, "CacheControl": meta.cache, **encoding}


def _for_google(meta: _Metadata) -> dict[str, Any]:
    encoding = {"content_encoding": meta.encoding} if meta.encoding else {}
    return {"content_type": meta.content_type, "fixed_key_metadata": {"cache_control": meta.cache, **encoding}}


def _for_azure(meta: _Metadata) -> dict[str, Any]:
    # Installed with the driver that is handed this.
    make = import_module("azure.storage.blob").ContentSettings
    return {
        "content_settings": make(
            content_type=meta.content_type, cache_control=meta.cache, content_encoding=meta.encoding
        )
    }


def _nothing(_meta: _Metadata) -> dict[str, Any]:
    return {}


_METADATA: Mapping[str, Callable[[_Metadata], dict[str, Any]]] = {
    "s3": _for_s3,
    "s3a": _for_s3,
    "gs": _for_google,
    "gcs": _for_google,
    "az": _for_azure,
    "abfs": _for_azure,
    "abfss": _for_azure,
}


def _md5(details: Mapping[str, Any]) -> str | None:
    """The MD5 that S3 gives as the tag of what was sent in one request. Others give none that can be relied on."""
    tag = str(details.get("ETag") or "").strip('"')
    return tag if len(tag) == hashlib.md5(usedforsecurity=False).digest_size * 2 and "-" not in tag else None
