"""Writes the test vectors of sealed replies: `python tests/vectors/make_replies.py`.

`replies.json` is read by the tests of both sides. What is sealed is different each time, since HPKE draws a key: run
this only when the format of replies changes.
"""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dealroom.seal.access import Person, credential_for, room_id
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.encoding import b64u_encode, canonical_json
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key
from dealroom.seal.reply import reply_plaintext, seal_reply

HERE = Path(__file__).parent
KEY = WorkspaceKey(bytes(range(32)))
ROOM = room_id(KEY, "harbour")
DIGEST = hashlib.sha256(b"the commitments that were shown").hexdigest()

DANA = Person("dana", "Dana Whitfield", "buyer")
PRIYA = Person("priya", "Priya Náthan-Öz 🔒", "buyer")
SHARED = Person("shared", "Harbour Foods", "shared")

EVERY_KIND: list[dict[str, object]] = [
    {"kind": "done", "target": "milestone:kick-off", "date": "2026-11-18"},
    {"kind": "done", "target": "step:security-review/questionnaire", "date": "2026-11-19"},
    {
        "kind": "date",
        "target": "milestone:security-review",
        "date": "2026-12-23",
        "was": "2026-12-18",
        "reason": "Our auditor is away until the 21st",
    },
    {"kind": "date", "target": "plan", "date": "2027-03-08", "was": "2027-03-01", "reason": None},
    {
        "kind": "blocked",
        "target": "milestone:contract",
        "by": "Waiting for the DPA",
        "owner": "priya",
        "since": "2026-11-18",
    },
    {"kind": "unblocked", "target": "milestone:pilot"},
    {"kind": "owner", "target": "milestone:pilot", "side": "buyer", "person": "lena", "was": "dana"},
    {"kind": "owner", "target": "criterion:error-rate", "person": "lena", "was": None},
    {
        "kind": "person",
        "target": "plan",
        "person": {
            "id": "lena",
            "name": "Lena Öz",
            "side": "buyer",
            "title": "Head of Legal",
            "role": "legal",
            "email": "lena@harbour.example",
        },
    },
    {
        "kind": "step",
        "target": "milestone:pilot",
        "title": "Book the <training> room & coffee",
        "owner": "dana",
        "due": "2027-01-11",
    },
    {"kind": "current", "target": "criterion:error-rate", "value": "3.1 %", "was": "3.8 %"},
    {"kind": "comment", "target": "document:file-0123456789abcdef", "text": "Page 4 is out of date.\nSee 🔒 below."},
    {"kind": "question", "target": "person:tom", "text": "Is Tom away in December?"},
    {"kind": "agree", "target": "plan", "digest": DIGEST},
]


def payloads() -> list[tuple[str, Person, dict[str, object]]]:
    """Name, sender and payload of each vector."""
    return [
        ("a note alone", DANA, payload(1, DANA, note="Thank you, looks good to me")),
        ("a change of every kind", PRIYA, payload(2, PRIYA, *EVERY_KIND, note="Grüße 🔒")),
        ("by whoever has the shared passphrase", SHARED, payload(3, SHARED, EVERY_KIND[0], name="Robin Hale")),
        ("long texts", DANA, payload(4, DANA, *[comment(number) for number in range(40)])),
    ]


def comment(number: int) -> dict[str, object]:
    """A comment of some length."""
    return {"kind": "comment", "target": "plan", "text": f"Comment {number}: " + "word " * 100}


def payload(
    number: int, person: Person, *changes: dict[str, object], note: str | None = None, name: str | None = None
) -> dict[str, object]:
    """A payload as the browser writes it."""
    return {
        "format": "dealroom-reply/1",
        "room": ROOM,
        "id": hashlib.sha256(f"reply {number}".encode()).hexdigest()[:32],
        "person": person.id,
        "kind": person.kind,
        "name": name,
        "sequence": number,
        "sent": f"2026-11-20T09:{number:02}:33.250Z",
        "plan": DIGEST,
        "note": note,
        "changes": list(changes),
    }


def replies() -> list[dict[str, object]]:
    """The vectors without what is drawn at random."""
    vectors: list[dict[str, object]] = []
    for name, person, content in payloads():
        reply_key = credential_for(KEY, ROOM, person, "everyone").reply_key
        written = canonical_json(content)
        vectors.append(
            {
                "name": name,
                "person": {"id": person.id, "name": person.name, "kind": person.kind},
                "reply_key": b64u_encode(reply_key),
                "payload": content,
                "written": written.decode(),
                "plaintext_sha256": hashlib.sha256(reply_plaintext(ROOM, person, reply_key, written)).hexdigest(),
            }
        )
    return vectors


def sealed(vector: dict[str, object], person: Person) -> str:
    """The text that carries a vector's reply."""
    reply_key = credential_for(KEY, ROOM, person, "everyone").reply_key
    recipient = replies_key(KEY, ROOM).public_key().public_bytes_raw()
    written = str(vector["written"]).encode()
    return armor(SealedReply(ROOM, seal_reply(recipient, ROOM, person, reply_key, written)))


def main() -> None:
    """Write replies.json."""
    private: X25519PrivateKey = replies_key(KEY, ROOM)
    written = {
        "room": ROOM,
        "private_key": private.private_bytes_raw().hex(),
        "replies_to": b64u_encode(private.public_key().public_bytes_raw()),
        "replies": [
            vector | {"text": sealed(vector, person)}
            for vector, (_, person, _) in zip(replies(), payloads(), strict=True)
        ],
    }
    text = json.dumps(written, ensure_ascii=False, indent=1)
    (HERE / "replies.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
