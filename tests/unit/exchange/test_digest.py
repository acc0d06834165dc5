"""What a person is told: what changed, what is theirs next, what is past its date, and nothing that the room hides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.exchange.digest.gather import recipients
from dealroom.room.digest import Listed
from dealroom.room.digest_text import as_markdown, as_text
from tests.unit.exchange.digests import PLAN, TODAY, digest, published, room_of, workspace_at

OWN_TASKS = """\
Order platform rollout

Hello Dana Whitfield,

98 days to go-live on March 1, 2027.

Yours, past its date:

- Invite everyone: was due November 19, 2026 · Part of: Kick-off

Next for you:

- Security review: due January 20, 2027

"""

CHANGES = """\
What changed since November 16, 2026:

- Security review: moved from January 15, 2027 to January 20, 2027 (3 working days later)

Also past its date:

- Send the agenda: was due November 18, 2026 · with Tom Okafor · Part of: Kick-off

Kind regards
Tom Okafor, Northbay

"""


def told(listed: Listed) -> list[tuple[str, str]]:
    return [(task.title.striptags(), task.due_text) for task in listed.tasks]


def test_a_digest_says_what_is_late_what_is_next_and_what_changed(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 2))
    published(workspace, date(2026, 11, 19), "due: 2027-01-15", "due: 2027-01-20")
    room = room_of(workspace)
    text = as_text(digest(room, "dana").digest, room.locale)
    before, _, after = text.partition("Open the plan:")
    assert before == OWN_TASKS
    assert CHANGES in after


def test_nothing_of_what_somebody_may_not_see_is_in_their_digest(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 20))
    published(workspace, date(2026, 11, 21), "due: 2026-11-27", "due: 2026-11-26")
    room = room_of(workspace)
    price = {person: "Price" in as_text(digest(room, person).digest, room.locale) for person in ("dana", "priya")}
    assert price == {"dana": False, "priya": True}
    assert not digest(room, "dana", since="1").digest.changes


def test_several_moves_are_told_as_one(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 2))
    published(workspace, date(2026, 11, 18), "due: 2027-01-15", "due: 2027-01-20")
    published(workspace, date(2026, 11, 19), "due: 2027-01-20", "due: 2027-01-22")
    published(workspace, date(2026, 11, 20), "title: Kick-off", "title: Start")
    lines = [line.text for line in digest(room_of(workspace), "dana").digest.changes]
    assert lines == ["now called “Start”", "moved from January 15, 2027 to January 22, 2027 (5 working days later)"]


@pytest.mark.parametrize(("since", "changed"), [("2026-11-18", 1), ("2", 1), ("1", 2), ("3", 0), ("2026-11-01", 1)])
def test_changes_are_told_from_a_day_or_version(tmp_path: Path, since: str, changed: int) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 2))
    published(workspace, date(2026, 11, 18), "due: 2027-01-15", "due: 2027-01-20")
    published(workspace, date(2026, 11, 19), "due: 2026-11-20", "due: 2026-11-24")
    assert len(digest(room_of(workspace), "dana", since=since).digest.changes) == changed


def test_a_version_that_is_not_there_is_said(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    published(workspace, date(2026, 11, 2))
    with pytest.raises(Problem, match="there is no revision `7`"):
        digest(room_of(workspace), "dana", since="7")


def test_a_seller_who_is_named_gets_one_without_a_key(tmp_path: Path) -> None:
    room = room_of(workspace_at(tmp_path))
    assert [one.id for one in recipients(room, ())] == ["dana", "priya", "marcus"]
    own, sellers = (digest(room, person).digest.way for person in ("dana", "tom"))
    assert own
    assert own.is_personal
    assert "#k=" in own.address
    assert sellers
    assert not sellers.is_personal
    assert sellers.address == own.address.partition("#")[0]


@pytest.mark.parametrize(
    ("person", "message"),
    [("dnaa", "there is nobody `dnaa` in harbour"), ("priya", "`priya` has no access to harbour")],
)
def test_who_is_not_there_or_lost_access_gets_none(tmp_path: Path, person: str, message: str) -> None:
    workspace = workspace_at(tmp_path)
    (workspace.plans / "harbour" / "access.yml").write_text("people: [{id: priya, revoked: 2026-11-20}]")
    with pytest.raises(Problem) as found:
        recipients(room_of(workspace), [person])
    assert found.value.message == message


def test_markdown_in_titles_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    workspace = workspace_at(
        tmp_path, PLAN.replace("title: Order platform rollout", r"title: '\[Click\](here) a_b <b>'")
    )
    room = room_of(workspace)
    first = as_markdown(digest(room, "dana").digest, room.locale).splitlines()[0]
    assert first == r"# \[Click\](here) a\_b \<b\>"


def test_long_lists_end_in_how_many_more_there_are(tmp_path: Path) -> None:
    steps = "".join(f"      - {{id: s{n}, title: Step {n}, owner: dana, due: 2026-12-{n:02}}}\n" for n in range(1, 10))
    plan = PLAN.replace("    takes: 4w\n", f"    steps:\n{steps}")
    next_ = digest(room_of(workspace_at(tmp_path, plan)), "dana").digest.next
    assert [title for title, _ in told(next_)] == ["Step 1", "Step 2", "Step 3"]
    assert next_.more == "and 6 more"


def test_after_go_live_nothing_is_counted(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    assert digest(room_of(workspace), "dana", today=date(2027, 3, 1)).digest.standing == "Go-live is today."
    late = digest(room_of(workspace), "dana", today=date(2027, 3, 4)).digest
    assert late.standing == "Go-live was planned for March 1, 2027."
    done = PLAN.replace("    due: ", "    status: done\n    due: ")
    assert digest(room_of(workspace_at(tmp_path, done)), "dana", today=TODAY).digest.standing is None


@pytest.mark.parametrize("lang", ["de", "fr", "es", "pt-PT", "pt", "ja", "ar"])
def test_every_language_says_it_in_its_own_words(tmp_path: Path, lang: str) -> None:
    room = room_of(workspace_at(tmp_path, f"{PLAN}lang: {lang}\n"))
    one = digest(room, "dana").digest
    text = as_text(one, room.locale)
    assert "Hello" not in text
    assert "due" not in text
    assert "{" not in text
    assert one.subject != "Order platform rollout: a date of yours has passed"
    assert "Order platform" in one.subject
