"""Writes the test vectors of the sealed format: `python -m tests.vectors.make`.

The files beside this one are read by the tests of both readers, the Python one and the browser's. They change
only when the format does.

- `values.json`: encodings, normalised passphrases, derivations, and a sealed object for each of many sizes
- `objects/`: those objects
- `rooms/`: whole rooms: `current`, an `older` version of it, an `other` room of the same workspace, and `forged`,
  objects that someone with access made with the keys they know
- `rooms.json`: what each credential opens, and the attacks with the reason for which each is refused
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dealroom.seal.access import Credential, Person, credential_for, link_url, room_id
from dealroom.seal.content import SMALLEST_TOGETHER, packed
from dealroom.seal.derive import GENERATED, Derivation, Deriver, derive
from dealroom.seal.descriptor import Slot, parse_descriptor
from dealroom.seal.encoding import b64u_encode, fields, hkdf, padme
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import Manifest, pack_view
from dealroom.seal.objects import Place, SealedObject, object_keys, open_object, seal_object
from dealroom.seal.passphrase import generate, normalise
from dealroom.seal.room import FileToSeal, RoomToSeal, SealedRoom, ViewToSeal, seal_room
from dealroom.seal.slots import open_slot, slot_keys
from dealroom.seal.stream import TAG_SIZE, encrypt
from tests.vectors.attacks import on_a_file, on_the_descriptor, on_the_slots, on_the_view

HERE = Path(__file__).parent
KEY = WorkspaceKey(bytes(range(32)))
SECRET = bytes(range(32, 64))
DECOY = SMALLEST_TOGETHER + TAG_SIZE
PLACE = Place("aroom", 1, "file")
# Around the smallest padded size, one whole chunk with its header, a chunk without it, and several chunks.
SIZES = (0, 1, 4079, 4080, 65_519, 65_535, 65_536, 65_537, 200_000)

DANA = Person("dana", "Dana Whitfield", "buyer")
PRIYA = Person("priya", "Priya Náthan-Öz 🔒", "buyer")
SHARED = Person("shared", "Harbour Foods", "shared")

PASSPHRASES = [
    "correct horse battery staple",
    "  Correct-Horse  BATTERY\u00a0staple\n",
    "correct\u2013horse\u2014battery\u2011staple",
    "t-shirt T SHIRT t\u2010shirt",
    "cor\u00adrect ho\u200brse\ufeff",
    "\u202ecorrect\u202c horse",
    "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ",
    "ﬁne Straße",
    "İstanbul ΟΔΟΣ",
    "e\u0301 É",
    "- - -",
    "",
    "🔒 lock",
    "tab\tand\x1cseparator\x85next",
]


def noise(size: int, seed: str = "") -> bytes:
    """Bytes that do not compress, the same every time."""
    blocks = (hashlib.sha256(f"{seed}/{number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def block_of_noise(number: int, block: int) -> bytes:
    """A block of a stream to draw words from."""
    return noise(64, f"{number}.{block}")


def values() -> dict[str, object]:
    """The content of values.json."""
    return {
        "fields": [
            {"parts": parts, "hex": fields(*parts).hex()}
            for parts in (["dealroom/1"], ["", "a", "bc"], ["room", 1, 2**40], ["Ünï", 0])
        ],
        "base64url": [{"hex": data.hex(), "text": b64u_encode(data)} for data in (b"", b"\xff", b"ab", noise(35))],
        "not_base64url": ["A", "AB=", "AB", "A+B/", "AA\n", "Ä"],
        "padme": [[size, padme(size)] for size in (0, 1, 2, 9, 4096, 4097, 65_553, 200_017, 1_000_000_007)],
        "passphrases": [{"typed": typed, "normalised": normalise(typed)} for typed in PASSPHRASES],
        "words": [generate(partial(block_of_noise, number)) for number in range(3)],
        "derive": [
            {"purpose": purpose, "parts": parts, "hex": KEY.derive(purpose, *parts).hex()}
            for purpose, parts in (("room id", ["harbour"]), ("link", ["room", "person", "dana", 1]), ("alone", []))
        ],
        "hkdf": [
            {
                "secret": SECRET.hex(),
                "salt": salt.hex(),
                "info": info.hex(),
                "hex": hkdf(SECRET, info, size, salt=salt).hex(),
            }
            for salt, info, size in ((b"", b"", 32), (bytes(16), b"info", 48))
        ],
        "argon2id": [
            {
                "passphrase": passphrase,
                "salt": bytes(range(16)).hex(),
                "memory": GENERATED.memory,
                "iterations": GENERATED.iterations,
                "parallelism": GENERATED.parallelism,
                "hex": derive(Derivation(passphrase, bytes(range(16)), GENERATED)).hex(),
            }
            for passphrase in ("Correct-Horse Battery", "naïve 🔒")
        ],
        "objects": [vector for vector, _ in objects()],
    }


def objects() -> Iterator[tuple[dict[str, object], SealedObject]]:
    """Sealed noise of every size in SIZES."""
    for size in SIZES:
        content = noise(size, "object")
        entry, sealed = seal_object(content, SECRET, PLACE)
        yield (
            {
                "size": size,
                "key": b64u_encode(entry.key),
                "name": sealed.name,
                "length": sealed.size,
                "digest": b64u_encode(entry.digest),
                "content_sha256": hashlib.sha256(content).hexdigest(),
            },
            sealed,
        )


def credentials(slug: str) -> tuple[Credential, ...]:
    """Dana and the shared passphrase open `everyone`, Priya opens `security`."""
    views = ((DANA, "everyone"), (PRIYA, "security"), (SHARED, "everyone"))
    return tuple(credential_for(KEY, room_id(KEY, slug), person, view) for person, view in views)


def room(slug: str, word: str) -> RoomToSeal:
    """A room of two views; `word` tells versions apart."""
    plan = FileToSeal("plan", "Plan.txt", "text/plain", "document", b"The plan\n" * 700)
    report = FileToSeal("soc2", "SOC 2 – 報告.pdf", "application/pdf", "document", noise(150_000, "report"))
    logo = FileToSeal("logo", "logo.svg", "image/svg+xml", "image", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = f"<main><h1>Order platform</h1><p>{word} Grüße 🔒</p></main>".encode()
    return RoomToSeal(
        id=room_id(KEY, slug),
        views=(
            ViewToSeal("everyone", "Order platform", "en", page, (plan, logo)),
            ViewToSeal("security", "Order platform: security", "de", page * 2, (plan, report)),
        ),
        credentials=credentials(slug),
    )


@cache
def rooms() -> dict[str, SealedRoom]:
    """The sealed rooms by folder."""
    deriver = Deriver(KEY)
    return {
        "current": seal_room(KEY, room("harbour", "now"), deriver),
        "older": seal_room(KEY, room("harbour", "before"), deriver),
        "other": seal_room(KEY, room("meadow", "elsewhere"), deriver),
    }


def forged() -> dict[str, bytes]:
    """Objects under the right names and keys, made by Dana, who knows those keys but not the seller's.

    What others read, or she read before, carries the seller's signature; so she seals that anew, too.
    """
    sealed = room("harbour", "now")
    everyone, place = sealed.views[0], Place(sealed.id, 1, "view")
    stranger = Ed25519PrivateKey.from_private_bytes(SECRET)
    plan, _ = keys_of(everyone.files[0].source, "file secret", 1)
    view_key, _ = view_keys()
    own = view_content("current", 0)
    contents = {
        "view": pack_view(stranger, sealed.id, 1, Manifest("Order platform", "en", bytes(32), ()), b"<h1>Forged</h1>"),
        "view-with-another-page": own + b"<h1>Forged</h1>",
        "view-of-older": view_content("older", 0),
        "view-of-another-person": view_content("current", 1),
        "view-of-another-room": view_content("other", 0),
    }
    return {name: sealed_with(view_key, place, content) for name, content in contents.items()} | {
        "file": sealed_with(plan, replace(place, kind="file"), b"Another plan\n" * 700)
    }


def view_content(folder: str, person: int) -> bytes:
    """What the view of a person in a room consists of: signature, manifest and page."""
    sealed = rooms()[folder]
    key, name = view_keys(folder, person)
    (found,) = (one for one in sealed.objects if one.name == name)
    place = Place(parse_descriptor(sealed.descriptor).room, 1, "view")
    return b"".join(open_object(found.chunks(), key, place))


def keys_of(source: Path | bytes, purpose: str, *epochs: int | str) -> tuple[bytes, str]:
    """The key and the name of a file's object in the current room."""
    place = Place(room_id(KEY, "harbour"), 1, "file")
    entry, sealed = seal_object(source, KEY.derive(purpose, place.room, place.epoch, *epochs), place)
    return entry.key, sealed.name


def view_keys(folder: str = "current", person: int = 0) -> tuple[bytes, str]:
    """The key and the name of the object of a person's view, as their slot gives them: Dana's, who is the first."""
    descriptor = parse_descriptor(rooms()[folder].descriptor)
    slot, box_key = slot_of(folder, person)
    key = open_slot(slot, box_key, descriptor.room, 1).view_key
    return key, object_keys(key, Place(descriptor.room, 1, "view"))[0]


def slot_of(folder: str, person: int) -> tuple[Slot, bytes]:
    """The slot that a person's link opens, and the key of its box."""
    descriptor = parse_descriptor(rooms()[folder].descriptor)
    secret = credentials("meadow" if folder == "other" else "harbour")[person].link_secret
    slot_id, box_key = slot_keys(secret, "link", descriptor.room, 1, descriptor.nonce)
    return next(slot for slot in descriptor.slots if slot.id == slot_id), box_key


def sealed_with(key: bytes, place: Place, content: bytes) -> bytes:
    """`content` sealed with a key of one's choice, which the sealing side never does."""
    return b"".join(encrypt(packed(content)(), object_keys(key, place)[1], place.bound()))


def openings() -> list[dict[str, object]]:
    """What every credential opens in the current room."""
    current = room("harbour", "now")
    views = {view.id: view for view in current.views}
    return [
        {
            "person": {"id": one.person.id, "name": one.person.name, "kind": one.person.kind},
            "passphrase": one.passphrase,
            "link": link_url("https://rooms.example", current.id, one.link_secret),
            "title": views[one.view].title,
            "lang": views[one.view].lang,
            "page": views[one.view].page.decode(),
            "files": [
                {"ref": file.ref, "name": file.name, "type": file.media_type, "sha256": sha256(file.source)}
                for file in views[one.view].files
            ],
        }
        for one in current.credentials
    ]


def sha256(source: Path | bytes) -> str:
    """The digest of a file's content, in hex."""
    return hashlib.sha256(source if isinstance(source, bytes) else source.read_bytes()).hexdigest()


def attacks() -> list[dict[str, object]]:
    """Changes to the current room, and what is met then."""
    (_, view), (_, hers) = view_keys(), view_keys(person=1)
    (_, older), (_, other) = view_keys("older"), view_keys("other")
    slots = {name: b64u_encode(slot_of("current", person)[0].id) for person, name in enumerate(("dana", "priya"))}
    boxes = {name: b64u_encode(slot_of("current", person)[0].box) for person, name in enumerate(("dana", "priya"))}
    old_box, other_box = (b64u_encode(slot_of(folder, 0)[0].box) for folder in ("older", "other"))
    sealed = rooms()
    decoy = min(one.name for one in sealed["current"].objects if one.size == DECOY and one.name not in (view, hers))
    elsewhere = max(sealed["other"].objects, key=lambda one: one.size).name
    plan = keys_of(room("harbour", "now").views[0].files[0].source, "file secret", 1)[1]
    report = keys_of(room("harbour", "now").views[1].files[1].source, "file secret", 1)[1]
    biggest = max(sealed["current"].objects, key=lambda one: one.size)
    assert biggest.name == report
    return [
        *on_the_view(view, hers, decoy, plan, older, other),
        *on_a_file(view, plan, report, elsewhere),
        *on_the_slots(slots, boxes, old_box, other_box),
        *on_the_descriptor(),
    ]


def write() -> None:
    """Write everything anew."""
    write_json("values.json", values())
    listed = {"openings": openings(), "attacks": attacks()}
    write_json("rooms.json", listed)
    used = json.dumps(listed)
    shutil.rmtree(HERE / "objects", ignore_errors=True)
    write_objects(HERE / "objects", (sealed for _, sealed in objects()))
    shutil.rmtree(HERE / "rooms", ignore_errors=True)
    for name, sealed_room in rooms().items():
        # Of the other rooms only what an attack takes is of use.
        kept = (one for one in sealed_room.objects if name == "current" or f"{name}/o/{one.name}" in used)
        write_objects(HERE / "rooms" / name / "o", kept)
        page = (
            f'<!doctype html>\n<script type="application/json" id="dealroom-room">{sealed_room.descriptor}</script>\n'
        )
        (HERE / "rooms" / name / "index.html").write_text(page, encoding="utf-8")
    (HERE / "rooms" / "forged" / "o").mkdir(parents=True)
    for name, data in forged().items():
        (HERE / "rooms" / "forged" / "o" / name).write_bytes(data)


def write_objects(folder: Path, sealed: Iterable[SealedObject]) -> None:
    """Write objects under their names."""
    folder.mkdir(parents=True)
    for one in sealed:
        (folder / one.name).write_bytes(b"".join(one.chunks()))


def write_json(name: str, value: object) -> None:
    """Write a file as other programs would, for readable differences."""
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
