from __future__ import annotations

import re

import pytest

from dealroom.seal.access import Person, Terms, credential_for, link_url, room_id
from dealroom.seal.errors import CannotSeal, WeakPassphrase
from dealroom.seal.keys import WorkspaceKey

KEY = WorkspaceKey(bytes(range(32)))
OTHER_KEY = WorkspaceKey(bytes(32))
ROOM = room_id(KEY, "harbour")
DANA = Person("dana", "Dana Whitfield", "buyer")


def test_a_room_is_called_by_24_letters_and_digits_that_tell_nothing() -> None:
    assert re.fullmatch(r"[a-z2-7]{24}", ROOM)
    assert room_id(KEY, "harbour") == ROOM
    assert len({ROOM, room_id(KEY, "harbor"), room_id(OTHER_KEY, "harbour")}) == 3


def test_the_same_person_always_gets_the_same() -> None:
    assert credential_for(KEY, ROOM, DANA, "everyone") == credential_for(KEY, ROOM, DANA, "everyone")


def test_a_credential_is_six_words_a_link_and_a_reply_key() -> None:
    credential = credential_for(KEY, ROOM, DANA, "everyone")
    assert len(credential.passphrase.split()) == 6
    assert len(credential.link_secret) == len(credential.reply_key) == 32
    assert not credential.chosen


def test_a_new_name_or_view_changes_no_secret() -> None:
    before = credential_for(KEY, ROOM, DANA, "everyone")
    after = credential_for(KEY, ROOM, Person("dana", "Dana Whitfield-Roy", "buyer"), "security")
    assert (before.passphrase, before.link_secret) == (after.passphrase, after.link_secret)


@pytest.mark.parametrize(
    "other",
    [
        credential_for(OTHER_KEY, ROOM, DANA, "everyone"),
        credential_for(KEY, room_id(KEY, "meadow"), DANA, "everyone"),
        credential_for(KEY, ROOM, Person("tom", "Dana Whitfield", "buyer"), "everyone"),
        credential_for(KEY, ROOM, DANA, "everyone", Terms(epoch=2)),
        # Whoever has the shared passphrase is nobody whose id happens to be the same.
        credential_for(KEY, ROOM, Person("dana", "Everyone", "shared"), "everyone"),
    ],
    ids=["another key", "another room", "another person", "another epoch", "the shared one"],
)
def test_everything_secret_differs_for(other: object) -> None:
    credential = credential_for(KEY, ROOM, DANA, "everyone")
    for name in ("passphrase", "link_secret", "reply_key"):
        assert getattr(credential, name) != getattr(other, name)


def test_more_words_go_on_where_fewer_end() -> None:
    six = credential_for(KEY, ROOM, DANA, "everyone").passphrase
    eight = credential_for(KEY, ROOM, DANA, "everyone", Terms(words=8)).passphrase
    assert eight.split()[:6] == six.split()
    with pytest.raises(CannotSeal, match="5 words would be guessed"):
        credential_for(KEY, ROOM, DANA, "everyone", Terms(words=5))


def test_a_chosen_passphrase_is_taken_when_it_is_strong() -> None:
    credential = credential_for(KEY, ROOM, DANA, "everyone", Terms(chosen_passphrase="Tidal wombat ledger quince"))
    assert credential.passphrase == "Tidal wombat ledger quince"
    assert credential.chosen


def test_a_passphrase_made_of_the_persons_name_is_weak() -> None:
    with pytest.raises(WeakPassphrase):
        credential_for(KEY, ROOM, DANA, "everyone", Terms(chosen_passphrase="Dana Whitfield 1984"))


def test_a_credential_does_not_show_its_secrets() -> None:
    credential = credential_for(KEY, ROOM, DANA, "everyone")
    assert credential.passphrase not in repr(credential)
    assert repr(credential.link_secret) not in repr(credential)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://rooms.example", "acme", "https://rooms.example/acme/#k="),
        ("https://rooms.example/", "/acme/", "https://rooms.example/acme/#k="),
        ("https://rooms.example/eu", "deals/acme plan", "https://rooms.example/eu/deals/acme%20plan/#k="),
        ("", "acme", "acme/#k="),
    ],
)
def test_the_secret_of_a_link_is_in_its_fragment(base: str, path: str, url: str) -> None:
    assert link_url(base, path, b"\xff" * 32) == url + "_" * 42 + "8"
