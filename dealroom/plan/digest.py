"""The digest of a plan's commitments: what both sides agree to, and can later see has changed.

The commitments are the go-live date, the milestones with what "done" means for them, their owners and their due dates,
and the success criteria. How far the work is, who reviewed it, the steps inside a milestone, notes, pages and people's
names are not: they change every week, and nobody agrees to a plan anew for that. A computed date is not a commitment
either; it follows from the go-live date and the due dates.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from dealroom.plan.model import Milestone, Plan, Status, SuccessCriterion

# Stands before what is hashed, so that a later form of the digest never equals an earlier one.
FORM = "dealroom commitments 1\n"

# Hexadecimal digits of the short form: 48 bits, which no two states of one plan will share by accident.
SHORT = 12

_HEX = re.compile(rf"[0-9a-f]{{{SHORT},64}}")


def commitments(plan: Plan) -> dict[str, Any]:
    """The commitments as JSON values: `go_live`, `milestones` and `success_criteria`, the last two by id."""
    return {
        "go_live": plan.go_live.date.isoformat(),
        "milestones": sorted(
            (milestone_commitments(each) for each in plan.milestones if each.state is not Status.DROPPED), key=_by_id
        ),
        "success_criteria": sorted((_criterion(each) for each in plan.success_criteria), key=_by_id),
    }


def commitments_digest(plan: Plan) -> str:
    """SHA-256 of the commitments in canonical JSON, as 64 hexadecimal digits.

    Neither the order of keys, milestones, criteria and lists nor white space inside a text or its Unicode form matters.
    """
    canonical = json.dumps(commitments(plan), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((FORM + canonical).encode()).hexdigest()


def short_digest(digest: str) -> str:
    """The digest as people write it in `agreements: [{of: …}]`."""
    return digest[:SHORT]


def is_digest(written: str) -> bool:
    """Whether `written` has the form of a digest: hexadecimal, in full or shortened to 12 digits or more."""
    return _HEX.fullmatch(_plain(written)) is not None


def names_digest(written: str, digest: str) -> bool:
    """Whether `written`, in full or shortened, is this digest."""
    return is_digest(written) and digest.startswith(_plain(written))


def _plain(written: str) -> str:
    # A trailing ellipsis is how a shortened digest is often pasted.
    return written.strip().lower().rstrip("….")


def _by_id(commitment: dict[str, object]) -> str:
    return str(commitment["id"])


def milestone_commitments(milestone: Milestone) -> dict[str, Any]:
    """What is committed to about one milestone, as JSON values."""
    return {
        "id": milestone.id,
        "title": _text(milestone.title),
        "buyer": milestone.owners.buyer,
        "seller": milestone.owners.seller,
        "due": milestone.due.isoformat() if milestone.due else None,
        "done_when": _texts(milestone.done_when),
    }


def _criterion(criterion: SuccessCriterion) -> dict[str, object]:
    return {
        "id": criterion.id,
        "statement": _text(criterion.statement),
        "baseline": _text(criterion.baseline),
        "target": _text(criterion.target),
        "owner": criterion.owner,
        "proven_by": criterion.proven_by,
    }


def _text(text: str | None) -> str | None:
    return None if text is None else " ".join(unicodedata.normalize("NFC", text).split())


def _texts(texts: Sequence[str]) -> list[str]:
    return sorted(" ".join(unicodedata.normalize("NFC", text).split()) for text in texts)
