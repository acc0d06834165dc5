"""A workspace: the folder that `dealroom.yml` makes one, what lies in it, and its settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from dealroom.calendars import fault_of
from dealroom.company import Calendar, Company
from dealroom.diagnostics import Diagnostic, error, has_errors, in_order
from dealroom.diagnostics.render import render_full
from dealroom.errors import Problem
from dealroom.fields import Email, Host, HttpsUrl, Id, Lang, Lifetime, Text, WebUrl, Written
from dealroom.files import file_fault, on_disk
from dealroom.health_settings import HealthSettings
from dealroom.mail_settings import MailSettings
from dealroom.publish_settings import PublishTargets
from dealroom.root import PLANS, SETTINGS_FILE, SITE, STATE, THEMES, find_root
from dealroom.yaml_source import Source, read
from dealroom.yaml_source.validate import validate

_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _quarter_end(value: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{2})-(\d{2})", str(value).strip())
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= month <= len(_LONGEST_MONTHS) or not 1 <= day <= _LONGEST_MONTHS[month - 1]:
        raise PydanticCustomError(
            "wrong-type",
            "`{text}` is not a day of the year",
            {"text": str(value), "hint": "write month-day, like 03-31, in a list: [01-31, 04-30, 07-31, 10-31]"},
        )
    return month, day


QuarterEnd = Annotated[
    tuple[int, int],
    BeforeValidator(_quarter_end),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}-\d{2}$", "examples": ["03-31"]}),
]

# Calendar quarters: what most companies close their books by.
CALENDAR_QUARTERS: tuple[QuarterEnd, ...] = ((3, 31), (6, 30), (9, 30), (12, 31))


class Replies(Written):
    """Where buyers' sealed replies go: an https address that takes them, an e-mail address, or both."""

    endpoint: HttpsUrl | None = None
    """An https address that takes sealed replies."""
    email: Email | None = None
    """The address that sealed replies are mailed to."""


# What people expect of "stay signed in": long enough for a deal's weekly visits, short enough for a laptop handed on.
_REMEMBERED_DAYS = 30


class AccessSettings(Written):
    """What all rooms have in common in how they are opened."""

    remember: Lifetime = _REMEMBERED_DAYS
    """How long a reader's own device may keep a room open, where the reader wants it: `30d`, `4w` or `never`."""


_EXTENSION_HINT = "write a list of names like `- footnotes`, with options as `- toc: {permalink: true}`"


def _extensions(value: object) -> object:
    """Python-Markdown's extensions as mkdocs.yml lists them: names, or a name with its options."""
    items = [{name: options} for name, options in value.items()] if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(_is_extension(item) for item in items):
        raise PydanticCustomError("wrong-type", "these are not Markdown extensions", {"hint": _EXTENSION_HINT})
    pairs = [(item, None) if isinstance(item, str) else next(iter(item.items())) for item in items]
    return tuple({name: _typed(options)} if options else name for name, options in pairs)


def _is_extension(item: object) -> bool:
    if isinstance(item, dict) and len(item) == 1:
        return all(options is None or isinstance(options, dict) for options in item.values())
    return isinstance(item, str)


def _typed(value: Any) -> Any:
    """The options of an extension are for a program: `true`, `null` and numbers mean what YAML says they mean."""
    if isinstance(value, dict):
        return {key: _typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if isinstance(value, str) and re.fullmatch(r"true|false|-?(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?", value):
        return json.loads(value)
    return value


# A name, or a name with its options.
MarkdownExtension = str | dict[str, Any]


def _fingerprint(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9a-f]{16}", value):
        raise PydanticCustomError(
            "wrong-type",
            "`{text}` is not the fingerprint of a key",
            {"text": value, "hint": "write the 16 letters and digits that `dealroom key check` tells"},
        )
    return value


class Settings(Written):
    """`dealroom.yml`: what all plans of the workspace have in common. Required is `seller.name`."""

    seller: Company
    """The company that writes the plans."""
    theme: Id | None = None
    """The brand theme: a folder in themes/."""
    calendar: Calendar | None = None
    """The days the seller works: `DE-BY`, or keys and values."""
    lang: Lang = "en"
    """The language of the rooms, like `en` or `pt-BR`."""
    base_url: WebUrl | None = None
    """Where the rooms are published, so that links can be written in full."""
    publish: PublishTargets = ()
    """Where `dealroom publish` brings the rooms: a folder, an address, a git branch, or a list of them."""
    replies: Replies = Replies()
    """Where buyers' sealed replies go."""
    mail: MailSettings | None = None
    """The server that `dealroom digest --send` hands its messages to."""
    embeds: tuple[Host, ...] = ()
    """The sites that a room may show something of, once its reader asks for it, like `player.vimeo.com`."""
    markdown_extensions: Annotated[tuple[MarkdownExtension, ...], BeforeValidator(_extensions)] = ()
    """More Markdown extensions for the pages, as mkdocs.yml lists them."""
    fiscal_quarter_ends: tuple[QuarterEnd, ...] = CALENDAR_QUARTERS
    """The days on which the seller's quarters end, as month-day: `[01-31, 04-30, 07-31, 10-31]`."""
    key_fingerprint: Annotated[Text | None, AfterValidator(_fingerprint)] = None
    """The fingerprint of the workspace key, as `dealroom key check` tells it: with any other key nothing is built."""
    access: AccessSettings = AccessSettings()
    """How the rooms are opened, where a plan says nothing else."""
    health: HealthSettings = HealthSettings()
    """What counts as too little, too long or too late in a plan."""

    @field_validator("seller")
    @classmethod
    def _calendar_beside_seller(cls, seller: Company) -> Company:
        if seller.calendar is not None:
            raise PydanticCustomError(
                "unknown-key",
                "the seller's calendar does not stand here in the settings",
                {"hint": "write `calendar:` beside `seller:`, not inside it"},
            )
        return seller


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of a workspace, absolute, and its settings. `diagnostics` are the settings' warnings."""

    root: Path
    settings: Settings
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def plans(self) -> Path:
        """One folder a plan."""
        return self.root / PLANS

    @property
    def themes(self) -> Path:
        """One folder a brand theme."""
        return self.root / THEMES

    @property
    def site(self) -> Path:
        """The compiled rooms."""
        return self.root / SITE

    @property
    def state(self) -> Path:
        """The key, which is secret, and what makes the next build quick, which may be deleted."""
        return self.root / STATE


class BrokenSettings(Problem):
    """`dealroom.yml` has errors. `diagnostics` are all of its findings; the message shows them in full."""

    def __init__(self, root: Path, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{SETTINGS_FILE} cannot be used\n\n{render_full(diagnostics)}")
        self.diagnostics = diagnostics
        # With stand-in settings, to look for what else is wrong. Nothing is built from it.
        self.workspace = Workspace(root, Settings(seller=Company(name="?")))


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` lies in: the nearest folder upward with a `dealroom.yml`.

    Raises:
        Problem: there is none.
        BrokenSettings: its settings have errors.
    """
    return open_workspace(find_root(start))


def open_workspace(root: Path) -> Workspace:
    """The workspace whose `dealroom.yml` is in `root`. Raises BrokenSettings."""
    source = read(root / SETTINGS_FILE, SETTINGS_FILE)
    settings, diagnostics = validate(Settings, source)
    if settings is not None:
        settings = _with_logo_on_disk(settings, root)
        diagnostics = in_order((*diagnostics, *_look_on(settings, root, source)))
    if settings is None or has_errors(diagnostics):
        raise BrokenSettings(root, diagnostics)
    return Workspace(root, settings, diagnostics)


def _with_logo_on_disk(settings: Settings, root: Path) -> Settings:
    """The settings with the logo's name as it is on the disk, however its letters are composed."""
    seller = settings.seller
    if not seller.logo or seller.logo.isascii():
        return settings
    return settings.model_copy(update={"seller": seller.model_copy(update={"logo": on_disk(root, seller.logo)})})


def _look_on(settings: Settings, root: Path, source: Source) -> Iterator[Diagnostic]:
    """What is wrong beyond the form of the fields."""
    if settings.calendar and settings.calendar.holidays and (fault := fault_of(settings.calendar.holidays)):
        message, hint = fault
        yield error("unknown-calendar", message, source.place(("calendar", "holidays")), hint)
    if settings.seller.logo and (file := file_fault(root, settings.seller.logo)):
        code, message, hint_or_none = file
        yield error(code, message, source.place(("seller", "logo")), hint_or_none)
