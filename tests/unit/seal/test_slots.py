from __future__ import annotations

from dataclasses import replace

import pytest

from dealroom.seal.access import Person
from dealroom.seal.descriptor import Slot
from dealroom.seal.errors import CannotSeal, DamagedRoom
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.slots import SlotContent, Way, make_slots, open_slot, slot_keys

KEY = WorkspaceKey(bytes(range(32)))
ROOM = "room"

Listed = tuple[Way, bytes, SlotContent]


def secret(number: int) -> bytes:
    return KEY.derive("test secret", number)


def content(name: str = "Dana Whitfield", view: int = 1) -> SlotContent:
    return SlotContent(bytes([view]) * 32, b"d" * 32, b"s" * 32, b"r" * 32, Person("dana", name, "buyer"))


def people(count: int) -> list[Listed]:
    return [("link", secret(number), content()) for number in range(count)]


def opened(slots: tuple[Slot, ...], nonce: bytes, listed: Listed) -> SlotContent:
    slot_id, box_key = slot_keys(listed[1], listed[0], ROOM, 1, nonce)
    return open_slot(next(slot for slot in slots if slot.id == slot_id), box_key, ROOM, 1)


def test_each_credential_opens_its_slot_and_no_other() -> None:
    listed: list[Listed] = [("link", secret(1), content("Dana")), ("passphrase", secret(1), content("Tom"))]
    nonce, slots = make_slots(KEY, ROOM, 1, listed)
    assert [opened(slots, nonce, one).person.name for one in listed] == ["Dana", "Tom"]
    own, box_key = slot_keys(secret(1), "link", ROOM, 1, nonce)
    for slot in slots:
        if slot.id != own:
            with pytest.raises(DamagedRoom):
                open_slot(slot, box_key, ROOM, 1)


@pytest.mark.parametrize(("used", "slots"), [(0, 16), (1, 16), (16, 16), (17, 32), (33, 64)])
def test_people_cannot_be_counted(used: int, slots: int) -> None:
    _, made = make_slots(KEY, ROOM, 1, people(used))
    assert len(made) == slots
    assert len({slot.id for slot in made}) == slots
    assert [slot.id for slot in made] == sorted(slot.id for slot in made)


@pytest.mark.parametrize(
    ("name", "size"), [("", 256), ("Dana Whitfield", 256), ("N" * 60, 256), ("N" * 80, 512), ("🔒" * 200, 1024)]
)
def test_boxes_have_one_size_whatever_the_name(name: str, size: int) -> None:
    listed: list[Listed] = [("link", secret(1), content(name)), ("link", secret(2), content())]
    nonce, slots = make_slots(KEY, ROOM, 1, listed)
    assert {len(slot.box) for slot in slots} == {size}
    assert opened(slots, nonce, listed[0]).person.name == name


def test_a_name_that_does_not_fit_is_told() -> None:
    with pytest.raises(CannotSeal, match="the name of `dana` is too long"):
        make_slots(KEY, ROOM, 1, [("link", secret(1), content("N" * 1000))])


def test_two_people_with_one_passphrase_are_told() -> None:
    with pytest.raises(CannotSeal, match="two people have the same passphrase"):
        make_slots(KEY, ROOM, 1, [("passphrase", secret(1), content()), ("passphrase", secret(1), content("Tom"))])


def test_the_order_of_people_makes_no_difference() -> None:
    assert make_slots(KEY, ROOM, 1, people(5)) == make_slots(KEY, ROOM, 1, people(5)[::-1])


@pytest.mark.parametrize(
    "after",
    [
        [*people(3)[:2], ("link", secret(2), replace(content(), view_key=b"2" * 32))],
        people(2),
        people(4),
    ],
    ids=["another view", "one less", "one more"],
)
def test_a_change_of_one_slot_changes_all_dummies_too(after: list[Listed]) -> None:
    before = make_slots(KEY, ROOM, 1, people(3))[1]
    changed = make_slots(KEY, ROOM, 1, after)[1]
    assert not {slot.id for slot in before} & {slot.id for slot in changed}
    assert not {slot.box for slot in before} & {slot.box for slot in changed}


def test_people_who_swap_their_secrets_get_new_boxes() -> None:
    one, other = content("Dana"), content("Tom")
    before = make_slots(KEY, ROOM, 1, [("link", secret(1), one), ("link", secret(2), other)])
    after = make_slots(KEY, ROOM, 1, [("link", secret(2), one), ("link", secret(1), other)])
    assert before[0] != after[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda slot: replace(slot, box=slot.box[:-1]),
        lambda slot: replace(slot, box=b""),
        lambda slot: replace(slot, id=bytes(16)),
        lambda slot: replace(slot, box=slot.box[:100] + bytes([slot.box[100] ^ 1]) + slot.box[101:]),
    ],
    ids=["shorter", "empty", "another id", "a bit flipped"],
)
def test_a_changed_slot_is_damaged(change: object) -> None:
    assert callable(change)
    nonce, slots = make_slots(KEY, ROOM, 1, people(1))
    slot_id, box_key = slot_keys(secret(0), "link", ROOM, 1, nonce)
    slot = next(slot for slot in slots if slot.id == slot_id)
    with pytest.raises(DamagedRoom):
        open_slot(change(slot), box_key, ROOM, 1)
