"""The `mail:` section of `dealroom.yml`: the server that `dealroom digest --send` hands its messages to.

    mail: {host: smtp.northbay.example, user: deals@northbay.example, from: Northbay <deals@northbay.example>}

The password comes from the environment alone. Messages hold personal links, so they travel encrypted: without TLS only
to a server on this machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from dealroom.fields import Email, Text, Written

# The ports of submission with STARTTLS (RFC 6409) and over TLS (RFC 8314), and of a relay on this machine.
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_HIGHEST_PORT = 65_535
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_MAILBOX = re.compile(r'(?:"?(?P<name>[^<>"]*?)"?\s*)<(?P<address>[^<>]*)>')
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class Security(StrEnum):
    """How the way to the server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who a message is from or for: an address, and a name to show with it."""

    address: str
    name: str = ""


def _mailbox(value: object) -> Mailbox:
    if isinstance(value, Mailbox):
        return value
    text = str(value).strip()
    match = _MAILBOX.fullmatch(text)
    try:
        address = _EMAIL.validate_python(match["address"] if match else text)
    except ValidationError as fault:
        hint = "write it like `deals@northbay.example` or `Tom Okafor <tom@northbay.example>`"
        context = {"problem": fault.errors()[0]["msg"], "hint": hint}
        raise PydanticCustomError("invalid-email", "{problem}", context) from None
    return Mailbox(address, " ".join(match["name"].split()) if match else "")


def _port(value: object) -> int:
    text = str(value).strip()
    if not re.fullmatch(r"\d{1,5}", text) or not 1 <= int(text) <= _HIGHEST_PORT:
        raise PydanticCustomError(
            "wrong-value", "`{text}` is not a port", {"text": text, "hint": "587 with STARTTLS, 465 over TLS"}
        )
    return int(text)


def _host(value: object) -> str:
    text = str(value).strip()
    if not _HOST.fullmatch(text):
        hint = "write its name alone, like smtp.northbay.example; the port is `port:`"
        raise PydanticCustomError("wrong-value", "`{text}` is not the name of a server", {"text": text, "hint": hint})
    return text.strip("[]")


_PORT_SCHEMA = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _HIGHEST_PORT})


class MailSettings(Written):
    """How `dealroom digest --send` sends mail. Required are `host` and `from`."""

    host: Annotated[Text, BeforeValidator(_host)]
    """The server that takes mail, like `smtp.northbay.example`."""
    port: Annotated[int, BeforeValidator(_port), _PORT_SCHEMA] | None = None
    """Its port, by default 587 with `starttls`, 465 with `tls`, 25 with `none`."""
    security: Security = Security.STARTTLS
    """`starttls`, `tls`, or `none` for a server on this machine."""
    user: Text | None = None
    """Who logs in. The password is in the environment, as `DEALROOM_SMTP_PASSWORD`."""
    from_: Annotated[
        Mailbox,
        BeforeValidator(_mailbox),
        WithJsonSchema({"type": "string", "examples": ["Tom Okafor <tom@northbay.example>"]}),
        Field(alias="from"),
    ]
    """Whom the messages are from: an address, or a name with one as `Tom Okafor <tom@northbay.example>`."""

    @model_validator(mode="after")
    def _encrypted(self) -> MailSettings:
        if self.security is Security.NONE and self.host not in _LOOPBACK:
            hint = "write `security: starttls` or `security: tls`; `none` is for a server on this machine"
            raise PydanticCustomError(
                "wrong-value", "personal links would travel unencrypted to {host}", {"host": self.host, "hint": hint}
            )
        return self

    @property
    def port_number(self) -> int:
        """The port as written, else the one of its security."""
        return self.port or _PORTS[self.security.value]
