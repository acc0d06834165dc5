"""Sending, against a real mail server: encrypted or not at all, at most once a day, nothing twice."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.exchange.digest.delivery import Outcome, deliver
from dealroom.exchange.digest.record import Record
from dealroom.exchange.digest.smtp import ENVIRONMENT_VARIABLE, Postman
from dealroom.mail_settings import MailSettings
from dealroom.workspace import Workspace
from tests.unit.exchange.digests import PLAN, TODAY, digests, envelope, published, room_of, texts, workspace_at
from tests.unit.exchange.mail_server import PASSWORD, USER, Letterbox, mail_server, make_certificate

HOST = "127.0.0.1"
FROM = {"host": HOST, "from": "deals@northbay.example"}


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture
def plain_server(box: Letterbox) -> Iterator[Postman]:
    """A server on this machine, which is trusted without TLS."""
    with mail_server(box, None) as port, Postman(settings(port, security="none"), {}) as postman:
        yield postman


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate") / "server.pem")


def settings(port: int, **others: str) -> MailSettings:
    return MailSettings.model_validate(FROM | {"port": str(port)} | others)


def send(workspace: Workspace, postman: Postman, today: date = TODAY) -> dict[str, str]:
    """Send the room's digests, and what became of each."""
    room, record = room_of(workspace, today), Record(workspace)
    with record.locked():
        outcomes = list(
            deliver(room, digests(room, today=today, record=record), postman, record, envelope(room, today))
        )
    return {outcome.one.person.id: said(outcome) for outcome in outcomes}


def said(outcome: Outcome) -> str:
    return f"failed: {outcome.reason}" if outcome.failed else outcome.reason or "sent"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_arrives_over_an_encrypted_connection(
    tmp_path: Path, box: Letterbox, certificate: Path, security: str
) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    with mail_server(box, certificate, tls=security == "tls") as port:
        server = settings(port, security=security, user=USER)
        with Postman(server, {ENVIRONMENT_VARIABLE: PASSWORD}, trusted) as postman:
            assert send(workspace_at(tmp_path), postman) == {
                "dana": "sent",
                "priya": "sent",
                "marcus": "has no e-mail address in the plan",
            }
    assert box.recipients == ["dana@harbour.example", "priya@harbour.example"]
    dana, priya = box.messages
    assert "https://rooms.example/" in texts(dana)[0]
    assert texts(dana)[0].split("#k=")[1].split()[0] != texts(priya)[0].split("#k=")[1].split()[0]
    assert "Price agreed" not in str(dana)


def test_a_person_gets_one_message_a_day_and_only_news(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 2))
    assert send(workspace, plain_server)["dana"] == "sent"
    assert send(workspace, plain_server)["dana"] == "got a digest today already"
    tomorrow = TODAY + timedelta(days=1)
    assert send(workspace, plain_server, tomorrow)["dana"] == "nothing new since 2026-11-23"
    published(workspace, tomorrow, "due: 2027-01-15", "due: 2027-01-22")
    assert send(workspace, plain_server, tomorrow)["dana"] == "sent"
    assert send(workspace, plain_server, tomorrow + timedelta(days=6))["dana"] == "nothing new since 2026-11-24"
    assert send(workspace, plain_server, tomorrow + timedelta(days=7))["dana"] == "sent"
    first, moved, reminder = (texts(one)[0] for one in box.messages if one["To"].addresses[0].username == "dana")
    assert [" moved from " in text for text in (first, moved, reminder)] == [False, True, False]
    assert "What changed since November 23, 2026" in moved


def test_an_address_in_two_plans_gets_one_message_a_day(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path, PLAN.replace("priya@harbour.example", "Dana@Harbour.example"))
    assert send(workspace, plain_server)["priya"] == "got a digest today already"
    assert len(box.messages) == 1


def test_who_asked_for_none_gets_none(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    plan = PLAN.replace("email: dana@harbour.example", "email: dana@harbour.example, digest: false")
    assert send(workspace_at(tmp_path, plan), plain_server)["dana"] == "asked for no digests"
    assert box.recipients == ["priya@harbour.example"]


def test_a_refused_address_keeps_nobody_else_from_theirs(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path)
    box.refused = frozenset({"dana@harbour.example"})
    assert send(workspace, plain_server) == {
        "dana": "failed: the server refuses the address: 550 5.1.1 no such mailbox",
        "priya": "sent",
        "marcus": "has no e-mail address in the plan",
    }
    box.refused = frozenset()
    assert send(workspace, plain_server)["dana"] == "sent"


def test_what_may_have_arrived_is_not_sent_again(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path)
    box.hangs_up_on = 1
    outcomes = send(workspace, plain_server)
    assert outcomes["dana"].startswith("failed: the connection to 127.0.0.1 broke")
    assert outcomes["priya"] == "sent"
    assert box.connections == 2
    assert send(workspace, plain_server)["dana"] == "got a digest today already"
    assert box.recipients == ["dana@harbour.example", "priya@harbour.example"]


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(tmp_path: Path, box: Letterbox) -> None:
    workspace = workspace_at(tmp_path, PLAN.replace("dana@harbour.example", "dána@harbour.example"))
    for takes_it, outcome in ((False, "failed: the server takes no addresses beyond ASCII"), (True, "sent")):
        with (
            mail_server(box, None, enable_SMTPUTF8=takes_it) as port,
            Postman(settings(port, security="none"), {}) as postman,
        ):
            assert send(workspace, postman)["dana"] == outcome
    assert "dána@harbour.example" in box.recipients


def problem_with(workspace: Workspace, server: MailSettings, password: str, trusted: ssl.SSLContext | None) -> str:
    with Postman(server, {ENVIRONMENT_VARIABLE: password}, trusted) as postman, pytest.raises(Problem) as found:
        send(workspace, postman)
    return found.value.message


def test_nothing_goes_out_before_the_server_is_known_to_be_the_right_one(
    tmp_path: Path, box: Letterbox, certificate: Path
) -> None:
    workspace = workspace_at(tmp_path)
    trusted = ssl.create_default_context(cafile=certificate)
    with mail_server(box, certificate) as port:
        server = settings(port, user=USER)
        assert "CERTIFICATE_VERIFY_FAILED" in problem_with(workspace, server, PASSWORD, None)
        refused = problem_with(workspace, server, "wrong", trusted)
        assert refused.startswith(f"127.0.0.1:{port} does not let `{USER}` in: 535")
        over_tls = settings(port, security="tls", user=USER)
        assert problem_with(workspace, over_tls, PASSWORD, trusted).startswith("there is no safe connection")
    with mail_server(box, None) as port:
        assert "does not offer what is needed" in problem_with(workspace, settings(port), PASSWORD, trusted)
    assert "cannot reach the mail server" in problem_with(workspace, settings(port), PASSWORD, trusted)
    assert box.messages == []
    assert Record(workspace).day("dana@harbour.example") is None


def test_a_user_without_a_password_is_said_before_anything_is_tried() -> None:
    with pytest.raises(Problem) as found:
        Postman(settings(1, user=USER), {})
    assert found.value.hint == f"set the environment variable {ENVIRONMENT_VARIABLE}"


def test_two_never_send_at_the_same_time(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    with (
        Record(workspace).locked(),
        pytest.raises(Problem, match="another dealroom is sending"),
        Record(workspace).locked(),
    ):
        pass


def test_the_record_is_the_sellers_alone(tmp_path: Path, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path)
    send(workspace, plain_server)
    assert (workspace.state / "digests.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "[]", '{"rooms": {}}', '{"rooms": {"a": {"b": 1}}, "days": {}}', "\0"])
def test_a_damaged_record_sends_nothing(tmp_path: Path, content: str) -> None:
    workspace = workspace_at(tmp_path)
    workspace.state.mkdir()
    (workspace.state / "digests.json").write_text(content)
    with pytest.raises(Problem, match="cannot be read, so it is not known who was told what"):
        Record(workspace)


def test_a_record_that_cannot_be_written_sends_nothing(tmp_path: Path, box: Letterbox, plain_server: Postman) -> None:
    workspace = workspace_at(tmp_path)
    # A folder in its place, which not even the superuser can replace with a file.
    record = Record(workspace)
    (workspace.state / "digests.json").mkdir(parents=True)
    room = room_of(workspace)
    with pytest.raises(Problem, match="cannot write"):
        list(deliver(room, digests(room), plain_server, record, envelope(room)))
    assert box.messages == []
