"""What `dealroom theme` says of themes, and writes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.room.contrast_sheet import contrast_sheet
from dealroom.room.palette import adjustments, contrast, palette
from dealroom.room.theme import load_theme
from dealroom.room.theme_report import report_on
from dealroom.room.theme_starter import write_starter


def theme_of(folder: Path, settings: str) -> Path:
    (folder / "harbour").mkdir()
    (folder / "harbour" / "theme.yml").write_text(settings, "utf-8")
    return folder


@pytest.mark.parametrize("brand", ["#0b6470", "#ffd400", "#f5f5f5", "#111111"])
def test_what_was_adjusted_is_what_the_palette_has(brand: str) -> None:
    made = palette(brand)
    for each in adjustments(brand):
        tokens = made.light if each.scheme == "light" else made.dark
        assert tokens[each.token] == each.now != each.was
        assert contrast(each.was, tokens[each.ground]) < each.needed or each.was != each.now


def test_a_pale_brand_is_adjusted_where_it_is_text() -> None:
    assert ("light", "buyer") not in {(each.scheme, each.token) for each in adjustments("#f5f5f5")}
    assert {(each.scheme, each.needed) for each in adjustments("#f5f5f5")} <= {("light", 4.5), ("light", 3.0)} | {
        ("dark", 4.5),
        ("dark", 3.0),
    }


def test_a_theme_of_a_colour_alone_is_sound(tmp_path: Path) -> None:
    report = report_on(load_theme(theme_of(tmp_path, "colours: {brand: '#ffd400'}"), "harbour"))
    assert report.is_sound
    assert {size.kind for size in report.sizes if size.fits} == {"styles", "fonts", "images"}


@pytest.mark.parametrize("name", ["tessellate", "marlow-finch", "halyard"])
def test_the_examples_are_sound_and_small(name: str) -> None:
    report = report_on(load_theme(Path("themes"), name))
    assert (report.is_sound, report.findings) == (True, ())
    assert all(size.fits for size in report.sizes)


def test_a_token_that_makes_text_hard_to_read_is_told(tmp_path: Path) -> None:
    report = report_on(load_theme(theme_of(tmp_path, "tokens: {text-soft: '#bbbbbb'}"), "harbour"))
    low = {(pair.scheme, pair.text) for pair in report.pairs if not pair.meets}
    assert low == {("light", "text-soft")}
    assert 'class="tile low"' in contrast_sheet([report])


@pytest.mark.parametrize("title", ["Northbay", 'North "Bay" & <Sons> \\ 北', "$5 {a}"])
def test_the_starter_is_a_theme_without_faults(tmp_path: Path, title: str) -> None:
    written = write_starter(tmp_path, "northbay", "#0b6470", title, "de")
    assert {file.relative_to(tmp_path).as_posix() for file in written} == {
        "northbay/logo.svg",
        "northbay/styles.css",
        "northbay/templates/room.html",
        "northbay/texts/de.yml",
        "northbay/theme.yml",
    }
    theme = load_theme(tmp_path, "northbay")
    assert (theme.diagnostics, report_on(theme).is_sound) == ((), True)


@pytest.mark.parametrize(("name", "brand"), [("North Bay", "#123456"), ("base", "#123456"), ("northbay", "teal")])
def test_the_starter_takes_no_name_or_colour_that_cannot_be_used(tmp_path: Path, name: str, brand: str) -> None:
    with pytest.raises(Problem):
        write_starter(tmp_path, name, brand, "Northbay")
    assert list(tmp_path.iterdir()) == []
