"""Changes to the current room of the vectors, each with what a link or a passphrase then meets.

An attack's `do` is a list of steps: flip [object, byte], cut [object, size], extend [object, bytes], remove [object],
copy [object, other file of rooms/], chunks [object, order], mix [object, list of other file and chunk],
set [path in the descriptor, value], box [slot, box], flip_boxes [byte], swap_boxes [], drop_slots [],
foreign_slots [folder] and foreign_page [folder]. `opens` is who opens the room: everyone, or the view `security` only.
"""

from __future__ import annotations

from dealroom.seal.encoding import b64u_encode
from dealroom.seal.stream import CHUNK_SIZE, TAG_SIZE

CHUNK = CHUNK_SIZE + TAG_SIZE  # bytes of a sealed chunk

Attack = dict[str, object]

EVERYONE = "everyone"
SECURITY = "security"


def attack(name: str, reason: str, *steps: list[object], opens: str = EVERYONE, file: str = "") -> Attack:
    """An attack by its steps, and the `reason` for which it is refused: on the page, or on its `file`."""
    return {"name": name, "reason": reason, "do": list(steps), "opens": opens, "file": file}


def swapped(one: str, other: str) -> tuple[list[object], list[object]]:
    """The steps that put two objects of the current room in each other's place."""
    return ["copy", one, f"current/o/{other}"], ["copy", other, f"current/o/{one}"]


def on_the_view(view: str, hers: str, decoy: str, plan: str, older: str, other: str) -> list[Attack]:
    """Attacks on the view that everyone opens; `hers` is another view, `plan` a file, `older` and `other` views too."""
    return [
        attack("a bit of the view is flipped", "damaged", ["flip", view, 100]),
        attack("a bit of the view's tag is flipped", "damaged", ["flip", view, -1]),
        attack("the view is cut off", "damaged", ["cut", view, 2000]),
        attack("the view is empty", "damaged", ["cut", view, 0]),
        attack("the view has bytes more", "damaged", ["extend", view, 16]),
        attack("the view is missing", "missing", ["remove", view]),
        attack("a file stands in for the view", "damaged", ["copy", view, f"current/o/{plan}"]),
        attack("the view of an older version is replayed", "damaged", ["copy", view, f"older/o/{older}"]),
        attack("a view of another room stands in", "damaged", ["copy", view, f"other/o/{other}"]),
        attack("the view of another person stands in", "damaged", ["copy", view, f"current/o/{hers}"]),
        attack("the views of two people are swapped", "damaged", *swapped(view, hers), opens=SECURITY),
        attack("a decoy stands in for the view", "damaged", ["copy", view, f"current/o/{decoy}"]),
        attack("someone with access forged the view", "damaged", ["copy", view, "forged/o/view"]),
        attack("someone with access added to the page", "damaged", ["copy", view, "forged/o/view-with-another-page"]),
        attack("someone with access replays an older view", "damaged", ["copy", view, "forged/o/view-of-older"]),
        attack("someone replays a view of others", "damaged", ["copy", view, "forged/o/view-of-another-person"]),
        attack("someone replays a view of elsewhere", "damaged", ["copy", view, "forged/o/view-of-another-room"]),
    ]


def on_a_file(view: str, plan: str, report: str, elsewhere: str) -> list[Attack]:
    """Attacks on two files: `plan` is of one chunk, `report` of three; `elsewhere` is the same file of another room."""
    return [
        attack("someone with access forged a file", "damaged", ["copy", plan, "forged/o/file"], file="plan"),
        attack("a file stands in for another", "damaged", ["copy", plan, f"current/o/{report}"], file="plan"),
        attack("the view stands in for a file", "damaged", ["copy", plan, f"current/o/{view}"], file="plan"),
        attack(
            "the same file of another room stands in",
            "damaged",
            ["copy", report, f"other/o/{elsewhere}"],
            opens=SECURITY,
            file="soc2",
        ),
        attack(
            "a chunk of another room's file is mixed in",
            "damaged",
            ["mix", report, [[f"current/o/{report}", 0], [f"other/o/{elsewhere}", 1], [f"current/o/{report}", 2]]],
            opens=SECURITY,
            file="soc2",
        ),
        attack(
            "the last chunk is that of another file",
            "damaged",
            ["mix", report, [[f"current/o/{report}", 0], [f"current/o/{report}", 1], [f"current/o/{plan}", 0]]],
            opens=SECURITY,
            file="soc2",
        ),
        attack("a file is empty", "damaged", ["cut", plan, 0], file="plan"),
        attack("a file has a chunk more", "damaged", ["chunks", report, [0, 1, 2, 2]], opens=SECURITY, file="soc2"),
        attack("a bit of a file is flipped", "damaged", ["flip", plan, 5], file="plan"),
        attack("a file is missing", "missing", ["remove", plan], file="plan"),
        attack("a file loses its last chunk", "damaged", ["cut", report, 2 * CHUNK], opens=SECURITY, file="soc2"),
        attack("a file loses a part of a chunk", "damaged", ["cut", report, 70_000], opens=SECURITY, file="soc2"),
        attack(
            "the chunks of a file are swapped", "damaged", ["chunks", report, [1, 0, 2]], opens=SECURITY, file="soc2"
        ),
        attack("a chunk of a file is repeated", "damaged", ["chunks", report, [0, 0, 2]], opens=SECURITY, file="soc2"),
        attack("a chunk of a file is left out", "damaged", ["chunks", report, [0, 2]], opens=SECURITY, file="soc2"),
    ]


def on_the_slots(slots: dict[str, str], boxes: dict[str, str], old_box: str, other_box: str) -> list[Attack]:
    """Attacks on what is encrypted to each person, by their name: the slots' ids and their boxes."""
    return [
        attack("a bit of every slot is flipped", "damaged", ["flip_boxes", 40]),
        attack("the boxes of the slots are swapped around", "damaged", ["swap_boxes"]),
        attack("the box of one person is another's", "damaged", ["box", slots["dana"], boxes["priya"]]),
        attack(
            "the boxes of two people are swapped",
            "damaged",
            ["box", slots["dana"], boxes["priya"]],
            ["box", slots["priya"], boxes["dana"]],
            opens=SECURITY,
        ),
        attack("the box is that of an older version", "damaged", ["box", slots["dana"], old_box]),
        attack("the box is that of another room", "damaged", ["box", slots["dana"], other_box]),
        attack("the box is cut off", "damaged", ["box", slots["dana"], boxes["dana"][:-4]]),
        attack("the box is empty", "damaged", ["box", slots["dana"], ""]),
    ]


def on_the_descriptor() -> list[Attack]:
    """Attacks on what the room says of itself before anyone opens it."""
    return [
        attack("the page is that of an older version", "missing", ["foreign_page", "older"]),
        attack("the page is that of another room", "wrong_link", ["foreign_page", "other"]),
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
