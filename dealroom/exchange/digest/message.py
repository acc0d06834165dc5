"""A digest as a message (RFC 5322), in text and HTML. The same digest, sender and time give the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from urllib.parse import quote

from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.exchange.digest.gather import PersonDigest, Room
from dealroom.mail_settings import Mailbox
from dealroom.room.digest import STOP_WORD
from dealroom.room.digest_text import as_text
from dealroom.room.inline import plain
from dealroom.room.render import render_digest

# Of a SHA-256: no two messages of a seller share an id.
_ID_DIGITS = 32


class _AsItIs(UnstructuredHeader, BaseHeader):
    """A header of ASCII that programs read: the library would encode a long one as if people did."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _AsItIs)
    registry.map_to_type("message-id", _AsItIs)
    return registry


# Beyond ASCII all is encoded, so that every server takes it; CRLF, as messages travel.
POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers())


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message is from and answered to, and when it is made."""

    sender: Mailbox
    reply_to: Mailbox | None
    made: datetime


def mailbox_of(room: Room) -> Mailbox | None:
    """The seller's person whom the reader of a room answers to, if there is an address."""
    contact = room.contact
    return Mailbox(contact.email, plain(contact.name)) if contact and contact.email else None


def write_message(room: Room, one: PersonDigest, envelope: Envelope) -> EmailMessage:
    """The message for one person, who has to have an address.

    Its id follows from the day and from what it says, so that the same message twice is one for mail programs.

    Raises:
        Problem: the person has no address, or one that no message can be sent to.
    """
    if not one.person.email:
        raise Problem(f"{quoted(one.person.id)} has no e-mail address", "write `email:` at the person in the plan")
    text = as_text(one.digest, room.locale)
    html = render_digest(one.digest, room.theme, locale=room.locale)
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(envelope.sender)
    message["To"] = _address(Mailbox(one.person.email, plain(one.person.name)))
    if envelope.reply_to and envelope.reply_to.address.lower() != envelope.sender.address.lower():
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = _one_line(one.digest.subject)
    message["Date"] = format_datetime(envelope.made)
    message["Message-ID"] = _message_id(room, one, envelope, text)
    # RFC 3834: no out-of-office answers. RFC 2369: the mail program's own button to unsubscribe.
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<mailto:{_in_mailto(envelope.sender.address)}?subject={STOP_WORD}%20{room.id}>"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # After the content, with which the library replaces all that is said of it.
    message["Content-Language"] = room.locale.lang
    # Made of the message, where the library would draw lots.
    digest = hashlib.sha256(f"{text}\0{html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:_ID_DIGITS]}")
    return message


def as_draft(message: EmailMessage) -> bytes:
    """The message as a file that mail programs open to be sent."""
    # What Outlook and others look for, to open it as a draft rather than as a message that came.
    message["X-Unsent"] = "1"
    return message.as_bytes()


def _message_id(room: Room, one: PersonDigest, envelope: Envelope, text: str) -> str:
    said = "\0".join([room.id, one.person.id, f"{envelope.made:%Y-%m-%d}", one.digest.subject, text])
    digest = hashlib.sha256(said.encode()).hexdigest()[:_ID_DIGITS]
    return f"<{digest}.{room.id}@{_domain(envelope.sender.address)}>"


def _address(mailbox: Mailbox) -> Address:
    """An address as a header holds it, its domain in letters that every server knows (RFC 5891)."""
    local, _, _ = mailbox.address.rpartition("@")
    try:
        return Address(_one_line(mailbox.name), local, _domain(mailbox.address))
    except (ValueError, IndexError) as fault:
        raise Problem(f"{quoted(mailbox.address)} is not an address that mail is sent to", str(fault) or None) from None


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Problem(f"{quoted(address)} is not an address that mail is sent to", "check what follows the @") from None


def _in_mailto(address: str) -> str:
    local, _, _ = address.rpartition("@")
    return f"{quote(local, safe='')}@{_domain(address)}"


def _one_line(text: str) -> str:
    """A text that can be a header's: nothing in it ends the line, nothing is invisible but what guides direction."""
    return re.sub(r"\s+", " ", "".join(each if each.isprintable() or each in _GUIDES else " " for each in text)).strip()


# Unicode's isolates, which keep a name's direction inside an Arabic line.
_GUIDES = "\u2066\u2067\u2068\u2069"
