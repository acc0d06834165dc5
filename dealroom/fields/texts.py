"""Texts, ids, days and languages, and lists of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

# Outside these years the holiday calendars and date arithmetic stop being meaningful; a typo is far likelier.
FIRST_YEAR, LAST_YEAR = 2000, 2199

# A language tag of BCP 47: a language, then a script, a region or variants.
LANG_PATTERN = r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$"

ID_PATTERN = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"

# In double quotes YAML lets any character be escaped; these have no business in a text that people read, or in a path.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")
_ESCAPE = {"hint": "remove it, or use single quotes if a backslash is meant"}


def plain_text(value: object, expected: str = "a text") -> str:
    """`value` without white space around it, checked to be a text that people can read. Raises PydanticCustomError."""
    if not isinstance(value, str):
        found = "keys and values" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "nothing"
        hint = "write it on one line, or in lines below `|`; put quotes around a text with brackets or `: ` in it"
        context = {"expected": expected, "found": found}
        raise PydanticCustomError(
            "wrong-type",
            "{expected} is expected here, not {found}",
            context | {"hint": hint} if expected == "a text" else context,
        )
    text = value.strip()
    if not text:
        raise PydanticCustomError("missing-value", "this text is empty", {"hint": "write a text, or remove the line"})
    if _CONTROL.search(text):
        raise PydanticCustomError(
            "control-character", "an escape in this text stands for an invisible character", _ESCAPE
        )
    return text


def as_id(text: str) -> str:
    """The id nearest to `text`, or nothing when it has no letter or digit of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


_ID = re.compile(ID_PATTERN)


def _identifier(value: object) -> str:
    text = plain_text(value, "an id")
    if not _ID.fullmatch(text):
        suggestion = as_id(text)
        raise PydanticCustomError(
            "invalid-id",
            "`{text}` is not an id",
            {
                "text": text,
                "hint": "ids are lower-case letters, digits and hyphens" + (f": `{suggestion}`" if suggestion else ""),
            },
        )
    return text


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# A date as people also write it, with the year first: 2027-1-5, 2027/01/05, or with a time of day.
_NEARLY_A_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    text = plain_text(value, "a date")
    if not _DATE.fullmatch(text):
        near = _NEARLY_A_DATE.fullmatch(text)
        written = "{}-{:0>2}-{:0>2}".format(*near.groups()) if near else "year-month-day, like 2027-03-01"
        raise PydanticCustomError("wrong-type", "`{text}` is not a date", {"text": text, "hint": f"write {written}"})
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError(
            "impossible-date", "{text} does not exist", {"text": text, "hint": "check the month and the day"}
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError(
            "impossible-date",
            "{text} is out of range",
            {"text": text, "hint": f"years {FIRST_YEAR} to {LAST_YEAR} are understood; check the year"},
        )
    return day


def _lang(value: object) -> str:
    text = plain_text(value).replace("_", "-")
    if not re.fullmatch(LANG_PATTERN, text):
        hint = "write it like en, de, pt-BR or zh-Hant"
        raise PydanticCustomError("invalid-lang", "`{text}` is not a language", {"text": text, "hint": hint})
    return text


def _audience_term(value: object) -> str:
    text = plain_text(value)
    prefix, _, role = text.rpartition("role:")
    _identifier(role if text.startswith("role:") and not prefix else text)
    return text


def _one_or_more(value: object) -> object:
    """A single text where a list is meant is a list of one."""
    return [value] if isinstance(value, str) else value


_DAY_SCHEMA = {"type": "string", "format": "date", "examples": ["2027-03-01"]}


@dataclass(frozen=True, slots=True)
class OrText:
    """Marks a field that a single text may be written for; tells the JSON Schema, and checks nothing."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [dict(_TEXT_SCHEMA), handler(schema)]}


# An editor takes `4.10` and `yes` for a number and a truth value; the reader takes them as they are written.
_TEXT_SCHEMA: JsonSchemaValue = {"type": ["string", "number", "boolean"]}

Text = Annotated[str, BeforeValidator(plain_text), WithJsonSchema(_TEXT_SCHEMA)]
Id = Annotated[str, BeforeValidator(_identifier), Field(json_schema_extra={"pattern": ID_PATTERN})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Lang = Annotated[str, BeforeValidator(_lang), Field(json_schema_extra={"pattern": LANG_PATTERN})]
AudienceTerm = Annotated[str, BeforeValidator(_audience_term)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more), OrText()]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_one_or_more), OrText()]
Audience = Annotated[tuple[AudienceTerm, ...], BeforeValidator(_one_or_more), Field(min_length=1), OrText()]
