"""What granting and revoking change in `access.yml`, and that what a person wrote in it stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dealroom.errors import Problem
from dealroom.plan.access import PersonAccess, RoomAccess, SharedAccess
from dealroom.plan.access_changes import Files, Wishes, grant, revoke, rotate, rotate_all
from dealroom.plan.access_edit import changed_text
from dealroom.plan.model import Plan
from dealroom.yaml_source import parse
from dealroom.yaml_source.validate import validate

TODAY = date(2026, 11, 23)
FILES = Files(frozenset({"contract.pdf", "report.pdf", "terms.pdf"}), frozenset({"contract.pdf"}))


def plan(**more: Any) -> Plan:
    people = [
        {"id": "dana", "name": "Dana Whitfield", "side": "buyer"},
        {"id": "tom", "name": "Tom Okafor", "side": "seller"},
    ]
    return Plan.model_validate(
        {"title": "T", "buyer": {"name": "B"}, "go_live": {"date": "2027-03-01"}, "stakeholders": people, **more}
    )


def people(access: RoomAccess) -> dict[str, PersonAccess]:
    return {one.id: one for one in access.people}


def test_revoking_advances_the_keys_of_what_the_person_could_read() -> None:
    once = revoke(plan(), RoomAccess(), "dana", TODAY, FILES)
    assert once.epoch == 2
    assert once.kept == {"report.pdf": 1, "terms.pdf": 1}
    assert people(once)["dana"] == PersonAccess(id="dana", revoked=TODAY)


def test_a_file_that_was_kept_keeps_its_epoch_until_someone_who_could_read_it_goes() -> None:
    access = RoomAccess(
        epoch=4, kept={"report.pdf": 2, "terms.pdf": 3, "gone.pdf": 1}, people=(PersonAccess(id="tom"),)
    )
    after = revoke(plan(), access, "tom", TODAY, Files(FILES.every, frozenset({"terms.pdf"})))
    assert (after.epoch, after.kept) == (5, {"contract.pdf": 4, "report.pdf": 2})


def test_the_shared_passphrase_changes_with_the_first_who_goes() -> None:
    shared = plan(access={"shared": "true"})
    assert revoke(shared, RoomAccess(), "dana", TODAY, FILES).shared == SharedAccess(epoch=2)
    assert revoke(plan(), RoomAccess(), "dana", TODAY, FILES).shared == SharedAccess()


def test_who_is_let_in_again_gets_new_words_and_no_epoch_goes_down() -> None:
    revoked = revoke(plan(), RoomAccess(), "dana", TODAY, FILES)
    again = grant(plan(), revoked, "dana", Wishes())
    assert people(again)["dana"] == PersonAccess(id="dana", epoch=2)
    assert again.epoch == revoked.epoch
    twice = revoke(plan(), again, "dana", TODAY, FILES)
    assert (twice.epoch, people(twice)["dana"].epoch) == (3, 2)


def test_an_end_can_be_moved_and_taken_away() -> None:
    until = grant(plan(), RoomAccess(), "dana", Wishes(expires=TODAY))
    later = grant(plan(), until, "dana", Wishes(expires=date(2027, 1, 1)))
    assert people(later)["dana"] == PersonAccess(id="dana", expires=date(2027, 1, 1))
    assert people(grant(plan(), later, "dana", Wishes(forever=True)))["dana"] == PersonAccess(id="dana")


def test_granting_what_a_buyer_has_anyway_changes_nothing() -> None:
    assert grant(plan(), RoomAccess(), "dana", Wishes()) == RoomAccess()


def test_rotating_renews_one_or_everyone() -> None:
    one = rotate(plan(), RoomAccess(), "dana", FILES)
    assert (one.epoch, people(one)["dana"].epoch) == (2, 2)
    everyone = rotate_all(plan(), one, TODAY)
    assert (everyone.epoch, everyone.kept, people(everyone)["dana"].epoch) == (3, {}, 3)
    assert "tom" not in people(everyone)


@pytest.mark.parametrize("person", ["nobody", "tom"])
def test_only_who_has_access_can_lose_it(person: str) -> None:
    with pytest.raises(Problem):
        revoke(plan(), RoomAccess(), person, TODAY, FILES)


@pytest.mark.parametrize("person", ["dana", "Ines Roth", "shared"])
def test_a_guest_needs_an_id_of_their_own(person: str) -> None:
    with pytest.raises(Problem):
        grant(plan(), RoomAccess(), person, Wishes(name="Ines Roth"))


WRITTEN = """\
# Ours since May.
epoch: 2  # Marcus left

people:
  # Legal asked for her.
  - {id: counsel, name: Ines Roth, expires: 2027-01-31}  # until signature
  - {id: marcus, revoked: 2026-10-01}
"""


def read(text: str) -> RoomAccess:
    access, found = validate(RoomAccess, parse(text, "access.yml"))
    assert access is not None, found
    return access


def test_comments_and_order_stay() -> None:
    before = read(WRITTEN)
    after = revoke(plan(), before, "dana", TODAY, FILES)
    assert (
        changed_text(WRITTEN, before, after)
        == """\
# Ours since May.
epoch: 3  # Marcus left

kept:
  report.pdf: 2
  terms.pdf: 2
people:
  # Legal asked for her.
  - {id: counsel, name: Ines Roth, expires: 2027-01-31}  # until signature
  - {id: marcus, revoked: 2026-10-01}
  - {id: dana, revoked: 2026-11-23}
"""
    )


@pytest.mark.parametrize("text", ["", WRITTEN], ids=["no file", "a file"])
def test_what_is_written_says_what_was_meant(text: str) -> None:
    before = read(text) if text else RoomAccess()
    after = before.model_copy(
        update={
            "epoch": 7,
            "kept": {"files/a: b.pdf": 3, "on": 2},
            "people": (*before.people, PersonAccess(id="1e3", name="No", words=9), PersonAccess(id="no", epoch=2)),
            "shared": SharedAccess(epoch=2),
        }
    )
    assert read(changed_text(text, before, after)) == after


def test_a_file_that_a_program_would_damage_is_left_to_its_writer() -> None:
    text = "people:\n  # first\n  - {id: dana}  # flow\n  - id: tom\n    name: Tom\n"
    before = read(text)
    with pytest.raises(Problem, match="cannot change safely"):
        changed_text(text, before, before.model_copy(update={"epoch": 2}))
