"""A digest as a message: right headers, two forms of one text, and nothing that a plan could put into a header."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealroom.errors import Problem
from dealroom.exchange.digest.gather import PersonDigest, Room
from dealroom.exchange.digest.message import Envelope, as_draft, write_message
from dealroom.mail_settings import Mailbox
from dealroom.plan.model import Stakeholder
from dealroom.room.digest_text import as_text
from tests.unit.exchange.digests import PLAN, TODAY, digest, envelope, room_of, texts, workspace_at


def read_back(message: EmailMessage) -> EmailMessage:
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)


def dana_of(folder: Path, plan: str = PLAN) -> tuple[Room, PersonDigest]:
    room = room_of(workspace_at(folder, plan))
    return room, digest(room, "dana")


def test_the_headers_say_who_when_and_that_a_program_wrote(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path)
    message = read_back(write_message(room, one, envelope(room)))
    assert message["From"] == "Northbay <deals@northbay.example>"
    assert message["To"] == "Dana Whitfield <dana@harbour.example>"
    assert message["Reply-To"] == "Tom Okafor <tom@northbay.example>"
    assert message["Subject"] == "Order platform rollout: a date of yours has passed"
    assert message["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["List-Unsubscribe"] == f"<mailto:deals@northbay.example?subject=STOP%20{room.id}>"
    assert message["Message-ID"].endswith(f".{room.id}@northbay.example>")
    assert message["Bcc"] is None


def test_text_and_html_are_alternatives_with_the_same_link(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path)
    message = read_back(write_message(room, one, envelope(room)))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text, html = texts(message)
    assert text.replace("\r\n", "\n") == as_text(one.digest, room.locale)
    assert one.digest.way is not None
    assert one.digest.way.address in text
    assert f'href="{one.digest.way.address}"' in html
    # Nothing is loaded from anywhere, so nobody learns that it was opened.
    assert not any(word in html for word in ("<img", "<link", "<script", "url("))


def test_the_same_digest_is_the_same_message_and_another_day_another(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path)
    same = [write_message(room, one, envelope(room)).as_bytes() for _ in range(2)]
    assert same[0] == same[1]
    ids = {
        write_message(room, other, envelope(room, day))["Message-ID"]
        for other, day in ((one, TODAY), (one, TODAY + timedelta(days=1)), (digest(room, "priya"), TODAY))
    }
    assert len(ids) == 3


def test_a_draft_opens_to_be_sent(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path)
    content = as_draft(write_message(room, one, envelope(room)))
    assert b"\r\nX-Unsent: 1\r\n" in content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", ["Zoë Müller-Łukasz", "山田 花子", "دانا", 'Ann "Al" O\'Neil, PhD', "a" * 200])
def test_names_of_all_the_world_arrive_as_they_are(tmp_path: Path, name: str) -> None:
    plan = PLAN.replace("name: Dana Whitfield", f"name: '{name.replace(chr(39), chr(39) * 2)}'")
    room, one = dana_of(tmp_path, plan)
    (to,) = read_back(write_message(room, one, envelope(room)))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "dana@harbour.example")


def test_an_arabic_message_runs_from_right_to_left(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path, f"{PLAN}lang: ar\n")
    message = read_back(write_message(room, one, envelope(room)))
    assert "\u2068Order platform rollout\u2069" in message["Subject"]
    text, html = texts(message)
    assert '<html lang="ar" dir="rtl">' in html
    assert "مع أطيب التحيات" in text


def test_a_domain_beyond_ascii_is_written_as_servers_know_it(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path, PLAN.replace("dana@harbour.example", "dana@bücher.example"))
    assert write_message(room, one, envelope(room))["To"] == "Dana Whitfield <dana@xn--bcher-kva.example>"


def test_an_address_that_cannot_be_is_said(tmp_path: Path) -> None:
    room, one = dana_of(tmp_path, PLAN.replace("dana@harbour.example", f"dana@{'a' * 64}.example"))
    with pytest.raises(Problem, match="is not an address that mail is sent to"):
        write_message(room, one, envelope(room))


def test_who_has_no_address_gets_no_message(tmp_path: Path) -> None:
    room = room_of(workspace_at(tmp_path))
    with pytest.raises(Problem, match="`marcus` has no e-mail address"):
        write_message(room, digest(room, "marcus"), envelope(room))


def test_a_title_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    plan = PLAN.replace("title: Order platform rollout", "title: '<script>alert(1)</script>'")
    room, one = dana_of(tmp_path, plan)
    _, html = texts(read_back(write_message(room, one, envelope(room))))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_brand_may_change_a_part_of_the_mail(tmp_path: Path) -> None:
    templates = tmp_path / "themes" / "harbour" / "templates" / "mail"
    templates.mkdir(parents=True)
    (templates.parents[1] / "theme.yml").write_text("colours: {brand: '#123456'}\n")
    override = '{% extends "base/mail/digest.html" %}{% block greeting %}<p>Ahoy</p>{% endblock %}'
    (templates / "digest.html").write_text(override)
    room, one = dana_of(tmp_path, f"{PLAN}theme: harbour\n")
    _, html = texts(read_back(write_message(room, one, envelope(room))))
    assert "<p>Ahoy</p>" in html
    assert "Hello" not in html
    assert "border-top:4px solid #123456" in html


HOSTILE = [
    "X\nBcc: eve@evil.example",
    "X\r\n\r\n<b>",
    "=?utf-8?q?Bcc=3A_x?=",
    "\u2028Bcc: x",
    'a" <eve@evil.example>, "',
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_plan_makes_a_header(tmp_path: Path, hostile: str) -> None:
    written = '"' + hostile.encode("unicode_escape").decode().replace('"', '\\"').replace("\\r", "") + '"'
    plan = PLAN.replace("Dana Whitfield", written).replace("title: Order platform rollout", f"title: {written}")
    plan = plan.replace("name: Tom Okafor", f"name: {written}")
    room, one = dana_of(tmp_path, plan)
    message = read_back(write_message(room, one, envelope(room)))
    assert sorted(message.keys()) == sorted(EXPECTED)
    for header, address in (("To", "dana@harbour.example"), ("Reply-To", "tom@northbay.example")):
        assert [each.addr_spec for each in message[header].addresses] == [address]


EXPECTED = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_no_name_whatever_adds_a_header_or_an_address(folder_of_room: Room, name: str, sender: str) -> None:
    room = folder_of_room
    one = digest(room, "dana")
    person = Stakeholder.model_construct(**{**vars(one.person), "name": name})
    wrote = Envelope(Mailbox("deals@northbay.example", sender), None, envelope(room).made)
    message = read_back(write_message(room, PersonDigest(person, one.digest, 0), wrote))
    assert set(message.keys()) <= set(EXPECTED)
    assert [each.addr_spec for each in message["To"].addresses] == ["dana@harbour.example"]
    assert [each.addr_spec for each in message["From"].addresses] == ["deals@northbay.example"]


@pytest.fixture(scope="module")
def folder_of_room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return room_of(workspace_at(tmp_path_factory.mktemp("room")))
