"""Writes the test vectors of the sealed format: `python tests/vectors/make.py`.

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
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dealroom.seal.access import Credential, Person, credential_for, link_url, room_id
from dealroom.seal.content import packed
from dealroom.seal.derive import GENERATED, Derivation, Deriver, derive
from dealroom.seal.encoding import b64u_encode, fields, hkdf, padme
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import Manifest, pack_view
from dealroom.seal.objects import Place, SealedObject, object_keys, seal_object
from dealroom.seal.passphrase import generate, normalise
from dealroom.seal.room import FileToSeal, RoomToSeal, SealedRoom, ViewToSeal, seal_room
from dealroom.seal.stream import CHUNK_SIZE, TAG_SIZE, encrypt

HERE = Path(__file__).parent
KEY = WorkspaceKey(bytes(range(32)))
SECRET = bytes(range(32, 64))
CHUNK = CHUNK_SIZE + TAG_SIZE
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


def rooms() -> dict[str, SealedRoom]:
    """The sealed rooms by folder."""
    deriver = Deriver(KEY)
    return {
        "current": seal_room(KEY, room("harbour", "now"), deriver),
        "older": seal_room(KEY, room("harbour", "before"), deriver),
        "other": seal_room(KEY, room("meadow", "elsewhere"), deriver),
    }


def forged() -> dict[str, bytes]:
    """Objects under the right names and keys, made by Dana, who knows those keys but not the seller's."""
    sealed = room("harbour", "now")
    everyone, place = sealed.views[0], Place(sealed.id, 1, "view")
    stranger = Ed25519PrivateKey.from_private_bytes(SECRET)
    view = pack_view(stranger, sealed.id, 1, Manifest("Order platform", "en", bytes(32), ()), b"<h1>Forged</h1>")
    plan, plan_name = keys_of(everyone.files[0].source, "file secret", 1)
    view_key, view_name = view_keys()
    return {
        view_name: sealed_with(view_key, place, view),
        plan_name: sealed_with(plan, replace(place, kind="file"), b"Another plan\n" * 700),
    }


def keys_of(source: Path | bytes, purpose: str, *epochs: int | str) -> tuple[bytes, str]:
    """The key and the name of a file's object in the current room."""
    place = Place(room_id(KEY, "harbour"), 1, "file")
    entry, sealed = seal_object(source, KEY.derive(purpose, place.room, place.epoch, *epochs), place)
    return entry.key, sealed.name


def view_keys() -> tuple[bytes, str]:
    """The key and the name of the object of the view `everyone` in the current room, as Dana's slot gives them."""
    from dealroom.seal.descriptor import parse_descriptor
    from dealroom.seal.slots import open_slot, slot_keys

    descriptor = parse_descriptor(rooms()["current"].descriptor)
    dana = credentials("harbour")[0]
    slot_id, box_key = slot_keys(dana.link_secret, "link", descriptor.room, 1, descriptor.nonce)
    slot = next(slot for slot in descriptor.slots if slot.id == slot_id)
    key = open_slot(slot, box_key, descriptor.room, 1).view_key
    return key, object_keys(key, Place(descriptor.room, 1, "view"))[0]


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
    """Changes to the current room, each with what Dana's link (or a passphrase) then meets.

    `do` is a list of steps: flip [object, byte], cut [object, size], extend [object, bytes], remove [object],
    copy [object, other file of rooms/], chunks [object, order], set [path in the descriptor, value],
    swap_boxes [], drop_slots [] and foreign_slots [folder].
    """
    view = view_keys()[1]
    sealed = rooms()
    others = {name: sorted(one.name for one in room.objects) for name, room in sealed.items()}
    plan = keys_of(room("harbour", "now").views[0].files[0].source, "file secret", 1)[1]
    report = keys_of(room("harbour", "now").views[1].files[1].source, "file secret", 1)[1]
    older = next(name for name in others["older"] if name not in others["current"])
    biggest = max(sealed["current"].objects, key=lambda one: one.size)
    assert biggest.name == report
    everyone, security = "everyone", "security"

    def attack(
        name: str, reason: str, *steps: list[object], opens: str = everyone, file: str = ""
    ) -> dict[str, object]:
        return {"name": name, "reason": reason, "do": list(steps), "opens": opens, "file": file}

    return [
        attack("a bit of the view is flipped", "damaged", ["flip", view, 100]),
        attack("a bit of the view's tag is flipped", "damaged", ["flip", view, -1]),
        attack("the view is cut off", "damaged", ["cut", view, 2000]),
        attack("the view is empty", "damaged", ["cut", view, 0]),
        attack("the view has bytes more", "damaged", ["extend", view, 16]),
        attack("the view is missing", "missing", ["remove", view]),
        attack("a file stands in for the view", "damaged", ["copy", view, f"current/o/{plan}"]),
        attack("the view of an older version is replayed", "damaged", ["copy", view, f"older/o/{older}"]),
        attack("a view of another room stands in", "damaged", ["copy", view, f"other/o/{others['other'][0]}"]),
        attack("someone with access forged the view", "damaged", ["copy", view, f"forged/o/{view}"]),
        attack("someone with access forged a file", "damaged", ["copy", plan, f"forged/o/{plan}"], file="plan"),
        attack("a bit of a file is flipped", "damaged", ["flip", plan, 5], file="plan"),
        attack("a file is missing", "missing", ["remove", plan], file="plan"),
        attack("a file loses its last chunk", "damaged", ["cut", report, 2 * CHUNK], opens=security, file="soc2"),
        attack("a file loses a part of a chunk", "damaged", ["cut", report, 70_000], opens=security, file="soc2"),
        attack(
            "the chunks of a file are swapped", "damaged", ["chunks", report, [1, 0, 2]], opens=security, file="soc2"
        ),
        attack("a chunk of a file is repeated", "damaged", ["chunks", report, [0, 0, 2]], opens=security, file="soc2"),
        attack("a chunk of a file is left out", "damaged", ["chunks", report, [0, 2]], opens=security, file="soc2"),
        attack("a bit of every slot is flipped", "damaged", ["flip_boxes", 40]),
        attack("the boxes of the slots are swapped around", "damaged", ["swap_boxes"]),
        attack("the slots are gone", "wrong_link", ["drop_slots"]),
        attack("the slots are those of another room", "wrong_link", ["foreign_slots", "other"]),
        attack("the slots are those of an older version", "wrong_link", ["foreign_slots", "older"]),
        attack("the room has another name", "wrong_link", ["set", ["room"], "another"]),
        attack("the epoch is another", "wrong_link", ["set", ["epoch"], 2]),
        attack("the nonce is another", "wrong_link", ["set", ["nonce"], b64u_encode(bytes(16))]),
        attack("the nonce is short", "damaged", ["set", ["nonce"], "AAAA"]),
        attack("the format is newer", "newer_format", ["set", ["format"], "dealroom/2"]),
        attack("the format is none", "damaged", ["set", ["format"], 1]),
        attack("the derivation is too weak", "unsafe_settings", ["set", ["kdf", "memory"], 19_455]),
        attack("the derivation is too quick", "unsafe_settings", ["set", ["kdf", "iterations"], 1]),
        attack("the derivation is too heavy", "unsafe_settings", ["set", ["kdf", "memory"], 262_145]),
        attack("the derivation takes too long", "unsafe_settings", ["set", ["kdf", "iterations"], 11]),
        attack("the derivation is too wide", "unsafe_settings", ["set", ["kdf", "parallelism"], 5]),
        attack("the derivation is another", "damaged", ["set", ["kdf", "name"], "pbkdf2"]),
        attack("the memory is no number", "damaged", ["set", ["kdf", "memory"], "19456"]),
        attack("the slots are no list", "damaged", ["set", ["slots"], {}]),
        attack("the salt is none", "damaged", ["set", ["kdf", "salt"], None]),
    ]


def write() -> None:
    """Write everything anew."""
    write_json("values.json", values())
    write_json("rooms.json", {"openings": openings(), "attacks": attacks()})
    shutil.rmtree(HERE / "objects", ignore_errors=True)
    write_objects(HERE / "objects", (sealed for _, sealed in objects()))
    shutil.rmtree(HERE / "rooms", ignore_errors=True)
    for name, sealed_room in rooms().items():
        # Of the other rooms only the views are of use.
        small = (one for one in sealed_room.objects if name == "current" or one.size < CHUNK)
        write_objects(HERE / "rooms" / name / "o", small)
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
