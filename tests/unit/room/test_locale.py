from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from dealroom.room.locale import TEXTS_FOLDER, load_locale

DAY = date(2027, 3, 1)
TEMPLATES = TEXTS_FOLDER.parent / "templates"
CODE = TEXTS_FOLDER.parent.parent / "room"


@pytest.mark.parametrize(
    ("lang", "text", "short"),
    [
        ("en", "March 1, 2027", "Mar 1"),
        ("en-GB", "1 March 2027", "1 Mar"),
        ("en-gb", "1 March 2027", "1 Mar"),
        ("de", "1. März 2027", "1. März"),
        ("xx", "March 1, 2027", "Mar 1"),
    ],
)
def test_a_day_is_written_as_people_of_the_language_write_it(lang: str, text: str, short: str) -> None:
    day = load_locale(lang).day(DAY)
    assert (day.iso, day.text, day.short) == ("2027-03-01", text, short)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 KB"), (2_440_000, "2.4 MB"), (999_700, "1 MB"), (24_400_000, "24 MB")],
)
def test_a_size_is_what_phones_show(count: int, text: str) -> None:
    assert load_locale("en").size(count) == text


def test_a_number_chooses_its_form() -> None:
    locale = load_locale("en")
    assert [locale.plural("pages.minutes", number) for number in (1, 2)] == ["1 minute to read", "2 minutes to read"]


def test_a_role_without_a_text_is_said_in_its_own_words() -> None:
    locale = load_locale("en")
    assert locale.named("role", "economic-buyer") == "Economic buyer"
    assert locale.named("role", "head-of_fleet") == "Head of fleet"


def test_a_theme_may_say_it_differently() -> None:
    assert load_locale("en", {"next.title": "What happens next"}).text("next.title") == "What happens next"


def test_arabic_runs_from_right_to_left() -> None:
    assert load_locale("ar").direction == "rtl"


def test_every_text_that_is_asked_for_is_there_and_every_text_there_is_used() -> None:
    texts = set(json.loads((TEXTS_FOLDER / "en.json").read_text("utf-8")))
    sources = "".join(path.read_text("utf-8") for path in [*TEMPLATES.rglob("*.html"), *CODE.glob("*.py")])
    asked = set(re.findall(r"texts\[[\"']([\w.-]+)[\"']\]", sources))
    assert asked <= texts
    # Put together from a kind and a word of the plan, or filled in by the browser.
    composed = ("client.", "state.", "criterion.", "role.", "kind.", "pages.minutes.")
    asked |= {"milestone.committed", "milestone.computed", "milestone.after-go-live"}
    assert {text for text in texts - asked if not text.startswith(composed)} == set()


def test_the_browser_finds_each_of_its_texts() -> None:
    texts = {key.removeprefix("client.") for key in load_locale("en").texts if key.startswith("client.")}
    sources = "".join(
        path.read_text("utf-8") for path in Path("dealroom/client/src/room").glob("*.ts") if ".test." not in path.name
    )
    for key in re.findall(r"wording\.say\(\"(\w+)\"", sources):
        assert key in texts
    for key in re.findall(r"wording\.count\(\"(\w+)\"", sources):
        assert {f"{key}.one", f"{key}.other"} <= texts
