"""The reader's language: the texts of the interface, and how dates and sizes are written.

Texts are in `theme/texts/LANG.json`, one file a language; a text that a language lacks is taken from English. Dates
come from Babel, which has the forms of every language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from dealroom.room.content import Day

if TYPE_CHECKING:
    import babel

DEFAULT_LANG = "en"
TEXTS_FOLDER = Path(__file__).parent.parent / "theme" / "texts"

# The days of ten years: more than one build shows.
_REMEMBERED_DAYS = 4_000

_UNIT = 1000
_UNITS = ("B", "KB", "MB", "GB")
# 2.4 MB and 24 MB: two figures are what people compare by.
_ONE_DECIMAL_BELOW = 10


@dataclass(frozen=True, slots=True)
class Locale:
    """`texts` by key (`timeline.title`), for one language. `lang` is as for `<html lang>`: `en`, `en-GB`, `pt-BR`."""

    lang: str
    texts: Mapping[str, str]

    @property
    def direction(self) -> str:
        return str(_babel(self.lang).text_direction)

    def text(self, key: str, **values: object) -> str:
        """The text of `key`, with `{name}` replaced by its value."""
        template = self.texts[key]
        return template.format_map(values) if values else template

    def plural(self, key: str, number: int) -> str:
        """The form of `key` for a number: `key.one`, `key.other` and what else the language has."""
        form = _babel(self.lang).plural_form(number)
        return self.text(f"{key}.{form}" if f"{key}.{form}" in self.texts else f"{key}.other", n=number)

    def named(self, kind: str, id: str) -> str:
        """What an id such as the role `economic-buyer` is called: its text, else its own words."""
        text = self.texts.get(f"{kind}.{id}")
        return text if text is not None else re.sub(r"[-_]", " ", id).capitalize()

    def day(self, day: date) -> Day:
        return _day(self.lang, day)

    def month(self, day: date) -> str:
        return _month(self.lang, day)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, format="#,##0.#", locale=_babel(self.lang))

    def size(self, count: int) -> str:
        """A file's size as people write it: `740 KB`, `2.4 MB`. Decimal units, as phones and browsers show."""
        value, unit = float(count), 0
        while round(value) >= _UNIT and unit < len(_UNITS) - 1:
            value, unit = value / _UNIT, unit + 1
        return f"{self.number(round(value, 1) if unit and value < _ONE_DECIMAL_BELOW else round(value))} {_UNITS[unit]}"


def load_locale(lang: str | None, overrides: Mapping[str, str] | None = None) -> Locale:
    """The locale of a language tag. An unknown language has English texts and, if Babel knows it, its own dates."""
    tag = (lang or DEFAULT_LANG).replace("_", "-")
    return _locale(tag, tuple(sorted((overrides or {}).items())))


def placeholders(text: str) -> set[str]:
    """The names in braces. Raises ValueError for braces that are not closed."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@lru_cache(maxsize=64)
def _locale(tag: str, overrides: tuple[tuple[str, str], ...]) -> Locale:
    known = {**_texts(DEFAULT_LANG), **_texts(tag.partition("-")[0]), **_texts(tag), **dict(overrides)}
    return Locale(tag, known)


@cache
def _texts(lang: str) -> Mapping[str, str]:
    file = TEXTS_FOLDER / f"{lang}.json"
    texts: Mapping[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return texts


@cache
def _babel(lang: str) -> babel.Locale:
    import babel

    try:
        return babel.Locale.parse(lang, sep="-")
    except (ValueError, babel.UnknownLocaleError):
        return babel.Locale.parse(DEFAULT_LANG)


@lru_cache(maxsize=_REMEMBERED_DAYS)
def _day(lang: str, day: date) -> Day:
    from babel.dates import format_date, format_skeleton

    locale = _babel(lang)
    return Day(
        iso=day.isoformat(),
        text=format_date(day, "long", locale),
        short=format_skeleton("MMMd", day, locale=locale),
    )


@lru_cache(maxsize=_REMEMBERED_DAYS)
def _month(lang: str, day: date) -> str:
    from babel.dates import format_date

    return format_date(day, "LLL", _babel(lang))
