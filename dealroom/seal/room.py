"""Sealing a room: views, files and credentials become one descriptor and a set of objects."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dealroom.seal.access import Credential
from dealroom.seal.content import packed_together
from dealroom.seal.decoys import Generation, file_decoys, view_decoys
from dealroom.seal.derive import CHOSEN, GENERATED, Derivation, Deriver
from dealroom.seal.descriptor import SALT_SIZE, Descriptor
from dealroom.seal.encoding import fields
from dealroom.seal.errors import CannotSeal
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import FileKind, ListedFile, Manifest, pack_view, replies_key, signing_key
from dealroom.seal.objects import Entry, Place, SealedObject, plaintext_digest, seal_object, seal_plaintext
from dealroom.seal.slots import SlotContent, Way, make_slots

_REF = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class FileToSeal:
    """A document or an image. `ref` is how the view's HTML calls it; `name` what it is saved as.

    `epoch` advances when someone who could read the file loses access: it is then sealed with a new key. `without` are
    the ids, in order, of people whom an expiry took it from: the key follows from who they are, too.
    """

    ref: str
    name: str
    media_type: str
    kind: FileKind
    source: Path | bytes = field(repr=False)
    epoch: int = 1
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewToSeal:
    """What people who may read the same see: the HTML of the opened room (UTF-8) and its files.

    `epoch` advances when someone who had the view loses access. `without` is as with files. All views of a room get new
    keys when anything of one of them changes, so that nobody can tell which.
    """

    id: str
    title: str
    lang: str
    page: bytes = field(repr=False)
    files: tuple[FileToSeal, ...] = ()
    epoch: int = 1
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomToSeal:
    """A room by its id (`access.room_id`). A new `epoch` seals everything with new keys.

    `remember` is for how many days its readers may keep it open on their devices; 0 is not at all.
    """

    id: str
    views: tuple[ViewToSeal, ...]
    credentials: tuple[Credential, ...]
    epoch: int = 1
    remember: int = 0


@dataclass(frozen=True, slots=True)
class SealedRoom:
    """`descriptor` goes into the page, into `<script type="application/json" id="dealroom-room">`, as it is.

    `objects` go to `o/<name>` beside the page, before it; each is listed once.
    """

    descriptor: str = field(repr=False)
    objects: tuple[SealedObject, ...]


def seal_room(key: WorkspaceKey, room: RoomToSeal, deriver: Deriver | None) -> SealedRoom:
    """Seal a room. Same key and same room: the same bytes.

    Without a deriver only links open it, and nothing slow is done: enough for a preview on one's own machine.

    Raises:
        CannotSeal: the room does not fit together, a name is too long, or a file cannot be read.
    """
    _check(room)
    objects: dict[str, SealedObject] = {}
    files = _seal_files(key, room, objects)
    signer = signing_key(key, room.id)
    views = _seal_views(key, room, signer, files, objects)
    descriptor = _descriptor(key, room, signer, views, deriver)
    return SealedRoom(descriptor.to_json(), tuple(objects[name] for name in sorted(objects)))


def derivations(key: WorkspaceKey, room: RoomToSeal) -> tuple[Derivation, ...]:
    """One derivation for each credential, in order: to derive those of many rooms at once, beforehand."""
    salt = key.derive("salt", room.id, size=SALT_SIZE)
    # One set of settings a room, so that its reader derives once.
    settings = CHOSEN if any(credential.chosen for credential in room.credentials) else GENERATED
    return tuple(Derivation(credential.passphrase, salt, settings) for credential in room.credentials)


def _check(room: RoomToSeal) -> None:
    views = {view.id for view in room.views}
    if len(views) != len(room.views):
        raise CannotSeal("two views of the room have the same id", "give each view an id of its own")
    for credential in room.credentials:
        if credential.view not in views:
            raise CannotSeal(
                f"`{credential.person.id}` is to see the view `{credential.view}`, which the room does not have",
                f"its views are: {', '.join(sorted(views)) or 'none'}",
            )
    for view in room.views:
        refs = [file.ref for file in view.files]
        for ref in refs:
            if not _REF.fullmatch(ref) or refs.count(ref) > 1:
                raise CannotSeal(
                    f"`{ref}` cannot be the reference of a file in the view `{view.id}`",
                    "references are unique in a view: up to 64 letters, digits, hyphens and underscores",
                )


_SealedFiles = dict[tuple[Path | bytes, int, tuple[str, ...]], Entry]


def _seal_files(key: WorkspaceKey, room: RoomToSeal, objects: dict[str, SealedObject]) -> _SealedFiles:
    """Seal each file once, however many views list it, and top them up with decoys."""
    place = Place(room.id, room.epoch, "file")
    entries: _SealedFiles = {}
    # Two files with the same content are one object.
    generations: dict[str, Generation] = {}
    for file in _files(room):
        if _identity(file) not in entries:
            secret = key.derive("file secret", room.id, room.epoch, file.epoch, *file.without)
            entry, sealed = seal_object(file.source, secret, place)
            entries[_identity(file)] = entry
            generations.setdefault(sealed.name, (file.epoch, file.without))
            objects[sealed.name] = sealed
    objects |= {decoy.name: decoy for decoy in file_decoys(key, place, sorted(generations.values()))}
    return entries


def _identity(file: FileToSeal) -> tuple[Path | bytes, int, tuple[str, ...]]:
    return file.source, file.epoch, file.without


def _files(room: RoomToSeal) -> Iterator[FileToSeal]:
    for view in room.views:
        yield from view.files


def _seal_views(
    key: WorkspaceKey,
    room: RoomToSeal,
    signer: Ed25519PrivateKey,
    files: _SealedFiles,
    objects: dict[str, SealedObject],
) -> dict[str, Entry]:
    """Seal all views to one size, top them up with decoys, and give the entry of each view's object by the view's id.

    Whatever changes in any view or in who may read it enters the version, from which all keys follow.
    """
    place = Place(room.id, room.epoch, "view")
    manifests = [_manifest(key, room, view, files) for view in room.views]
    plains = packed_together(
        [
            pack_view(signer, room.id, room.epoch, manifest, view.page)
            for view, manifest in zip(room.views, manifests, strict=True)
        ]
    )
    each = sorted(
        fields(view.id, view.epoch, *view.without, plaintext_digest(plain()))
        for view, plain in zip(room.views, plains, strict=True)
    )
    version = hashlib.sha256(fields(*each)).digest()
    entries: dict[str, Entry] = {}
    views: list[SealedObject] = []
    for view, plain in zip(room.views, plains, strict=True):
        secret = key.derive("view secret", room.id, room.epoch, version, view.id, view.epoch, *view.without)
        entries[view.id], sealed = seal_plaintext(plain, secret, place)
        views.append(sealed)
    objects |= {one.name: one for one in (*views, *view_decoys(key, place, version, views))}
    return entries


def _manifest(key: WorkspaceKey, room: RoomToSeal, view: ViewToSeal, files: _SealedFiles) -> Manifest:
    return Manifest(
        remember=room.remember,
        title=view.title,
        lang=view.lang,
        replies_to=replies_key(key, room.id).public_key().public_bytes_raw(),
        files=tuple(
            ListedFile(file.ref, file.name, file.media_type, file.kind, files[_identity(file)]) for file in view.files
        ),
    )


def _descriptor(
    key: WorkspaceKey,
    room: RoomToSeal,
    signer: Ed25519PrivateKey,
    views: dict[str, Entry],
    deriver: Deriver | None,
) -> Descriptor:
    wanted = derivations(key, room)
    derived = deriver.derive_all(wanted) if deriver else {}
    public = signer.public_key().public_bytes_raw()
    contents: list[tuple[Way, bytes, SlotContent]] = []
    for credential, derivation in zip(room.credentials, wanted, strict=True):
        view = views[credential.view]
        content = SlotContent(view.key, view.digest, public, credential.reply_key, credential.person)
        contents.append(("link", credential.link_secret, content))
        if derivation in derived:
            contents.append(("passphrase", derived[derivation], content))
    nonce, slots = make_slots(key, room.id, room.epoch, contents)
    salt = key.derive("salt", room.id, size=SALT_SIZE)
    settings = wanted[0].settings if wanted else GENERATED
    return Descriptor(room.id, room.epoch, salt, settings, nonce, slots)
