"""The text of a reply survives what mail programs and people do to it."""

from __future__ import annotations

import html
import quopri
import textwrap
import time
from collections.abc import Callable

import pytest

from dealroom.seal.armor import LARGEST_TEXT, SealedReply, armor, find_replies
from dealroom.seal.errors import CannotOpenReply
from dealroom.seal.reply import LARGEST_SEALED

REPLY = SealedReply("dyantyo7dirlth2vyzta67ng", bytes(range(256)) * 5)
TEXT = armor(REPLY)


def quoted(text: str, mark: str = "> ") -> str:
    return "".join(f"{mark}{line}\n" for line in text.splitlines())


def as_html(text: str) -> str:
    lines = "<br>\r\n".join(html.escape(line).replace(" ", "&nbsp;") for line in text.splitlines())
    return f"<html><body><div style='color:#222'>Hi Tom,<br>{lines}<br></div><p>Dana &amp; team</p></body></html>"


def in_one_line(text: str) -> str:
    return " ".join(text.split())


CARRIERS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "with a greeting and a footer": lambda text: (
        f"Hi Tom,\n\n{text}\n-- \nDana Whitfield\nThis e-mail is confidential.\n"
    ),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "quoted": quoted,
    "quoted thrice": lambda text: quoted(quoted(quoted(text), ">")),
    "quoted with a bar": lambda text: quoted(text, "| "),
    "quoted with initials": lambda text: quoted(text, "DW> "),
    "wrapped at 40": lambda text: "\n".join(textwrap.wrap(text, 40)),
    "quoted, then wrapped at 30": lambda text: quoted("\n".join(textwrap.wrap(quoted(text), 30))),
    "in one line": in_one_line,
    "indented": lambda text: textwrap.indent(text, "\t    "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0").replace("\n", "\u00a0\n"),
    "zero-width spaces": lambda text: text.replace("A", "A\u200b") + "\ufeff",
    "blank lines between": lambda text: text.replace("\n", "\n\n"),
    "typographic dashes": lambda text: text.replace("-----", "—–-"),
    "flowed": lambda text: "".join(f" {line} \n" for line in text.splitlines()),
    "HTML": as_html,
    "HTML in one line": lambda text: in_one_line(as_html(text)),
    "HTML as a quote of HTML": lambda text: f"<blockquote>{html.escape(as_html(quoted(text)))}</blockquote>",
    "HTML with a span a line": lambda text: "".join(f"<div><span>{line}</span></div>" for line in text.splitlines()),
    "HTML with line-break hints": lambda text: text.replace("A", "A<wbr>"),
    "quoted-printable": lambda text: quopri.encodestring(quoted(text).encode(), quotetabs=True).decode(),
    "quoted-printable HTML": lambda text: quopri.encodestring(as_html(text).encode()).decode(),
}


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_what_carriers_do_changes_nothing(carrier: Callable[[str], str]) -> None:
    assert find_replies(carrier(TEXT)) == [REPLY]


def test_several_replies_are_found_and_a_repeated_one_once() -> None:
    other = SealedReply("a" * 24, b"another reply")

    assert find_replies(f"{TEXT}\n{armor(other)}\nOn Friday Dana wrote:\n{quoted(TEXT)}") == [REPLY, other]


def test_a_text_without_a_reply_has_none() -> None:
    assert find_replies("Hi Tom, thanks. — Dana") == []
    assert find_replies("") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT[:600], "its end is missing"),
        (TEXT.replace("Room: ", "Rome: "), "does not say its format and its room"),
        (TEXT.replace("dyantyo7", "../../et"), "does not say its format and its room"),
        (TEXT.replace("dealroom/1", "dealroom/2"), "which this version cannot read"),
        (TEXT.replace("AAEC", "Ä€€!"), "something other than base64"),
        (TEXT.replace("v8\n-----END", "\n-----END"), "a part of it is missing"),
        (armor(SealedReply(REPLY.room, bytes(LARGEST_SEALED + 1))), "larger than a reply can be"),
        (TEXT.replace("\n-----END", " " * LARGEST_TEXT + "\n-----END"), "larger than a reply can be"),
    ],
    ids=["cut off", "no room", "path as room", "newer", "not base64", "letters lost", "large", "blown up"],
)
def test_what_is_no_reply_is_refused_with_the_reason(text: str, reason: str) -> None:
    (found,) = find_replies(text)

    assert isinstance(found, CannotOpenReply)
    assert reason in found.message


def test_a_broken_reply_does_not_hide_the_next() -> None:
    broken, whole = find_replies(TEXT[:600] + "\n" + TEXT)

    assert isinstance(broken, CannotOpenReply)
    assert whole == REPLY


@pytest.mark.parametrize(
    "text",
    ["-----BEGIN DEALROOM REPLY-----\n" * 30_000, "-" * 10**6, "<" * 10**6, "BEGIN " + ">" * 10**6, "&" * 10**6],
    ids=["beginnings", "dashes", "tags", "quotes", "entities"],
)
def test_hostile_texts_take_no_more_time_than_others(text: str) -> None:
    started = time.process_time()
    find_replies("DEALROOM" + text)

    # Around 0.1 s on a slow machine; a quadratic search of a million characters takes hours.
    assert time.process_time() - started < 5
