"""What a plan says of its room: the documents and pages in it, and how it is opened."""

from __future__ import annotations

from typing import Any

from dealroom.fields import Audience, Day, Id, Lifetime, Text, Url
from dealroom.plan.part import Part


class Document(Part):
    """A file beside the plan, sealed with it, or a link to elsewhere. Exactly one of `file` and `url`."""

    title: Text
    """What it is called in the room."""
    file: Text | None = None
    """A file beside the plan, like `files/soc2.pdf`; it is sealed with the room."""
    url: Url | None = None
    """A link to elsewhere."""
    embed: bool = False
    """Whether the room shows what `url` leads to, once its reader asks; `embeds` in dealroom.yml lists the sites."""
    kind: Id | None = None
    """What it is: `video`, `contract` …"""
    audience: Audience | None = None
    """Who may read it, as ids or `role:…`; everyone when left out."""


def as_page(value: Any) -> Any:
    """A page as keys and values; its file alone is enough."""
    return {"file": value} if isinstance(value, str) else value


class Page(Part):
    """A Markdown page beside the plan. `title` replaces its first heading in the menu."""

    file: Text
    """The Markdown file beside the plan."""
    title: Text | None = None
    """Its name in the menu, where that is not its first heading."""
    audience: Audience | None = None
    """Who may read it, as ids or `role:…`; everyone when left out."""


class Access(Part):
    """How the room is opened, beside a link and a passphrase for each person of the buyer's side."""

    shared: bool = False
    """Whether there is a passphrase for the whole room as well. Taking it from one person changes it for all."""
    expires: Day | None = None
    """The day on which the room closes: from then on it says so, and holds nothing."""
    remember: Lifetime | None = None
    """How long a reader's device may keep the room open: `30d`, `4w` or `never`. Left out: what dealroom.yml says."""
