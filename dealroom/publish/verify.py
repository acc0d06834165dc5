"""Compare a published site, byte by byte, with the releases that the seller signed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import urlsplit

from dealroom.errors import Problem
from dealroom.publish.hosts import Host, Unreachable
from dealroom.publish.releases import Age, Order
from dealroom.seal.errors import ReleaseProblem
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.release import RELEASE, ListedFile, Release, place_of, read_release
from dealroom.seal.unseal import OBJECTS, PAGE

# Fetched at once: what a browser does, too, so that no host minds.
TOGETHER = 6
# Bytes. A release of a thousand files has 130 KB; whoever sends more means harm.
_LARGEST_RELEASE = 4 << 20
_LARGEST_PAGE = 4 << 20
# What hosts and git keep beside a site, and no page loads. Hosts take `_headers` in and do not show it.
_OF_THE_HOST = re.compile(r"\.[^/]+(/.*)?|CNAME|_headers|_redirects")

# `progress(done, total)` after each file.
Progress = Callable[[int, int], None]

_NOTHING_KNOWN = Order()


class Fault(StrEnum):
    """In which way something is not as published."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    ROLLED_BACK = "rolled-back"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as published: where, as a person writes it, and what more there is to say."""

    fault: Fault
    address: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A room to look at: where it is below the site, and what is known of it."""

    at: str
    slug: str | None = None
    room: str | None = None
    order: Order = _NOTHING_KNOWN
    taken_down: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one room, or of the site's front page, which has no slug and is at an empty path."""

    expected: Expected
    address: str
    files: int
    findings: tuple[Finding, ...]
    release: Release | None = None
    age: Age = Age.UNKNOWN

    @property
    def as_published(self) -> bool:
        """Whether all of it is."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose releases count; with the workspace's key, objects are checked too."""

    fingerprint: str
    key: WorkspaceKey | None = None


def release_at(host: Host, at: str) -> bytes | None:
    """The bytes of the release in a folder. Raises Problem: the host cannot be asked."""
    path = _join(at, RELEASE)
    try:
        return host.read(path, _LARGEST_RELEASE)
    except Unreachable as why:
        raise Problem(f"cannot fetch {host.address(path)}: {why}", "check the address and the connection") from why


def belongs_at(host: Host) -> str | None:
    """The path below its site of what the host shows: empty for a site, None when there is no release."""
    data = release_at(host, "")
    return None if data is None else place_of(data)


def verify(host: Host, rooms: Sequence[Expected], signer: Signer, progress: Progress) -> list[Verified]:
    """Look at every byte of these rooms. What is wrong is told; nothing is raised."""
    with ThreadPoolExecutor(TOGETHER) as pool:
        opened = list(pool.map(lambda room: _opened(host, room, signer), rooms))
        wanted: dict[str, ListedFile] = {}
        for one in opened:
            wanted |= {_join(one.expected.at, file.path): file for file in _files(one.release)}
        found: dict[str, Finding | None] = {}
        looked = pool.map(lambda item: _looked_at(host, *item), wanted.items())
        for done, (path, finding) in enumerate(zip(wanted, looked, strict=True), 1):
            found[path] = finding
            progress(done, len(wanted))
        return list(pool.map(lambda one: _judged(host, one, found), opened))


def extra_files(host: Host, verified: Iterable[Verified], below: Sequence[str] = ()) -> list[Finding]:
    """Files that no release lists, where files can be listed at all; only in the folders `below`, if there are any.

    Nothing is extra where it cannot be known: in a room without a release, and among objects without the key.
    """
    listed: set[str] = set()
    unknown: set[str] = set()
    for one in verified:
        paths = (RELEASE, *(file.path for file in _files(one.release)))
        listed |= {_join(one.expected.at, path) for path in paths}
        if one.expected.at and (one.release is None or one.release.objects is None):
            unknown.add(f"{one.expected.at}/{OBJECTS if one.release else ''}".rstrip("/"))
    return [
        Finding(Fault.EXTRA, host.address(path), "no release lists it")
        for path in host.paths() or ()
        if path not in listed
        and not _OF_THE_HOST.fullmatch(path)
        and not _is_in(path, unknown)
        and (not below or _is_in(path, below))
    ]


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _opened(host: Host, room: Expected, signer: Signer) -> Verified:
    """The release of a room, if it is there and can be relied on."""
    path = _join(room.at, RELEASE)
    seen = Verified(room, host.address(_join(room.at, PAGE)), 0, ())

    def with_fault(fault: Fault, detail: str = "") -> Verified:
        return replace(seen, findings=(Finding(fault, host.address(path), detail),))

    try:
        data = host.read(path, _LARGEST_RELEASE)
    except Unreachable as why:
        return with_fault(Fault.UNREACHABLE, str(why))
    if data is None:
        return seen if room.taken_down else with_fault(Fault.MISSING, "so nothing of the room can be relied on")
    try:
        release = read_release(data, signer.fingerprint, signer.key)
    except ReleaseProblem as problem:
        return with_fault(Fault.CHANGED, problem.message)
    if release.at != room.at or room.room not in {None, release.room}:
        return with_fault(Fault.CHANGED, f"it is the release of another room, at {release.at or 'the front page'}")
    age = Age.TAKEN_DOWN if room.taken_down else room.order.age(hashlib.sha256(data).digest())
    return replace(seen, release=release, age=age, files=len(_files(release)))


def _looked_at(host: Host, path: str, file: ListedFile) -> Finding | None:
    address = host.address(path)
    try:
        digest = host.digest(path, file.size)
    except Unreachable as why:
        return Finding(Fault.UNREACHABLE, address, str(why))
    if digest is None:
        return Finding(Fault.MISSING, address)
    return None if digest == file.digest else Finding(Fault.CHANGED, address)


def _judged(host: Host, seen: Verified, found: Mapping[str, Finding | None]) -> Verified:
    """With what was found of the files, and what the page loads beside them if it was changed."""
    if seen.release is None:
        return seen
    paths = [_join(seen.expected.at, file.path) for file in _files(seen.release)]
    findings = [finding for path in paths if (finding := found[path])]
    page = found.get(_join(seen.expected.at, PAGE))
    if page and page.fault is Fault.CHANGED:
        findings += _loaded_beside(host, seen.expected.at, paths)
    if seen.age is Age.OLDER:
        findings.append(Finding(Fault.ROLLED_BACK, seen.address, "it is older than the last one published"))
    elif seen.age is Age.TAKEN_DOWN:
        findings.append(Finding(Fault.ROLLED_BACK, seen.address, "it was taken down, and is still there"))
    return replace(seen, findings=(*seen.findings, *findings))


def _loaded_beside(host: Host, at: str, paths: Iterable[str]) -> Iterator[Finding]:
    """What a changed page loads that nobody signed."""
    try:
        page = host.read(_join(at, PAGE), _LARGEST_PAGE) or b""
    except Unreachable:
        return
    loads = _Loads()
    loads.feed(page.decode("utf-8", "replace"))
    signed = set(paths)
    for reference in dict.fromkeys(loads.found):
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            if parts.scheme != "data":
                yield Finding(Fault.EXTRA, reference, "the page loads it from elsewhere")
        elif parts.path and (path := _join(at, parts.path)) not in signed:
            yield Finding(Fault.EXTRA, host.address(path), "the page loads it, and no release lists it")


def _files(release: Release | None) -> tuple[ListedFile, ...]:
    return (*release.files, *(release.objects or ())) if release else ()


def _join(at: str, path: str) -> str:
    """A path below the site: never above it, whatever a page says."""
    joined = normpath(PurePosixPath("/", at, path).as_posix()) if not path.startswith("/") else normpath(path)
    return joined.lstrip("/")


class _Loads(HTMLParser):
    """What a page loads by itself: scripts, styles, pictures, frames."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = "href" if tag in {"link", "base"} else "data" if tag == "object" else "src"
        if tag != "a":
            self.found += [value.strip() for name, value in attrs if name == wanted and value]
