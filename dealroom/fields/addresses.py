"""Where something is: web addresses, e-mail addresses, the path of a room."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from dealroom.fields.texts import plain_text

_URL_HINT = "write it in full, with https://"


def _url(value: object) -> str:
    text = plain_text(value)
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
    text = plain_text(value)
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


# Loose on purpose: mail servers decide what an address is. Nothing in it may end the address in a `mailto:` link.
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"?&#%]+@[^@\s<>()\[\],;:\"?&#%.]+(?:\.[^@\s<>()\[\],;:\"?&#%.]+)+")


def _email(value: object) -> str:
    text = plain_text(value)
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError(
            "invalid-email",
            "`{text}` is not an e-mail address",
            {"text": text, "hint": "write it like dana@harbour.example"},
        )
    return text


def _room_path(value: object) -> str:
    text = plain_text(value).strip("/")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*", text):
        raise PydanticCustomError(
            "invalid-path",
            "`{text}` cannot be a room's path",
            {"text": text, "hint": "use lower-case letters, digits and hyphens, with / between the parts"},
        )
    return text


def _host(value: object) -> str:
    text = plain_text(value).lower()
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])", text):
        hint = "write its name alone, like player.vimeo.com: no https://, no path, no *"
        raise PydanticCustomError("invalid-url", "`{text}` is not the name of a site", {"text": text, "hint": hint})
    return text


Url = Annotated[str, BeforeValidator(_url)]
WebUrl = Annotated[str, BeforeValidator(_web_url), Field(json_schema_extra={"pattern": "^[hH][tT][tT][pP][sS]?://"})]
Website = Annotated[str, BeforeValidator(_website)]
HttpsUrl = Annotated[str, BeforeValidator(_https_url)]
Email = Annotated[str, BeforeValidator(_email)]
Host = Annotated[str, BeforeValidator(_host)]
RoomPath = Annotated[str, BeforeValidator(_room_path)]
