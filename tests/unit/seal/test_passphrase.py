from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.seal.errors import WeakPassphrase
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.passphrase import check_strength, generate, normalise, word_list


def test_the_list_is_the_one_that_passphrases_in_use_come_from() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 7776
    digest = hashlib.sha256("\n".join([*words, ""]).encode()).hexdigest()
    assert digest == "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522"


def test_words_come_from_13_bits_each() -> None:
    numbers = [0, 7775, 1, 2, 3, 4]
    stream = b"".join(number.to_bytes(2, "big") for number in numbers)
    assert generate(lambda _: stream).split() == [word_list()[number] for number in numbers]


def test_draws_beyond_the_list_are_thrown_away() -> None:
    # 7776 and 8191 would favour the first words if they wrapped around; the upper three bits count for nothing.
    stream = b"".join(number.to_bytes(2, "big") for number in (7776, 8191, 0xFFFF, 0xE000, 5, 5, 5, 5, 5))
    assert generate(lambda _: stream).split() == [word_list()[0], *[word_list()[5]] * 5]


def test_a_stream_goes_on_as_long_as_it_must() -> None:
    blocks = [b"\xff\xff" * 3, b"\x00\x01" * 3, b"\x00\x02" * 3]
    assert generate(lambda block: blocks[block], 5).split() == [word_list()[number] for number in (1, 1, 1, 2, 2)]


def test_every_word_is_as_likely() -> None:
    key = WorkspaceKey(bytes(32))
    words = generate(lambda block: key.derive("test", block, size=8000), 77_760).split()
    counts = Counter(words)
    # 10 of each are expected; with chance alone, fewer than 1 in 10,000 words is missing, and none is seen 40 times.
    assert len(counts) > 7770
    assert max(counts.values()) < 40


@given(st.text(max_size=50))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    "typed", ["Yo-Yo Felt-Tip", "yo yo felt tip", "  YO–YO\u00a0felt\u2011tip ", "ｙｏ ｙｏ ｆｅｌｔ ｔｉｐ"]
)
def test_the_looks_of_a_passphrase_do_not_count(typed: str) -> None:
    assert normalise(typed) == "yo yo felt tip"


@pytest.mark.parametrize(
    "chosen", ["harbour2027", "password password password", "correcthorse", "Dana Whitfield 1984", "", "   "]
)
def test_a_passphrase_that_would_be_guessed_is_refused(chosen: str) -> None:
    with pytest.raises(WeakPassphrase) as caught:
        check_strength(chosen, known=("Dana", "Whitfield", "Harbour Foods"))
    assert chosen.strip() == "" or chosen not in f"{caught.value.message} {caught.value.hint}"


def test_the_reason_is_given_where_there_is_one() -> None:
    with pytest.raises(WeakPassphrase, match="too easy to guess: this is a top-10 common password"):
        check_strength("password")


def test_a_passphrase_as_strong_as_the_floor_is_taken() -> None:
    check_strength("tidal wombat ledger quince")
    check_strength("tidal wombat ledger quince " * 20)


def test_a_passphrase_that_nobody_types_is_refused() -> None:
    with pytest.raises(WeakPassphrase, match="too long"):
        check_strength("tidal wombat ledger quince " * 50)
