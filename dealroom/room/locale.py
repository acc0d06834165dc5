"""The reader's language: the texts of the interface, and how dates and sizes are written.

Texts are in `theme/texts/LANG.json`, one file a language; what `de-AT` lacks is taken from `de`, and what that lacks
from English. Dates come from Babel, which has the forms of every language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from dealroom.room.values import Day

if TYPE_CHECKING:
    import babel

DEFAULT_LANG = "en"
TEXTS_FOLDER = Path(__file__).parent.parent / "theme" / "texts"

# Texts by key, by language tag.
Texts = Mapping[str, Mapping[str, str]]
NO_TEXTS: Texts = MappingProxyType({})

# What the browser's code says by itself, before and beside the opened page; it has the English words built in.
_BROWSER_KINDS = ("unlock.", "file.", "remember.")

# CLDR's plural categories: a text that counts has a form for each that its language tells apart.
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})

# No month has this number, and no language pads it.
_SAMPLE_DAY = 28

# The days of ten years: more than one build shows.
_REMEMBERED_DAYS = 4_000

# What a text is filled in with that is neither a number nor a day.
_NAMED = re.compile(
    r"\{(?:person|people|buyer|seller|host|title|milestone|name|step|query|value|baseline|current|target)\}"
)

_UNIT = 1000
_UNITS = ("size.b", "size.kb", "size.mb", "size.gb")
# 2.4 MB and 24 MB: two figures are what people compare by.
_ONE_DECIMAL_BELOW = 10


# Languages that are kept, each with the texts of a theme.
_KEPT_LOCALES = 64


# One object for each language and its texts, so that what follows from it can be remembered with it.
@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """`texts` by key (`timeline.title`), for one language. `lang` is as for `<html lang>`: `en`, `en-GB`, `pt-BR`.

    `missing` are the keys whose text is in another language, because this one has none.
    """

    lang: str
    texts: Mapping[str, str]
    missing: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        return str(_babel(self.lang).text_direction)

    def text(self, key: str, **values: object) -> str:
        """The text of `key`, with `{name}` replaced by its value."""
        template = self.texts[key]
        return template.format_map(values) if values else template

    def plural(self, key: str, number: int, **values: object) -> str:
        """The form of `key` for a number: `key.one`, `key.other` and what else the language has."""
        form = _babel(self.lang).plural_form(number)
        return self.text(f"{key}.{form}" if f"{key}.{form}" in self.texts else f"{key}.other", n=number, **values)

    def named(self, kind: str, id: str) -> str:
        """What an id such as the role `economic-buyer` is called: its text, else its own words."""
        text = self.texts.get(f"{kind}.{id}")
        return text if text is not None else re.sub(r"[-_]", " ", id).capitalize()

    def day(self, day: date) -> Day:
        return _day(self.lang, day)

    def month(self, day: date) -> str:
        return _month(self.lang, day)

    def short_days(self) -> tuple[str, ...]:
        """How a day of each month is written shortly, its number as `{d}`: `{d} Jan`, `{d} Feb` …"""
        return _short_days(self.lang)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, format="#,##0.#", locale=_babel(self.lang))

    def percent(self, share: float) -> str:
        """A share from 0 to 1, in whole percent, as the language writes it: `86%`, `86 %`."""
        from babel.numbers import format_percent

        return format_percent(share, locale=_babel(self.lang))

    def size(self, count: int) -> str:
        """A file's size as people write it: `740 KB`, `2.4 MB`. Decimal units, as phones and browsers show."""
        value, unit = float(count), 0
        while round(value) >= _UNIT and unit < len(_UNITS) - 1:
            value, unit = value / _UNIT, unit + 1
        shown = self.number(round(value, 1) if unit and value < _ONE_DECIMAL_BELOW else round(value))
        return self.text(_UNITS[unit], n=shown)


def load_locale(lang: str | None, overrides: Texts = NO_TEXTS) -> Locale:
    """The locale of a language tag. `overrides` are a theme's and a workspace's texts, in any languages.

    An unknown language has the texts that `overrides` have for it, else English ones, and if Babel knows it, its
    own dates.
    """
    own = tuple((name, tuple(sorted(texts.items()))) for name, texts in sorted(overrides.items()))
    return _locale(canonical(lang or DEFAULT_LANG), own)


@lru_cache(maxsize=_KEPT_LOCALES)
def browser_texts(locale: Locale) -> str:
    """What the browser's code says in other words than its own, as JSON that is safe inside a page."""
    english = _texts(DEFAULT_LANG)
    own = {
        key: text
        for key, text in sorted(locale.texts.items())
        if key.startswith(_BROWSER_KINDS) and text != english.get(key)
    }
    return json.dumps(own, ensure_ascii=False).replace("<", "\\u003c")


def canonical(tag: str) -> str:
    """A language tag as it is usually written: `en-GB`, `zh-Hant-TW` (RFC 5646, section 2.1.1)."""
    language, *others = tag.replace("_", "-").split("-")
    sizes = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(sizes.get(len(part), str.lower)(part) for part in others)])


def lookup(tag: str) -> tuple[str, ...]:
    """The tags whose texts a language takes, the most general first: `zh`, `zh-Hant`, `zh-Hant-TW`."""
    parts = tag.split("-")
    return tuple("-".join(parts[: number + 1]) for number in range(len(parts)))


def shipped() -> tuple[str, ...]:
    """The languages that dealroom itself has texts for."""
    return tuple(sorted(file.stem for file in TEXTS_FOLDER.glob("*.json")))


def language_name(tag: str) -> str:
    """What a language is called in English, `German`; a tag that nobody knows stays as it is."""
    import babel

    try:
        return babel.Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, babel.UnknownLocaleError):
        return tag


@lru_cache(maxsize=_KEPT_LOCALES)
def _locale(tag: str, overrides: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> Locale:
    changed = {canonical(name): dict(texts) for name, texts in overrides}
    own = {key: text for name in lookup(tag) for key, text in [*_texts(name).items(), *changed.get(name, {}).items()]}
    others = {key: text for texts in changed.values() for key, text in texts.items()}
    fallback = {**others, **_texts(DEFAULT_LANG), **changed.get(DEFAULT_LANG, {})}
    missing = tuple(key for key in fallback if key not in own and not _counts_otherwise(key, own))
    texts = {**{key: fallback[key] for key in missing}, **own}
    if _babel(tag).text_direction == "rtl":
        texts = {key: _isolated(text) for key, text in texts.items()}
    return Locale(tag, texts, missing)


def _isolated(text: str) -> str:
    """A text in which the names that are filled in keep their own direction, between Unicode's isolates.

    Numbers and days need none, and would change their order.
    """
    return _NAMED.sub("\u2068\\g<0>\u2069", text)


def _counts_otherwise(key: str, texts: Mapping[str, str]) -> bool:
    """Whether `key` is a plural's form that this language does not tell apart."""
    counted, _, form = key.rpartition(".")
    return form in PLURAL_FORMS and f"{counted}.other" in texts


@cache
def _texts(lang: str) -> Mapping[str, str]:
    file = TEXTS_FOLDER / f"{lang}.json"
    texts: Mapping[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return texts


@cache
def _babel(lang: str) -> babel.Locale:
    """What Babel knows of the language, or of the nearest that it knows: `de` for a `de-XX`."""
    return next(_known(lang))


def _known(lang: str) -> Iterator[babel.Locale]:
    import babel

    for tag in (*reversed(lookup(lang)), DEFAULT_LANG):
        try:
            yield babel.Locale.parse(tag, sep="-")
        except (ValueError, babel.UnknownLocaleError):
            continue


@lru_cache(maxsize=_REMEMBERED_DAYS)
def _day(lang: str, day: date) -> Day:
    from babel.dates import format_date, format_skeleton

    locale = _babel(lang)
    return Day(
        iso=day.isoformat(),
        text=format_date(day, "long", locale),
        short=format_skeleton("MMMd", day, locale=locale),
    )


@lru_cache(maxsize=32)
def _short_days(lang: str) -> tuple[str, ...]:
    days = (_day(lang, date(2001, month, _SAMPLE_DAY)).short for month in range(1, 13))
    return tuple(short.replace(str(_SAMPLE_DAY), "{d}") for short in days)


@lru_cache(maxsize=_REMEMBERED_DAYS)
def _month(lang: str, day: date) -> str:
    from babel.dates import get_month_names

    # The names used within dates: those that stand alone are aliases in many languages, and Babel 2.18 resolves an
    # alias for the language that asks first, and then hands its names to all others.
    return str(get_month_names("abbreviated", "format", _babel(lang))[day.month])
