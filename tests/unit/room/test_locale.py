from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from dealroom.room.locale import PLURAL_FORMS, TEXTS_FOLDER, browser_texts, language_name, load_locale, shipped
from dealroom.room.texts import placeholders

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
        ("de-AT", "1. März 2027", "1. März"),
        ("de-XX", "1. März 2027", "1. März"),
        ("fr", "1 mars 2027", "1 mars"),
        ("es-MX", "1 de marzo de 2027", "1 mar"),
        ("pt-BR", "1 de março de 2027", "1 de mar."),
        ("ja", "2027年3月1日", "3月1日"),
        ("ar", "1 مارس 2027", "1 مارس"),
        ("xx", "March 1, 2027", "Mar 1"),
    ],
)
def test_a_day_is_written_as_people_of_the_language_write_it(lang: str, text: str, short: str) -> None:
    day = load_locale(lang).day(DAY)
    assert (day.iso, day.text, day.short) == ("2027-03-01", text, short)


def test_months_are_named_in_the_language_whichever_was_asked_before() -> None:
    named = [load_locale(lang).month(DAY) for lang in ("ja", "nl", "ar", "de")]
    assert named == ["3月", "mrt", "مارس", "März"]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 KB"), (2_440_000, "2.4 MB"), (999_700, "1 MB"), (24_400_000, "24 MB")],
)
def test_a_size_is_what_phones_show(count: int, text: str) -> None:
    assert load_locale("en").size(count) == text


def test_a_size_is_in_the_units_of_the_language() -> None:
    assert [load_locale(lang).size(2_440_000) for lang in ("de", "fr")] == ["2,4\xa0MB", "2,4\xa0Mo"]


def test_a_number_chooses_its_form() -> None:
    locale = load_locale("en")
    assert [locale.plural("pages.minutes", number) for number in (1, 2)] == ["1 minute to read", "2 minutes to read"]


def test_arabic_has_six_forms() -> None:
    locale = load_locale("ar")
    forms = {locale.plural("pages.minutes", number) for number in (0, 1, 2, 3, 11)}
    assert len(forms) == 5
    assert locale.plural("pages.minutes", 100) == "100 دقيقة للقراءة"


def test_a_role_without_a_text_is_said_in_its_own_words() -> None:
    locale = load_locale("en")
    assert locale.named("role", "economic-buyer") == "Economic buyer"
    assert locale.named("role", "head-of_fleet") == "Head of fleet"


def test_a_theme_may_say_it_differently() -> None:
    texts = {"en": {"next.title": "What happens next"}}
    assert load_locale("en", texts).text("next.title") == "What happens next"
    assert load_locale("de", texts).text("next.title") == "Nächste Schritte"


def test_a_region_says_differently_only_what_it_has_other_words_for() -> None:
    texts = {"de": {"next.title": "Was ansteht"}, "de-at": {"lock.heading": "Servus"}}
    locale = load_locale("de_AT", texts)
    assert (locale.lang, locale.text("lock.heading")) == ("de-AT", "Servus")
    assert (locale.text("next.title"), locale.text("lock.submit")) == ("Was ansteht", "Raum öffnen")
    assert load_locale("pt-PT").text("kind.file") == "Ficheiro"
    assert load_locale("pt-BR").text("kind.file") == "Arquivo"


def test_a_language_of_the_workspaces_own_has_english_where_it_lacks_a_text() -> None:
    locale = load_locale("nl", {"nl": {"next.title": "Volgende stappen", "pages.minutes.other": "{n} minuten"}})
    assert (locale.text("next.title"), locale.text("lock.submit")) == ("Volgende stappen", "Open the room")
    assert locale.plural("pages.minutes", 1) == "1 minuten"
    assert "lock.submit" in locale.missing
    assert not {"next.title", "pages.minutes.one"} & {*locale.missing}


def test_a_text_that_only_another_language_has_is_better_than_none() -> None:
    locale = load_locale("en", {"de": {"hosts.title": "An Ihrer Seite"}})
    assert (locale.text("hosts.title"), locale.missing) == ("An Ihrer Seite", ("hosts.title",))


def test_the_browser_is_told_what_it_does_not_say_by_itself() -> None:
    assert browser_texts(load_locale("en")) == "{}"
    told = browser_texts(load_locale("de", {"de": {"file.failed": "</script>"}}))
    assert "<" not in told
    assert json.loads(told)["file.failed"] == "</script>"
    assert json.loads(told)["unlock.wrong_passphrase"].startswith("Falsche Passphrase")


def test_the_browser_says_the_same_by_itself() -> None:
    source = Path("dealroom/client/src/texts.ts").read_text("utf-8")
    built_in = dict(re.findall(r'^  "([\w.]+)":\s*"([^"]*)",$', source, re.MULTILINE))
    assert "unlock.wrong_passphrase" in built_in
    assert built_in.items() <= load_locale("en").texts.items()
    assert built_in.keys() <= json.loads(browser_texts(load_locale("de"))).keys()


def test_a_language_has_a_name() -> None:
    assert [language_name(tag) for tag in ("nl", "pt-BR", "xx")] == ["Dutch", "Portuguese (Brazil)", "xx"]


def shape(texts: dict[str, str]) -> dict[str, frozenset[str]]:
    """What a text may be filled with, by its key; the forms of one that counts are one."""
    found: dict[str, frozenset[str]] = {}
    for key, text in texts.items():
        counted, _, form = key.rpartition(".")
        name = counted if form in PLURAL_FORMS else key
        # The forms for none, one and two may say the number in words.
        found[name] = found.get(name, frozenset()) | placeholders(text)
    return found


@pytest.mark.parametrize("lang", [lang for lang in shipped() if "-" not in lang])
def test_every_language_has_every_text_with_the_same_values(lang: str) -> None:
    texts, english = (json.loads((TEXTS_FOLDER / f"{each}.json").read_text("utf-8")) for each in (lang, "en"))
    assert shape(texts) == shape(english)
    assert load_locale(lang).missing == ()
    # What a page counts are days, steps and milestones: no more than some hundreds.
    forms = {Locale.parse(lang).plural_form(number) for number in range(1_000)}
    counted = {key.removesuffix(".other") for key in texts if key.endswith(".other")}
    assert {f"{key}.{form}" for key in counted for form in forms} <= texts.keys()


@pytest.mark.parametrize("lang", [lang for lang in shipped() if "-" in lang])
def test_a_region_has_only_texts_that_its_language_has(lang: str) -> None:
    texts = json.loads((TEXTS_FOLDER / f"{lang}.json").read_text("utf-8"))
    general = load_locale(lang.partition("-")[0]).texts
    assert {key: placeholders(text) for key, text in texts.items()} == {
        key: placeholders(general[key]) for key in texts
    }


def test_arabic_runs_from_right_to_left() -> None:
    assert load_locale("ar").direction == "rtl"


def test_names_in_an_arabic_text_keep_their_own_direction() -> None:
    locale = load_locale("ar")
    assert "\u2068Harbour (EU)\u2069" in locale.text("head.for", buyer="Harbour (EU)")
    assert locale.text("stand.phase", done=3, total=5) == "3/5"


def test_every_text_that_is_asked_for_is_there_and_every_text_there_is_used() -> None:
    texts = set(json.loads((TEXTS_FOLDER / "en.json").read_text("utf-8")))
    sources = "".join(path.read_text("utf-8") for path in [*TEMPLATES.rglob("*.html"), *CODE.glob("*.py")])
    asked = set(re.findall(r"texts\[[\"']([\w.-]+)[\"']\]", sources))
    assert asked <= texts
    # Put together from a kind and a word of the plan, or filled in by the browser.
    composed: tuple[str, ...] = ("client.", "state.", "criterion.", "role.", "kind.", "pages.minutes.", "size.")
    composed += ("unlock.", "file.", "remember.", "lock.remember.", "changes.", "digest.")
    asked |= {"milestone.committed", "milestone.computed", "milestone.after-go-live"}
    agenda = (CODE.parent / "exchange" / "agenda.py").read_text("utf-8")
    named = set(re.findall(r"[\"'](agenda\.\w+)[\"']", agenda))
    asked |= {text for text in texts if text in named or text.rpartition(".")[0] in named}
    assert named <= asked | {"agenda.days"}
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
