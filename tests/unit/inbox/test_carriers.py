"""What a reply may arrive in, and files that are made to break readers."""

from __future__ import annotations

import base64
import io
import os
import quopri
from email.message import EmailMessage
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.inbox.carriers import carried_in, carried_in_bytes, carried_in_stream
from dealroom.seal.armor import SealedReply, armor

REPLY = SealedReply("dyantyo7dirlth2vyzta67ng", bytes(range(256)) * 4)
OTHER = SealedReply("a" * 24, b"another reply")
TEXT = armor(REPLY)


def message(text: str | None = TEXT, *, html: bool = False, cte: str = "quoted-printable") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Dana Whitfield <dana@harbour.example>"
    mail["Subject"] = "Grüße"
    mail.set_content(f"Hi Tom,\n\n{text or ''}\n-- \nDana\n", cte=cte)
    if html:
        mail.add_alternative("<p>Hi Tom,</p>" + (text or "").replace("\n", "<br>"), subtype="html", cte="base64")
    return mail


def attached(content: bytes, name: str) -> EmailMessage:
    mail = message(None)
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def forwarded() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "priya@harbour.example"
    mail.set_content("see below")
    mail.add_attachment(message(html=True))
    return mail


FILES: dict[str, bytes] = {
    "text": TEXT.encode(),
    "text of Windows": ("\ufeff" + TEXT.replace("\n", "\r\n")).encode("utf-16-le"),
    "text with a mark": ("\ufeff" + TEXT).encode(),
    "Latin-1": "Grüße\n".encode("latin-1") + TEXT.encode(),
    "a mail": message().as_bytes(),
    "a mail in base64": message(cte="base64").as_bytes(),
    "a mail with HTML": message(html=True).as_bytes(),
    "an attachment": attached(TEXT.encode(), "reply.txt").as_bytes(),
    "an attachment of Windows": attached(TEXT.encode("utf-16"), "reply.txt").as_bytes(),
    "forwarded": forwarded().as_bytes(),
    "a mail with CRLF": message().as_bytes().replace(b"\n", b"\r\n"),
    "a mail of an unknown charset": message().as_bytes().replace(b"utf-8", b"utf-77"),
    "quoted-printable alone": quopri.encodestring(TEXT.encode(), quotetabs=True),
    "text that looks like a mail": b"From: dana\n" + TEXT.encode(),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_reply_is_found_once(content: bytes) -> None:
    found = carried_in_bytes(content, "here")

    assert (found.source, found.replies, found.faults) == ("here", (REPLY,), ())
    assert carried_in_stream(io.BytesIO(content)).replies == (REPLY,)


def test_a_mailbox_and_a_folder_give_all_of_theirs(tmp_path: Path) -> None:
    box = b"".join(
        b"From dana@x Mon Nov 23 09:00:00 2026\n" + mail.as_bytes() + b"\n"
        for mail in (message(), message("Hello"), message(armor(OTHER)))
    )
    (tmp_path / "Deals.mbox").write_bytes(box)
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000000.M1P1.host:2,S").write_bytes(message().as_bytes())
    (tmp_path / ".hidden").write_text(TEXT)
    (tmp_path / "outside").symlink_to(tmp_path / "cur")
    (tmp_path / "cut.txt").write_text(TEXT[:300])

    found = [each for each in carried_in(tmp_path) if each.replies or each.faults]

    assert [(each.source, each.replies) for each in found] == [
        ("Deals.mbox, message 1", (REPLY,)),
        ("Deals.mbox, message 3", (OTHER,)),
        ("1700000000.M1P1.host:2,S", (REPLY,)),
        ("cut.txt", ()),
    ]
    assert found[-1].faults == ("its end is missing: the line with END DEALROOM REPLY",)


def test_a_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    large, box = tmp_path / "large.eml", tmp_path / "large.mbox"
    large.touch()
    box.write_bytes(b"From dana@x Mon Nov 23 09:00:00 2026\nSubject: x\n\n")
    for file in (large, box):
        # A sparse file: it takes no room on the disk.
        os.truncate(file, 10**9)

    (text,), (mails,) = carried_in(large), carried_in(box)

    assert text.faults == ("it has more than 25 MB, and no reply is that large",)
    assert mails.faults == ("it has more than 250 MB; export a smaller folder",)


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "zeros": bytes(100_000),
    "nested ten thousand deep": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number) for number in range(10_000)
    ),
    "a header without an end": b"From: " + b"x" * 1_000_000,
    "many headers": b"X: y\n" * 200_000,
    "broken base64": b"From: x\nContent-Transfer-Encoding: base64\n\n\xff\xfe=====" * 10,
    "a boundary of nothing": b'From: x\nContent-Type: multipart/mixed; boundary=""\n\n--\n--\n',
    "beginnings": b"-----BEGIN DEALROOM REPLY-----\n" * 20_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_break_readers_has_no_reply(content: bytes) -> None:
    assert carried_in_bytes(content, "here").replies == ()


def test_base64_of_another_letter_is_no_reply() -> None:
    encoded = base64.b64encode(TEXT.encode()).decode()

    assert carried_in_bytes(encoded.encode(), "here").replies == ()


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no file"):
        list(carried_in(tmp_path / "nowhere.txt"))
