"""The smallest things a plan or the settings are written with: ids, texts, days, durations.

Each is a type that pydantic checks. A value that does not fit raises `PydanticCustomError` whose type is a
diagnostic code and whose context may carry a `hint`; `yaml_source` turns that into a diagnostic at its place.
Scalars arrive as the text in the file, because `yaml_source` interprets nothing but `null`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

# Outside these years the holiday calendars and date arithmetic stop being meaningful; a typo is far likelier.
FIRST_YEAR, LAST_YEAR = 2000, 2199

# Working days in a week of `takes: 3w`, whatever the calendar's weekend: the field counts effort in weeks of five.
DAYS_PER_WEEK = 5

# Ten working years. A longer step is a slip of the keyboard, and bounds the date arithmetic behind it.
LONGEST_DURATION = 2_600

# A language tag of BCP 47: a language, then a script, a region or variants.
LANG_PATTERN = r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$"

ID_PATTERN = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"


class Written(BaseModel):
    """A mapping in a file that a person wrote. Unknown keys are errors; a key without a value is an absent key."""

    # Deferred: one build of the whole tree when the first file is read, rather than one for each class when imported.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or None not in data.values():
            return data
        known = {info.alias or name for name, info in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}


# In double quotes YAML lets any character be escaped; these have no business in a text that people read, or in a path.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")
_ESCAPE = {"hint": "remove it, or use single quotes if a backslash is meant"}


def _text(value: object, expected: str = "a text") -> str:
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
    text = _text(value, "an id")
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
    text = _text(value, "a date")
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


@dataclass(frozen=True, slots=True)
class Duration:
    """Working time in whole days: the shortest, the likeliest and the longest. A fixed time has all three equal.

    `days` is what the calendar uses: the likeliest, rounded up to a whole day (a midpoint of 3.5 days takes 4).
    """

    min: int
    likely: float
    max: int

    @property
    def days(self) -> int:
        return -int(-self.likely // 1)

    @property
    def is_range(self) -> bool:
        return self.min != self.max


_DURATION = re.compile(r"(?P<low>\d+)\s*(?P<low_unit>[dw])?(?:\s*[-–]\s*(?P<high>\d+)\s*(?P<unit>[dw]))?")
_DURATION_HINT = "write working time like 10d, 3w, or a range like 2-6w"


def _working_days(number: str, unit: str) -> int:
    days = int(number) * (DAYS_PER_WEEK if unit == "w" else 1)
    if not 1 <= days <= LONGEST_DURATION:
        raise PydanticCustomError(
            "invalid-duration",
            "{text} is not a working time",
            {"text": f"{number}{unit}", "hint": f"a milestone takes from 1 to {LONGEST_DURATION} working days"},
        )
    return days


def _duration(value: object) -> Duration:
    """`10d`, `3w`, `2-6w`, `1w-20d`, or `{min: 10d, likely: 12d, max: 30d}`; weeks have five working days."""
    if isinstance(value, Duration):
        return value
    if isinstance(value, Mapping):
        return _three_point(value)
    text = _text(value)
    match = _DURATION.fullmatch(text)
    if not match or not (match["low_unit"] or match["unit"]):
        hint = f"write {text}d for days or {text}w for weeks" if re.fullmatch("[0-9]{1,4}", text) else _DURATION_HINT
        raise PydanticCustomError("invalid-duration", "`{text}` is not a working time", {"text": text, "hint": hint})
    low = _working_days(match["low"], match["low_unit"] or match["unit"])
    high = _working_days(match["high"], match["unit"]) if match["high"] else low
    if low > high:
        raise PydanticCustomError(
            "invalid-duration", "`{text}` runs backward", {"text": text, "hint": "write the shorter time first"}
        )
    return Duration(low, (low + high) / 2, high)


def _three_point(value: Mapping[str, object]) -> Duration:
    if set(value) != {"min", "likely", "max"}:
        raise PydanticCustomError(
            "invalid-duration",
            "a working time in three points needs min, likely and max",
            {"hint": "write {min: 10d, likely: 12d, max: 30d}"},
        )
    points = [_duration(value[name]) for name in ("min", "likely", "max")]
    if any(point.is_range for point in points):
        raise PydanticCustomError(
            "invalid-duration", "min, likely and max are single times", {"hint": "write 10d or 3w for each"}
        )
    low, likely, high = (point.min for point in points)
    if not low <= likely <= high:
        raise PydanticCustomError(
            "invalid-duration", "min, likely and max are out of order", {"hint": "min is the shortest, max the longest"}
        )
    return Duration(low, float(likely), high)


def _one_or_more(value: object) -> object:
    """A single text where a list is meant is a list of one."""
    return [value] if isinstance(value, str) else value


_URL_HINT = "write it in full, with https://"


def _url(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"(?i)(?:https?://|mailto:)\S+", text):
        raise PydanticCustomError("invalid-url", "`{text}` is not a web address", {"text": text, "hint": _URL_HINT})
    return text


def _web_url(value: object) -> str:
    text = _url(value)
    if not re.fullmatch(r"(?i)https?://[^\s/?#]+\S*", text):
        raise PydanticCustomError("invalid-url", "`{text}` is not a web address", {"text": text, "hint": _URL_HINT})
    return text


_WEBSITE = re.compile(r"(?i)(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::\d+)?(?:[/?#]\S*)?")


def _website(value: object) -> str:
    text = _text(value)
    if not _WEBSITE.fullmatch(text):
        hint = "write it like harbour.example, or in full, with https://"
        raise PydanticCustomError("invalid-url", "`{text}` is not a web address", {"text": text, "hint": hint})
    return text


# Machines that only this one reaches, where a browser takes http for as safe as https.
_LOOPBACK = r"(?i)http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?#]\S*)?"


def _https_url(value: object) -> str:
    text = _web_url(value)
    if not text.lower().startswith("https://") and not re.fullmatch(_LOOPBACK, text):
        raise PydanticCustomError(
            "invalid-url", "`{text}` is not safe on its way", {"text": text, "hint": "use https://"}
        )
    return text


def _lang(value: object) -> str:
    text = _text(value).replace("_", "-")
    if not re.fullmatch(LANG_PATTERN, text):
        hint = "write it like en, de, pt-BR or zh-Hant"
        raise PydanticCustomError("invalid-lang", "`{text}` is not a language", {"text": text, "hint": hint})
    return text


# Loose on purpose: mail servers decide what an address is. Nothing in it may end the address in a `mailto:` link.
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"?&#%]+@[^@\s<>()\[\],;:\"?&#%.]+(?:\.[^@\s<>()\[\],;:\"?&#%.]+)+")


def _email(value: object) -> str:
    text = _text(value)
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError(
            "invalid-email",
            "`{text}` is not an e-mail address",
            {"text": text, "hint": "write it like dana@harbour.example"},
        )
    return text


def _room_path(value: object) -> str:
    text = _text(value).strip("/")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*", text):
        raise PydanticCustomError(
            "invalid-path",
            "`{text}` cannot be a room's path",
            {"text": text, "hint": "use lower-case letters, digits and hyphens, with / between the parts"},
        )
    return text


def _audience_term(value: object) -> str:
    text = _text(value)
    prefix, _, role = text.rpartition("role:")
    _identifier(role if text.startswith("role:") and not prefix else text)
    return text


_DAY_SCHEMA = {"type": "string", "format": "date", "examples": ["2027-03-01"]}


@dataclass(frozen=True, slots=True)
class OrText:
    """Marks a field that a single text may be written for; tells the JSON Schema, and checks nothing."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [dict(_TEXT_SCHEMA), handler(schema)]}


# An editor takes `4.10` and `yes` for a number and a truth value; the reader takes them as they are written.
_TEXT_SCHEMA: JsonSchemaValue = {"type": ["string", "number", "boolean"]}

Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
Id = Annotated[str, BeforeValidator(_identifier), Field(json_schema_extra={"pattern": ID_PATTERN})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Url = Annotated[str, BeforeValidator(_url)]
WebUrl = Annotated[str, BeforeValidator(_web_url), Field(json_schema_extra={"pattern": "^[hH][tT][tT][pP][sS]?://"})]
Website = Annotated[str, BeforeValidator(_website)]
HttpsUrl = Annotated[str, BeforeValidator(_https_url)]
Lang = Annotated[str, BeforeValidator(_lang), Field(json_schema_extra={"pattern": LANG_PATTERN})]
Email = Annotated[str, BeforeValidator(_email)]
RoomPath = Annotated[str, BeforeValidator(_room_path)]
AudienceTerm = Annotated[str, BeforeValidator(_audience_term)]
Takes = Annotated[
    Duration,
    BeforeValidator(_duration),
    PlainSerializer(
        lambda duration: f"{duration.min}d" if not duration.is_range else f"{duration.min}-{duration.max}d"
    ),
    WithJsonSchema(
        {
            "oneOf": [
                {
                    "type": "string",
                    "pattern": r"^\d+\s*[dw]?(\s*[-–]\s*\d+\s*[dw])?$",
                    "examples": ["10d", "3w", "2-6w"],
                },
                {
                    "type": "object",
                    "properties": {
                        name: {"type": "string", "pattern": r"^\d+\s*[dw]$"} for name in ("min", "likely", "max")
                    },
                    "required": ["min", "likely", "max"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more), OrText()]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_one_or_more), OrText()]
Audience = Annotated[tuple[AudienceTerm, ...], BeforeValidator(_one_or_more), Field(min_length=1), OrText()]
