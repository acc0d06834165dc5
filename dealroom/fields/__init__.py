"""The smallest things a plan or the settings are written with: ids, texts, days, durations, addresses.

Each is a type that pydantic checks. A value that does not fit raises `PydanticCustomError` whose type is a
diagnostic code and whose context may carry a `hint`; `yaml_source` turns that into a diagnostic at its place.
Scalars arrive as the text in the file, because `yaml_source` interprets nothing but `null`.
"""

from dealroom.fields.addresses import Email, Host, HttpsUrl, RoomPath, Url, Website, WebUrl
from dealroom.fields.colours import Colour
from dealroom.fields.durations import DAYS_PER_WEEK, LONGEST_DURATION, Duration, Takes
from dealroom.fields.lifetimes import Lifetime
from dealroom.fields.texts import (
    FIRST_YEAR,
    ID_PATTERN,
    LAST_YEAR,
    Audience,
    AudienceTerm,
    Day,
    Id,
    Ids,
    Lang,
    OrText,
    Text,
    Texts,
    as_id,
)
from dealroom.fields.written import Written

__all__ = [
    "DAYS_PER_WEEK",
    "FIRST_YEAR",
    "ID_PATTERN",
    "LAST_YEAR",
    "LONGEST_DURATION",
    "Audience",
    "AudienceTerm",
    "Colour",
    "Day",
    "Duration",
    "Email",
    "Host",
    "HttpsUrl",
    "Id",
    "Ids",
    "Lang",
    "Lifetime",
    "OrText",
    "RoomPath",
    "Takes",
    "Text",
    "Texts",
    "Url",
    "WebUrl",
    "Website",
    "Written",
    "as_id",
]
