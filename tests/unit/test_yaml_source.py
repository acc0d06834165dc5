"""What a person typed reaches the model as they typed it, and every value knows its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.yaml_source import Source, parse, read


def codes(source: Source) -> list[str]:
    return [found.code for found in source.diagnostics]


@pytest.mark.parametrize(
    "typed",
    ["no", "NO", "on", "yes", "true", "1e3", "0x1F", "012", "4.10", "12:30", "2027-03-01", ".inf", "1_000", "=", "!x"],
)
def test_a_scalar_stays_as_it_was_typed(typed: str) -> None:
    quoted = f'"{typed}"' if typed.startswith("!") else typed
    assert parse(f"country: {quoted}\n", "x.yml").data == {"country": typed}


@pytest.mark.parametrize("key", ["on", "no", "1", "null", "~", "2027-03-01"])
def test_a_key_stays_as_it_was_typed(key: str) -> None:
    assert parse(f"{key}: here\n", "x.yml").data == {key: "here"}


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL", "# a comment"])
def test_nothing_is_none(nothing: str) -> None:
    assert parse(f"a: {nothing}\nb: x\n", "x.yml").data == {"a": None, "b": "x"}


@pytest.mark.parametrize("text", ["''", '"~"', "'null'", '"null"', "!!str null"])
def test_a_quoted_null_is_a_text(text: str) -> None:
    assert parse(f"a: {text}\n", "x.yml").data != {"a": None}


def test_blocks_of_text_keep_their_lines() -> None:
    text = "literal: |\n  one\n  two\nfolded: >-\n  one\n  two\n"
    assert parse(text, "x.yml").data == {"literal": "one\ntwo\n", "folded": "one two"}


def test_aliases_and_merge_keys_work() -> None:
    text = """\
owners: &both {buyer: dana, seller: tom}
first: {<<: *both, seller: priya}
second: {<<: [{buyer: ana}, *both]}
third: {'<<': plain}
"""
    data = parse(text, "x.yml").data
    assert data == {
        "owners": {"buyer": "dana", "seller": "tom"},
        "first": {"buyer": "dana", "seller": "priya"},
        "second": {"buyer": "ana", "seller": "tom"},
        "third": {"<<": "plain"},
    }


def test_a_merged_value_has_the_place_where_it_is_written() -> None:
    source = parse("base: &base {buyer: dana}\nowners: {<<: *base, seller: tom}\n", "x.yml")
    assert source.place(("owners", "buyer")).line == 1
    assert source.place(("owners", "seller")).line == 2


def test_places_count_characters_from_one() -> None:
    source = parse('title: "Müller 🚢"\npeople:\n  - {id: dana, name: Dana}\n', "x.yml")
    name = source.place(("people", 0, "name"))
    assert (name.file, name.line, name.column, name.end_column) == ("x.yml", 3, 22, 26)
    assert name.text[21:25] == "Dana"
    key = source.place(("people", 0, "name"), key=True)
    assert (key.line, key.column, key.end_column) == (3, 16, 20)


def test_the_place_of_what_is_not_there_is_that_of_what_holds_it() -> None:
    source = parse("a:\n  b: [1, 2]\n", "x.yml")
    assert source.place(("a", "b", 7, "c")) == source.place(("a", "b"))
    assert source.place(("a", "b", "word")) == source.place(("a", "b"))


def test_places_are_found_again_after_they_were_forgotten() -> None:
    source = parse("a: 1\nb: 2\n", "x.yml")
    before = source.place(("b",))
    source.forget_places()
    assert source.place(("b",)) == before


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_every_line_end_counts(line_end: str) -> None:
    source = parse(line_end.join(["a: 1", "b: 2", "b: 3", ""]), "x.yml")
    assert codes(source) == ["duplicate-key"]
    assert source.diagnostics[0].place.line == 3
    assert source.diagnostics[0].place.text == "b: 3"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_bytes(b"\xef\xbb\xbftitle: x\n")
    source = read(file, "x.yml")
    assert source.data == {"title": "x"}
    assert source.place(("title",)).column == 8


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    source = read(tmp_path / "gone.yml", "gone.yml")
    assert codes(source) == ["unreadable-file"]
    assert source.data is None


def test_a_file_of_the_size_limit_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("a: " + "x" * (1_000_000 - 3))
    assert codes(read(file, "x.yml")) == []
    file.write_text("a: " + "x" * (1_000_000 - 2))
    assert codes(read(file, "x.yml")) == ["too-large"]


def test_many_aliases_of_small_values_are_no_bomb() -> None:
    text = "a: &a [x, y]\nb: [" + "*a, " * 3_000 + "]\n"
    assert codes(parse(text, "x.yml")) == []


def test_findings_before_a_syntax_error_are_told_too() -> None:
    assert codes(parse("a: 1\na: 2\nb: [\n", "x.yml")) == ["duplicate-key", "syntax"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_has_a_finding_inside_it(text: str) -> None:
    source = parse(text, "x.yml")
    assert source.data is not None or source.diagnostics
    for found in source.diagnostics:
        place = found.place
        if place.line is not None and place.column is not None:
            assert place.column <= len(place.text) + 1


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_have_a_finding(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yml"
    file.write_bytes(raw)
    source = read(file, "any.yml")
    assert source.data is not None or source.diagnostics
