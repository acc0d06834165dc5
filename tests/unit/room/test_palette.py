from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dealroom.room.palette import PAIRS, contrast, palette
from dealroom.room.palette_cache import cached_palette

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def unreadable(brand: str, accent: str | None = None, paper: str | None = None) -> list[tuple[str, str]]:
    """The pairs of a palette, text and ground, that have less contrast than WCAG 2.2 AA asks for."""
    made = palette(brand, accent, paper)
    return [
        (text, ground)
        for tokens in (made.light, made.dark)
        for text, ground, needed in PAIRS
        if contrast(tokens[text], tokens[ground]) < needed
    ]


@pytest.mark.parametrize("brand", ["#0b6470", "#ffdd00", "#ffffff", "#000000", "#808080", "#ff0000", "#00ff00"])
def test_every_pair_is_readable(brand: str) -> None:
    assert unreadable(brand) == []


# Shrinking takes minutes, and a colour is as good as another.
@settings(max_examples=8, phases=[Phase.generate])
@given(COLOURS, COLOURS, COLOURS)
def test_every_pair_is_readable_whatever_the_brand(brand: str, accent: str, paper: str) -> None:
    assert unreadable(brand, accent, paper) == []


def test_the_brand_itself_is_kept_where_it_fills_an_area() -> None:
    assert palette("#0b6470").light["brand"] == "#0b6470"


def test_the_bars_of_a_red_brand_do_not_look_late() -> None:
    assert contrast(palette("#d01010").light["bar"], palette("#0b6470").light["late-mark"]) != 1
    assert palette("#d01010").light["bar"] != palette("#d01010").light["brand-mark"]
    assert palette("#0b6470").light["bar"] == palette("#0b6470").light["brand-mark"]


def test_dark_paper_is_lightened() -> None:
    assert unreadable("#0b6470", paper="#000000") == []


def test_a_palette_is_kept_and_taken_from_where_it_was_kept(tmp_path: Path) -> None:
    made = cached_palette("#0b6470", None, None, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(json.dumps({"light": {**made.light, "page": "#123456"}, "dark": dict(made.dark)}))
    assert cached_palette("#0b6470", None, None, tmp_path).light["page"] == "#123456"


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    made = cached_palette("#0b6470", None, None, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text("{")
    assert cached_palette("#0b6470", None, None, tmp_path) == made
