from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.seal.content import packed, unpacked
from dealroom.seal.encoding import padme
from dealroom.seal.errors import CannotSeal, DamagedRoom
from dealroom.seal.objects import Place, SealedObject, object_keys, open_object, seal_object
from dealroom.seal.stream import CHUNK_SIZE, TAG_SIZE, encrypt, rechunk

SECRET = bytes(range(32))
PLACE = Place("room", 1, "file")


def sealed_bytes(sealed: SealedObject) -> bytes:
    return b"".join(sealed.chunks())


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


contents = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda data, times: data * times, st.binary(min_size=1, max_size=40), st.integers(1, 8000)),
)


@given(contents, st.integers(1, 100_000))
def test_what_was_sealed_opens_whatever_the_pieces(content: bytes, size: int) -> None:
    entry, sealed = seal_object(content, SECRET, PLACE)
    data = sealed_bytes(sealed)
    assert len(data) == sealed.size == entry.length
    assert entry.size == len(content)
    assert b"".join(open_object(in_pieces(data, size), entry.key, PLACE, entry.digest)) == content


@given(contents)
def test_equal_content_gives_equal_bytes(content: bytes) -> None:
    (one, first), (other, second) = seal_object(content, SECRET, PLACE), seal_object(content, SECRET, PLACE)
    assert one == other
    assert (first.name, sealed_bytes(first)) == (second.name, sealed_bytes(second))


@pytest.mark.parametrize(
    ("secret", "place", "content"),
    [
        (bytes(32), PLACE, b"content"),
        (SECRET, Place("another", 1, "file"), b"content"),
        (SECRET, Place("room", 2, "file"), b"content"),
        (SECRET, Place("room", 1, "view"), b"content"),
        (SECRET, PLACE, b"content."),
    ],
    ids=["secret", "room", "epoch", "kind", "content"],
)
def test_another_secret_place_or_content_gives_another_name_and_bytes(
    secret: bytes, place: Place, content: bytes
) -> None:
    _, sealed = seal_object(b"content", SECRET, PLACE)
    _, other = seal_object(content, secret, place)
    assert sealed.name != other.name
    assert sealed_bytes(sealed) != sealed_bytes(other)


@pytest.mark.parametrize("size", [0, 1, 100, 4079])
def test_short_contents_look_alike(size: int) -> None:
    _, sealed = seal_object(bytes(size), SECRET, PLACE)
    assert sealed.size == 4096 + TAG_SIZE


@pytest.mark.parametrize(("size", "padded"), [(0, 0), (1, 1), (9, 10), (4096, 4096), (4097, 4352), (200_017, 200_704)])
def test_sizes_are_padded_by_padme(size: int, padded: int) -> None:
    assert padme(size) == padded


@given(st.integers(16, 1 << 50))
def test_padding_is_at_most_an_eighth(size: int) -> None:
    assert size <= padme(size) <= size * 1.12 + 1
    assert padme(padme(size)) == padme(size)


def test_what_shrinks_is_compressed(tmp_path: Path) -> None:
    text = b"the same words again and again\n" * 10_000
    path = tmp_path / "notes.txt"
    path.write_bytes(text)
    for source in (text, path):
        entry, sealed = seal_object(source, SECRET, PLACE)
        assert sealed.size == 4096 + TAG_SIZE
        assert entry.size == len(text)


def test_a_file_and_its_bytes_are_sealed_alike(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(bytes(range(256)) * 1000)
    assert seal_object(path, SECRET, PLACE)[0] == seal_object(path.read_bytes(), SECRET, PLACE)[0]


def test_a_large_file_is_sealed_and_opened_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    size = 40 << 20
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    try:
        entry, sealed = seal_object(path, SECRET, PLACE)
        opened = sum(len(chunk) for chunk in open_object(sealed.chunks(), entry.key, PLACE, entry.digest))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert opened == entry.size == size
    # A few blocks of 512 KiB, as they are read and as they are sealed.
    assert peak < 7 << 20


def test_a_file_that_changes_while_it_is_sealed_never_becomes_an_object(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"before")
    entry, sealed = seal_object(path, SECRET, PLACE)
    path.write_bytes(b"behind")
    given_out: list[bytes] = []
    with pytest.raises(CannotSeal, match="changed while it was being sealed"):
        given_out.extend(sealed.chunks())
    assert sum(len(chunk) for chunk in given_out) < entry.length


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gone.pdf"
    with pytest.raises(CannotSeal) as caught:
        seal_object(path, SECRET, PLACE)
    assert caught.value.message == f"cannot read {path}: No such file or directory"


def sealed_plaintext(plaintext: bytes) -> bytes:
    """`plaintext` as it is, sealed with the key that is SECRET."""
    return b"".join(encrypt(rechunk([plaintext], CHUNK_SIZE), object_keys(SECRET, PLACE)[1], PLACE.bound()))


def header(encoding: int, encoded_size: int, size: int) -> bytes:
    return bytes([encoding]) + encoded_size.to_bytes(8, "big") + size.to_bytes(8, "big")


def deflated(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"short",
        header(2, 0, 0),
        header(0, 5, 5) + b"four",
        header(0, 4, 5) + b"four",
        header(0, 4, 3) + b"four",
        header(0, 2**63, 2**63) + b"four",
        header(1, 4, 4) + b"\xff\xff\xff\xff",
        header(1, len(deflated(b"text")) - 1, 4) + deflated(b"text"),
        header(1, len(deflated(b"text")) + 1, 4) + deflated(b"text") + b"\x00",
    ],
    ids=[
        "nothing",
        "no header",
        "an unknown encoding",
        "less than it says",
        "less content than it says",
        "more content than it says",
        "a size beyond all measure",
        "no DEFLATE",
        "DEFLATE cut off",
        "DEFLATE with more behind it",
    ],
)
def test_an_object_that_contradicts_itself_is_damaged(plaintext: bytes) -> None:
    assert_damaged(plaintext)


def test_a_bomb_is_damaged() -> None:
    bomb = deflated(bytes(100 << 20))
    assert_damaged(header(1, len(bomb), 1000) + bomb)


def assert_damaged(plaintext: bytes) -> None:
    """Opening says that it is damaged, and takes little memory to find that."""
    tracemalloc.start()
    try:
        with pytest.raises(DamagedRoom):
            list(open_object([sealed_plaintext(plaintext)], SECRET, PLACE))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_padding_is_verified_before_the_end_is_told() -> None:
    entry, sealed = seal_object(b"x" * 10, SECRET, PLACE)
    plaintext = b"".join(packed(bytes(range(256)) * 2000)())
    assert b"".join(unpacked(rechunk([plaintext], CHUNK_SIZE))) == bytes(range(256)) * 2000
    data = bytearray(sealed_bytes(sealed))
    data[3000] ^= 1
    with pytest.raises(DamagedRoom):
        list(open_object([bytes(data)], entry.key, PLACE))
