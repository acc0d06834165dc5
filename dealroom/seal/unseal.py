"""Reading a sealed room back: the same steps as the browser's, as docs/format.md tells them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dealroom.seal.access import LINK_FRAGMENT, LINK_SECRET_SIZE, Person
from dealroom.seal.derive import Derivation, derive
from dealroom.seal.descriptor import Descriptor, find_descriptor, parse_descriptor
from dealroom.seal.encoding import b64u_decode
from dealroom.seal.errors import CannotOpen, DamagedRoom, WrongLink, WrongPassphrase
from dealroom.seal.manifest import FileKind, ListedFile, unpack_view
from dealroom.seal.objects import Place, object_keys, open_object
from dealroom.seal.passphrase import LONGEST, normalise
from dealroom.seal.slots import SlotContent, Way, open_slot, slot_keys

PAGE = "index.html"
OBJECTS = "o"

_READ_SIZE = 1 << 18  # bytes: a few chunks at a time
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of the opened room. `chunks()` reads it, each chunk verified before it is given out."""

    ref: str
    name: str
    media_type: str
    kind: FileKind
    size: int
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedRoom:
    """What one person can read of a room. `page` is HTML, in UTF-8."""

    person: Person
    title: str
    lang: str
    page: bytes = field(repr=False)
    files: tuple[OpenedFile, ...]
    replies_to: bytes
    reply_key: bytes = field(repr=False)


def unseal_room(folder: Path, *, passphrase: str | None = None, link: str | None = None) -> OpenedRoom:
    """Open a compiled room: its folder, or the `index.html` in it. Exactly one of passphrase and link is given.

    `link` is a personal link or only its secret.

    Raises:
        CannotOpen: see `dealroom.seal.errors`; the files' `chunks` raise it too.
    """
    if (passphrase is None) == (link is None):
        raise ValueError("give a passphrase or a link")
    page = folder / PAGE if folder.is_dir() else folder
    descriptor = parse_descriptor(find_descriptor(_read_page(page)))
    if link is not None:
        content = _find(descriptor, "link", _link_secret(link), WrongLink())
    else:
        content = _find(descriptor, "passphrase", _derived(descriptor, passphrase or ""), WrongPassphrase())
    return _open_view(descriptor, content, page.parent / OBJECTS)


def named_objects(page: str, link: str, read: Callable[[str], Iterator[bytes]]) -> tuple[str, frozenset[str]]:
    """The objects that a personal link leads to, by name: that of the view, and those of the files that it lists.

    `page` is the HTML of the room's page; `read` gives the bytes of an object.

    Raises:
        CannotOpen: see `dealroom.seal.errors`.
    """
    descriptor = parse_descriptor(find_descriptor(page))
    content = _find(descriptor, "link", _link_secret(link), WrongLink())
    place = Place(descriptor.room, descriptor.epoch, "view")
    name, _ = object_keys(content.view_key, place)
    opened = b"".join(open_object(read(name), content.view_key, place, content.view_digest))
    manifest, _ = unpack_view(opened, content.signing_key, descriptor.room, descriptor.epoch)
    files = Place(descriptor.room, descriptor.epoch, "file")
    return name, frozenset(object_keys(file.entry.key, files)[0] for file in manifest.files)


def save_room(room: OpenedRoom, folder: Path) -> tuple[Path, ...]:
    """Write the page and the files of an opened room into `folder`, and give their paths.

    Names are made safe: a name of the room never leads out of the folder or over another file of the room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / PAGE]
    written[0].write_bytes(room.page)
    for file in room.files:
        path = folder / _safe_name(file.name, {one.name.lower() for one in written})
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        written.append(path)
    return tuple(written)


def _read_page(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except OSError:
        raise CannotOpen(f"there is no room in {page.parent}", f"give the folder that holds its {PAGE}") from None
    except UnicodeDecodeError:
        raise DamagedRoom("its page is not text") from None


def _link_secret(link: str) -> bytes:
    fragment = unquote(urlsplit(link.strip()).fragment or link.strip())
    # What passed the link on may have taken the full stop or bracket behind it for a part of it.
    secret = re.split(r"[^\w-]", fragment.removeprefix(LINK_FRAGMENT), maxsplit=1, flags=re.ASCII)[0]
    try:
        data = b64u_decode(secret)
    except ValueError:
        raise WrongLink from None
    if len(data) != LINK_SECRET_SIZE:
        raise WrongLink
    return data


def _derived(descriptor: Descriptor, passphrase: str) -> bytes:
    if len(normalise(passphrase).encode()) > LONGEST:
        raise WrongPassphrase
    return derive(Derivation(passphrase, descriptor.salt, descriptor.settings))


def _find(descriptor: Descriptor, way: Way, secret: bytes, absent: CannotOpen) -> SlotContent:
    slot_id, box_key = slot_keys(secret, way, descriptor.room, descriptor.epoch, descriptor.nonce)
    for slot in descriptor.slots:
        if slot.id == slot_id:
            return open_slot(slot, box_key, descriptor.room, descriptor.epoch)
    raise absent


def _open_view(descriptor: Descriptor, content: SlotContent, objects: Path) -> OpenedRoom:
    place = Place(descriptor.room, descriptor.epoch, "view")
    name, _ = object_keys(content.view_key, place)
    opened = b"".join(open_object(_read_object(objects / name), content.view_key, place, content.view_digest))
    manifest, page = unpack_view(opened, content.signing_key, descriptor.room, descriptor.epoch)
    return OpenedRoom(
        person=content.person,
        title=manifest.title,
        lang=manifest.lang,
        page=page,
        files=tuple(_opened_file(descriptor, file, objects) for file in manifest.files),
        replies_to=manifest.replies_to,
        reply_key=content.reply_key,
    )


def _opened_file(descriptor: Descriptor, file: ListedFile, objects: Path) -> OpenedFile:
    place = Place(descriptor.room, descriptor.epoch, "file")

    def chunks() -> Iterator[bytes]:
        name, _ = object_keys(file.entry.key, place)
        return open_object(_read_object(objects / name), file.entry.key, place, file.entry.digest)

    return OpenedFile(file.ref, file.name, file.media_type, file.kind, file.entry.size, chunks)


def _read_object(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_READ_SIZE):
                yield piece
    except OSError:
        raise DamagedRoom(f"the object {path.name} is missing") from None


def _safe_name(name: str, taken: set[str]) -> str:
    safe = _UNSAFE_IN_NAMES.sub("_", name).strip(". ")[-200:] or "file"
    stem, suffix = Path(safe).stem, Path(safe).suffix
    number = 1
    while safe.lower() in taken:
        number += 1
        safe = f"{stem} {number}{suffix}"
    return safe
