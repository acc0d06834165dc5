"""Who wants no digests: `digest: false` at a person of the plan, by command or because a reply says so.

It stands in the plan, and so in git, since it has to outlive any one machine.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.plan.edit import Changed, Edit, Remove, Set, change_plan
from dealroom.plan.model import Plan
from dealroom.publish.access import read_one
from dealroom.room.digest import STOP_WORD
from dealroom.workspace import Workspace

# The room's id as `room_id` makes it: in the subject that a mail program's own button writes, and in the message's id.
_ROOM = re.compile(r"\b[a-z2-7]{24}\b")

# The word alone on its line, as people type it: with a full stop, in quotes, in any case; STOPP is German.
_WORD = re.compile(rf"\W*{STOP_WORD}P?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that asks for no more digests: from which address, and for which room, where it says that."""

    address: str
    room: str | None


def change_wish(workspace: Workspace, slug: str, person: str, *, wants: bool) -> Changed:
    """The plan in which a person gets digests or not. Nothing is written.

    Raises:
        Problem: the plan has no such person, or cannot be changed by a program.
    """
    loaded, plan = read_one(workspace, slug)
    number = _place(plan, person, slug)
    path = ("stakeholders", number, "digest")
    edit: Edit = Remove(path) if wants else Set(path, value=False)
    return change_plan(loaded.folder, workspace.root, [edit])


def read_wish(content: bytes) -> Wish | None:
    """Whether a message, as it was saved, asks for no more; its own words count, and not what it quotes."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    address = parseaddr(str(message.get("From", "")))[1].lower()
    subject = str(message.get("Subject", ""))
    if not address or not (_WORD.fullmatch(_ROOM.sub("", subject)) or _WORD.fullmatch(_first_line(message))):
        return None
    # A machine's answer, as from someone on holiday, is nobody's wish.
    if str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no":
        return None
    about = " ".join([subject, *(str(message.get(name, "")) for name in ("In-Reply-To", "References"))])
    found = _ROOM.search(about)
    return Wish(address, found[0] if found else None)


def people_of(plan: Plan, wish: Wish) -> Iterator[str]:
    """The people of a plan whom a wish is of and who still get digests, by id."""
    for person in plan.stakeholders:
        if person.email and person.email.lower() == wish.address and person.digest:
            yield person.id


def _first_line(message: EmailMessage) -> str:
    """The first line of a message's own text."""
    try:
        body = message.get_body(("plain", "html"))
        text = str(body.get_content()) if body else ""
    except (LookupError, ValueError, AttributeError, RecursionError):
        # Made to break readers, or in a character set that nobody knows.
        return ""
    lines = (line.strip() for line in re.sub(r"(?i)<br[^>]*>|</(?:p|div)>", "\n", text).splitlines())
    own = (re.sub(r"<[^<>]*>", "", line).strip() for line in lines if not line.startswith(">"))
    return next((line for line in own if line), "")


def _place(plan: Plan, person: str, slug: str) -> int:
    for number, one in enumerate(plan.stakeholders):
        if one.id == person:
            return number
    known = [one.id for one in plan.stakeholders]
    hint = did_you_mean(person, known, f"people of the plan are {', '.join(known) or 'none'}")
    raise Problem(f"there is nobody {quoted(person)} in {slug}", hint)
