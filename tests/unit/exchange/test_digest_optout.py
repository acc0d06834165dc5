"""Who wants no digests is marked in the plan, by command or because their mail says so."""

from __future__ import annotations

import io
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.exchange.digest.message import write_message
from dealroom.exchange.digest.optout import Wish, change_wish, people_of, read_wish
from dealroom.exchange.mails import mails_in
from dealroom.plan.edit import write_plan
from tests.unit.exchange.digests import PLAN, digest, envelope, room_of, workspace_at


def mail(subject: str = "Re: Order platform: what changed", text: str = "STOP", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Dana Whitfield <Dana@Harbour.example>"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def test_a_stop_changes_that_line_alone_and_can_be_taken_back(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    stopped = change_wish(workspace, "harbour", "dana", wants=False)
    was = "email: dana@harbour.example}   # our champion"
    assert stopped.text == PLAN.replace(was, "email: dana@harbour.example, digest: false}   # our champion")
    write_plan(stopped)
    assert not change_wish(workspace, "harbour", "dana", wants=False).is_changed
    resumed = change_wish(workspace, "harbour", "dana", wants=True)
    assert resumed.text == PLAN


def test_a_stop_for_nobody_says_who_was_probably_meant(tmp_path: Path) -> None:
    with pytest.raises(Problem) as found:
        change_wish(workspace_at(tmp_path), "harbour", "dna", wants=False)
    assert found.value.hint == "did you mean `dana`?"


@pytest.mark.parametrize(
    "text",
    ["STOP", "Stop.", "\n  stop!\n\nKind regards, Dana", "STOP\n> Hello Dana,\n> reply with the word STOP", "“STOPP”"],
)
def test_the_word_on_the_first_line_of_its_own_text_is_a_wish(text: str) -> None:
    assert read_wish(mail(text=text)) == Wish("dana@harbour.example", None)


@pytest.mark.parametrize(
    "text", ["Please stop by on Friday", "> STOP\n\nWhat does this mean?", "Thanks!\nSTOP", "", "non-stop", "> STOP"]
)
def test_anything_else_is_none(text: str) -> None:
    assert read_wish(mail(text=text)) is None


def test_the_answer_of_a_machine_is_nobodys_wish() -> None:
    assert read_wish(mail(Auto_Submitted="auto-replied")) is None


def test_html_and_broken_mails_are_read_as_far_as_they_go() -> None:
    html = EmailMessage()
    html["From"] = "dana@harbour.example"
    html.set_content("<html><body><div>STOP</div><div>Dana</div></body></html>", subtype="html")
    assert read_wish(html.as_bytes()) == Wish("dana@harbour.example", None)
    unknown = mail().replace(b'charset="utf-8"', b'charset="klingon"')
    assert read_wish(unknown) is None
    assert read_wish(b"") is None
    assert read_wish(b"\xff\x00From: x\n\nSTOP") is None


def test_the_button_of_a_mail_program_says_which_room(tmp_path: Path) -> None:
    room = room_of(workspace_at(tmp_path))
    message = write_message(room, digest(room, "dana"), envelope(room))
    subject = str(message["List-Unsubscribe"]).partition("subject=")[2].rstrip(">").replace("%20", " ")
    wish = Wish("dana@harbour.example", room.id)
    assert read_wish(mail(subject=subject, text="")) == wish
    assert read_wish(mail(In_Reply_To=message["Message-ID"])) == wish
    assert list(people_of(room.plan, wish)) == ["dana"]


def test_mails_are_found_in_files_mailboxes_folders_and_what_is_piped(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "one.eml").write_bytes(mail(subject="one"))
    box = mailbox.mbox(folder / "two.mbox")
    box.add(mail(subject="two"))
    box.add(mail(subject="three"))
    box.close()
    found = [*mails_in(str(folder), io.BytesIO()), *mails_in("-", io.BytesIO(mail(subject="four")))]
    assert [read_wish(one) is not None for one in found] == [True] * 4
    with pytest.raises(Problem, match="there is no file"):
        list(mails_in(str(tmp_path / "none"), io.BytesIO()))
