"""Writes the test vector of answers in a page: `python -m tests.vectors.make_answers`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dealroom.seal.access import Person, credential_for, room_id
from dealroom.seal.answers import seal_answers
from dealroom.seal.encoding import b64u_encode
from dealroom.seal.keys import WorkspaceKey

HERE = Path(__file__).parent
KEY = WorkspaceKey(bytes(range(32)))
ROOM = room_id(KEY, "harbour")
DANA = Person("dana", "Dana Whitfield", "buyer")

ANSWERS = [
    {
        "reply": "fde46a3d985f53a8a5007fad0ee64736",
        "sent": "2026-11-20",
        "on": "2026-11-22",
        "change": 1,
        "kind": "date",
        "target": "milestone:security-review",
        "answer": "changed",
        "asked": "finish Security review on 23 Dec 2026",
        "words": "Grüße 🔒: the 22nd is taken",
        "now": "2026-12-21",
    }
]


def vector() -> dict[str, Any]:
    """Dana's answers, as a page has them and as she reads them."""
    credential = credential_for(KEY, ROOM, DANA, "everyone")
    written = json.dumps(ANSWERS, ensure_ascii=False, separators=(",", ":")).encode()
    return {
        "room": ROOM,
        "person": asdict(DANA),
        "reply_key": b64u_encode(credential.reply_key),
        "box": asdict(seal_answers(credential, ROOM, written)),
        "answers": ANSWERS,
    }


if __name__ == "__main__":
    text = json.dumps(vector(), ensure_ascii=False, indent=1)
    (HERE / "answers.json").write_text(f"{text}\n", encoding="utf-8")
