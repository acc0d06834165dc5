"""The release of a room: a signed list of all that belongs to it, so that anybody can tell what its host changed.

It is text, line by line:

    dealroom/1 release
    room <id>
    at <path of its folder below the site>
    file <SHA-256 in hex> <size> <path from the folder>     the page, and what it loads; in order of the paths
    objects <nonce> <box>                                   the same of the objects, sealed
    signer <public key>
    signature <Ed25519 over everything before this line>

Bytes are in base64url. Objects are listed in a sealed box: their names, number and sizes are nobody's business but the
host's, least of all of someone who is let into the room and may not see all of it. One key signs for all rooms of a
workspace, so that a buyer's reviewer has one fingerprint to be told. It says nothing about time: the same sources give
the same bytes, and whoever publishes keeps in which order that was (`dealroom.publish.releases`).
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dealroom.seal.encoding import FORMAT, b64u_decode, b64u_encode, fields
from dealroom.seal.errors import CannotSeal, ReleaseProblem
from dealroom.seal.keys import WorkspaceKey

RELEASE = "release.txt"
# What the release of the site itself has for a room: its front page belongs to none.
SITE = "-"

# How the folder of the site itself is written.
_TOP = "."

DIGEST_SIZE = 32
_HEADER = f"{FORMAT} release"
_NONCE_SIZE = 16
# Each box has a key of its own, which follows from what is in it.
_BOX_NONCE = bytes(12)
# The list of objects is padded to a power of two from here on, in bytes: this holds the eight that most rooms have.
_SMALLEST_LIST = 1024
# 128 bits: nobody finds another key with the same ones.
_FINGERPRINT_SIZE = 16
_FILE = re.compile(r"(?P<digest>[0-9a-f]{64}) (?P<size>0|[1-9][0-9]{0,15}) (?P<path>[^\n\r\0]+)")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file: its path from the room's folder, its size in bytes and its SHA-256."""

    path: str
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Release:
    """What was signed. `objects` is None for who has no workspace key to read their list with."""

    room: str
    at: str
    files: tuple[ListedFile, ...]
    objects: tuple[ListedFile, ...] | None = ()


def signer_fingerprint(key: WorkspaceKey) -> str:
    """What a buyer's reviewer is told: 32 hex digits that only this workspace's signature has."""
    return _fingerprint(_signer(key)[1])


def sign_release(key: WorkspaceKey, release: Release) -> bytes:
    """The bytes of `release.txt`. Raises CannotSeal: a path that cannot be listed."""
    lines = [_HEADER, f"room {release.room}", f"at {release.at or _TOP}"]
    lines += [f"file {line}" for line in _lines(release.files)]
    if release.objects:
        lines.append(_sealed_list(key, release.room, release.objects))
    signer, public = _signer(key)
    lines.append(f"signer {b64u_encode(public)}")
    signed = "".join(f"{line}\n" for line in lines).encode()
    return signed + f"signature {b64u_encode(signer.sign(signed))}\n".encode()


def read_release(data: bytes, fingerprint: str, key: WorkspaceKey | None = None) -> Release:
    """The release in `data`, whose signer has this fingerprint.

    Raises:
        ReleaseProblem: not a release, not this signer's, or changed.
    """
    signed, _, last = data.rpartition(b"signature ")
    try:
        text, signature = signed.decode(), b64u_decode(_line(last.decode("ascii")))
        header, *lines = _line(text).split("\n")
        signer = b64u_decode(_value(lines.pop(), "signer"))
    except (ValueError, IndexError):
        raise ReleaseProblem("it is not a release") from None
    if header != _HEADER:
        raise ReleaseProblem("it is not a release")
    if not hmac.compare_digest(_fingerprint(signer), fingerprint):
        raise ReleaseProblem(f"someone else signed it, {shown(_fingerprint(signer))}")
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, signed)
    except (InvalidSignature, ValueError):
        raise ReleaseProblem("its signature does not fit") from None
    return _parsed(lines, key)


def signer_of(data: bytes) -> str:
    """The fingerprint of who signed a release, whoever that is. Raises ReleaseProblem: as `read_release`."""
    found = re.search(rb"\nsigner ([\w-]+)\nsignature [\w-]+\n$", data)
    try:
        fingerprint = _fingerprint(b64u_decode(found[1].decode("ascii"))) if found else ""
    except ValueError:
        fingerprint = ""
    read_release(data, fingerprint)
    return fingerprint


def place_of(data: bytes) -> str | None:
    """Where an unverified release says that it belongs, to know what to look at; None when it is no release."""
    found = re.match(rf"{re.escape(_HEADER)}\nroom [^\n]*\nat ([^\n]*)\n", data.decode("utf-8", "replace"))
    return found[1].removeprefix(_TOP) if found else None


def shown(fingerprint: str) -> str:
    """A fingerprint in groups of four, for people to read out."""
    return " ".join(re.findall("....", fingerprint))


def parse_fingerprint(text: str) -> str:
    """A fingerprint as somebody copied it. Raises ReleaseProblem."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{2 * _FINGERPRINT_SIZE}}}", digits):
        raise ReleaseProblem(
            "a signer's fingerprint has 32 hex digits", "ask the seller for the one that `dealroom key check` prints"
        )
    return digits


# The same for all rooms of a workspace.
@lru_cache(maxsize=4)
def _signer(key: WorkspaceKey) -> tuple[Ed25519PrivateKey, bytes]:
    """The key that signs the releases of a workspace, and its public half."""
    signer = Ed25519PrivateKey.from_private_bytes(key.derive("release signing key"))
    return signer, signer.public_key().public_bytes_raw()


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).digest()[:_FINGERPRINT_SIZE].hex()


def _lines(files: Iterable[ListedFile]) -> list[str]:
    lines = [f"{file.digest.hex()} {file.size} {file.path}" for file in sorted(files, key=lambda file: file.path)]
    for line in lines:
        if not _FILE.fullmatch(line):
            raise CannotSeal(f"{line.split(' ', 2)[-1]!r} cannot be listed in a release", "give the file another name")
    return lines


def _sealed_list(key: WorkspaceKey, room: str, objects: Sequence[ListedFile]) -> str:
    plain = "".join(f"{line}\n" for line in _lines(objects)).encode()
    size = 1 << (max(_SMALLEST_LIST, len(plain)) - 1).bit_length()
    nonce = key.derive("release nonce", room, plain, size=_NONCE_SIZE)
    box = AESGCM(key.derive("release key", room, nonce)).encrypt(
        _BOX_NONCE, plain.ljust(size, b"\0"), fields(FORMAT, "release objects", room, nonce)
    )
    return f"objects {b64u_encode(nonce)} {b64u_encode(box)}"


def _parsed(lines: list[str], key: WorkspaceKey | None) -> Release:
    """A release from its lines, which the signature was found right for."""
    try:
        room, at, *rest = lines
        release = Release(_value(room, "room"), _value(at, "at").removeprefix(_TOP), ())
        if rest and rest[-1].startswith("objects "):
            written = _value(rest.pop(), "objects")
            release = replace(release, objects=_opened_list(written, release.room, key) if key else None)
        return replace(release, files=tuple(_file(_value(line, "file")) for line in rest))
    except (ValueError, InvalidTag):
        raise ReleaseProblem("it is not a release that this version can read", "update dealroom") from None


def _opened_list(written: str, room: str, key: WorkspaceKey) -> tuple[ListedFile, ...]:
    nonce, box = map(b64u_decode, written.split(" "))
    bound = fields(FORMAT, "release objects", room, nonce)
    plain = AESGCM(key.derive("release key", room, nonce)).decrypt(_BOX_NONCE, box, bound)
    return tuple(_file(line) for line in plain.rstrip(b"\0").decode().splitlines())


def _file(line: str) -> ListedFile:
    found = _FILE.fullmatch(line)
    if not found:
        raise ValueError(line)
    return ListedFile(found["path"], int(found["size"]), bytes.fromhex(found["digest"]))


def _line(text: str) -> str:
    """What stands before the line feed at the end."""
    if not text.endswith("\n"):
        raise ValueError(text)
    return text[:-1]


def _value(line: str, name: str) -> str:
    if not line.startswith(f"{name} "):
        raise ValueError(line)
    return line.removeprefix(f"{name} ")
