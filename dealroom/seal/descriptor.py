"""The room descriptor: the public JSON in a room's page that says how to find and open one's slot."""

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TypeGuard

from dealroom.seal.derive import Settings
from dealroom.seal.encoding import FORMAT, b64u_decode, b64u_encode
from dealroom.seal.errors import DamagedRoom, RoomClosed, UnknownFormat, UnsafeSettings

ELEMENT_ID = "dealroom-room"

SALT_SIZE = 16
NONCE_SIZE = 16
SLOT_ID_SIZE = 16

_FUNCTION = "argon2id"
_NOT_VALID = "its descriptor is not valid"


@dataclass(frozen=True, slots=True)
class Slot:
    """One credential's entry: an id that only its holder can compute, and a box that only they can open."""

    id: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a reader learns before they have proved who they are.

    `salt` belongs to the room and stays; `nonce` changes whenever anything in the slots does.
    """

    room: str
    epoch: int
    salt: bytes
    settings: Settings
    nonce: bytes
    slots: tuple[Slot, ...]

    def to_json(self) -> str:
        """As it is embedded in the page: ASCII without `<`, so that nothing can end the script element."""
        value = {
            "format": FORMAT,
            "room": self.room,
            "epoch": self.epoch,
            "kdf": {
                "name": _FUNCTION,
                "salt": b64u_encode(self.salt),
                "memory": self.settings.memory,
                "iterations": self.settings.iterations,
                "parallelism": self.settings.parallelism,
            },
            "nonce": b64u_encode(self.nonce),
            "slots": [{"id": b64u_encode(slot.id), "box": b64u_encode(slot.box)} for slot in self.slots],
        }
        return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def parse_descriptor(text: str) -> Descriptor:
    """The descriptor that `text` holds.

    Raises:
        UnknownFormat: of a newer version.
        UnsafeSettings: key derivation outside the bounds.
        DamagedRoom: anything else that is not as docs/format.md says.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedRoom(_NOT_VALID) from None
    found = value.get("format") if isinstance(value, dict) else None
    if found != FORMAT:
        if isinstance(found, str) and found.startswith("dealroom/"):
            raise UnknownFormat(found[:40])
        raise DamagedRoom(_NOT_VALID)
    try:
        return _descriptor(value)
    except (KeyError, TypeError, ValueError):
        raise DamagedRoom(_NOT_VALID) from None


def _descriptor(value: dict[str, object]) -> Descriptor:
    room, epoch, function, slots = value["room"], value["epoch"], value["kdf"], value["slots"]
    if not isinstance(room, str) or not _is_count(epoch) or not isinstance(function, dict):
        raise ValueError
    settings = Settings(function["memory"], function["iterations"], function["parallelism"])
    counts = (settings.memory, settings.iterations, settings.parallelism)
    if function["name"] != _FUNCTION or not all(_is_count(count) for count in counts):
        raise ValueError
    if weakness := settings.weakness():
        raise UnsafeSettings(weakness)
    if not isinstance(slots, list):
        raise TypeError
    return Descriptor(
        room=room,
        epoch=epoch,
        salt=_bytes(function["salt"], SALT_SIZE),
        settings=settings,
        nonce=_bytes(value["nonce"], NONCE_SIZE),
        slots=tuple(Slot(_bytes(slot["id"], SLOT_ID_SIZE), _bytes(slot["box"])) for slot in slots),
    )


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _bytes(text: object, size: int | None = None) -> bytes:
    if not isinstance(text, str):
        raise TypeError
    data = b64u_decode(text)
    if size is not None and len(data) != size:
        raise ValueError
    return data


def find_descriptor(page: str) -> str:
    """The descriptor's JSON in the HTML of a room's page.

    Raises:
        RoomClosed: the page is that of a room past its date.
        DamagedRoom: the page holds none, or more than one.
    """
    finder = _Finder()
    finder.feed(page)
    finder.close()
    if finder.says_closed and not finder.found:
        raise RoomClosed
    if len(finder.found) != 1:
        raise DamagedRoom("its page holds no descriptor")
    return finder.found[0]


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.says_closed = False
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html" and ("data-state", "closed") in attrs:
            self.says_closed = True
        if tag == "script" and ("id", ELEMENT_ID) in attrs:
            self.found.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data
