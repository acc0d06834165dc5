"""The text that carries a sealed reply, through whatever mail programs and people do to it.

    -----BEGIN DEALROOM REPLY-----
    Format: dealroom/1
    Room: dyantyo7dirlth2vyzta67ng

    qllib5nS…                          base64 (RFC 4648, section 4) without padding, 64 letters a line
    -----END DEALROOM REPLY-----

The alphabet of base64 has none of the characters that carriers add: quote marks, tags, spaces, the `=` of
quoted-printable. So everything else between the two lines can be dropped, and AES-GCM says whether a letter is missing.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dealroom.seal.encoding import FORMAT
from dealroom.seal.errors import CannotOpenReply
from dealroom.seal.reply import LARGEST_SEALED

LINE = 64
# Characters of one reply with everything that carriers put around its letters: quote marks, tags, entities.
LARGEST_TEXT = 4 * LARGEST_SEALED

_BEGIN, _END = "-----BEGIN DEALROOM REPLY-----", "-----END DEALROOM REPLY-----"
# Programs that set type make one dash of two or three. Spaces may have become line breaks with quote marks. The bounds
# keep the search linear in texts that are made to slow it down.
_DASHES, _GAP = r"[-‐-―−]{1,8}", r"[\s>|]{1,20}"
_FRAME = re.compile(
    rf"{_DASHES}\s{{0,4}}(?P<edge>BEGIN|END){_GAP}DEALROOM{_GAP}REPLY\s{{0,4}}{_DASHES}",
)
_HEAD = re.compile(
    r"Format:\s*dealroom/(?P<version>\d{1,4})[\s>|]*Room:\s*(?P<room>[a-z2-7]{24})(?P<letters>.*)", re.DOTALL
)
# Tags that begin a line, and all others.
_BREAK = re.compile(r"(?i)</?(?:br|p|div|li|tr|td|pre|blockquote)\b[^<>]{0,2000}>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
# `> `, `>> `, `| `, and the initials that some programs put before: `DW> `.
_QUOTE = re.compile(r"(?m)^[ \t]*(?:\w{0,3}[>|][ \t]?)+")
# Soft line breaks and escaped bytes of quoted-printable (RFC 2045, section 6.7), in a message saved as it was sent.
_SOFT_BREAK, _ESCAPED = re.compile(r"=[ \t]*\r?\n"), re.compile(r"=([0-9A-F]{2})")
# Soft hyphen, zero-width characters, direction marks, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_DROPPED = re.compile(r"[\s>|=]+")
_UNTOUCHED = re.compile(
    rf"{_BEGIN}\nFormat: {FORMAT}\nRoom: (?P<room>[a-z2-7]{{24}})\n\n(?P<letters>[A-Za-z0-9+/\n]*){_END}\n"
)
_LETTERS = re.compile(r"[A-Za-z0-9+/]*")


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A sealed reply, and the id of the room that it says it is for."""

    room: str
    sealed: bytes


def armor(reply: SealedReply) -> str:
    """The text to send."""
    letters = base64.b64encode(reply.sealed).decode("ascii").rstrip("=")
    lines = [letters[start : start + LINE] for start in range(0, len(letters), LINE)]
    return "\n".join([_BEGIN, f"Format: {FORMAT}", f"Room: {reply.room}", "", *lines, _END, ""])


def untouched_reply(text: str) -> SealedReply | None:
    """The reply in a text that is exactly as `armor` writes it; `None` for any other, which may still hold one."""
    match = _UNTOUCHED.fullmatch(text)
    if match is None or len(text) > LARGEST_TEXT:
        return None
    letters = match["letters"].replace("\n", "")
    try:
        reply = SealedReply(match["room"], base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True))
    except binascii.Error:
        return None
    return reply if armor(reply) == text else None


def find_replies(text: str) -> list[SealedReply | CannotOpenReply]:
    """Every reply in a text, each once and in its order, or why what begins like one is none. Nothing: there is none.

    The text may be quoted, wrapped, flowed (RFC 3676), HTML, quoted-printable, or have a footer.
    """
    found: list[SealedReply | CannotOpenReply] = []
    for body in _bodies(_without_carrier(text)):
        try:
            reply: SealedReply | CannotOpenReply = _parse(body)
        except CannotOpenReply as fault:
            reply = fault
        if isinstance(reply, CannotOpenReply) or reply not in found:
            found.append(reply)
    return found


def _bodies(text: str) -> Iterator[str | None]:
    """What is between each first line and the last line after it; `None` when that is missing."""
    start: int | None = None
    for edge in _FRAME.finditer(text):
        if edge["edge"] == "BEGIN":
            if start is not None:
                yield None
            start = edge.end()
        elif start is not None:
            yield text[start : edge.start()]
            start = None
    if start is not None:
        yield None


def _without_carrier(text: str) -> str:
    """The text without what carriers add. Only what is between the two lines has to survive it."""
    plain = _INVISIBLE.sub("", _ESCAPED.sub(_byte, _SOFT_BREAK.sub("", text)))
    # Twice, since a page that is quoted in a page has `&lt;br&gt;` and `&amp;gt;`.
    for _ in range(2):
        plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", plain)))
    return _QUOTE.sub("", plain.replace("\r\n", "\n").replace("\r", "\n"))


def _byte(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    # Other bytes belong to characters that are dropped anyway, like a no-break space.
    return character if character.isascii() else " "


def _parse(body: str | None) -> SealedReply:
    """Raises CannotOpenReply: what is between the lines is not a reply."""
    if body is None:
        raise CannotOpenReply("its end is missing: the line with END DEALROOM REPLY")
    if len(body) > LARGEST_TEXT:
        raise CannotOpenReply("it is larger than a reply can be")
    head = _HEAD.search(body)
    if head is None:
        raise CannotOpenReply("it does not say its format and its room")
    if head["version"] != FORMAT.rpartition("/")[2]:
        raise CannotOpenReply(f"it is in the format dealroom/{head['version']}, which this version cannot read")
    letters = _DROPPED.sub("", head["letters"])
    if not _LETTERS.fullmatch(letters):
        raise CannotOpenReply("something other than base64 is in it")
    try:
        sealed = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except binascii.Error:
        raise CannotOpenReply("a part of it is missing") from None
    if len(sealed) > LARGEST_SEALED:
        raise CannotOpenReply("it is larger than a reply can be")
    return SealedReply(head["room"], sealed)
