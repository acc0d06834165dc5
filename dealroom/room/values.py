"""The small values of a room's content: days, links, places on the timeline, and what is told of the plan's past."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Day:
    """A day: for machines, in full (`1 March 2027`), and short (`1 Mar`)."""

    iso: str
    text: str
    short: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the room: `href` is `#milestone-ID` and the like."""

    href: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Bar:
    """A milestone on the timeline, in percent of its width. `is_point` is one too short to be a bar."""

    left: str
    width: str
    right: str
    is_point: bool


@dataclass(frozen=True, slots=True)
class Leeway:
    """What a milestone's slack follows from on any day, as in `schedule.slack`; `latest` is its latest finish."""

    start_by: str
    in_hand: int | None
    latest: str
    after_go_live: bool


@dataclass(frozen=True, slots=True)
class DateMove:
    """A milestone's date was set or moved; without `on`, in what is not published yet."""

    on: Day | None
    text: Markup


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What changed about one thing; without a subject, about the plan as a whole."""

    subject: Link | None
    text: Markup


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed on a day; without `on`, in what is not published yet. `key` tells revisions apart."""

    on: Day | None
    lines: tuple[ChangeLine, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's (or quarter's) first day on the timeline, in percent of its width."""

    at: str
    label: str
    is_year: bool
    year: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The timeline's scale: the first and the last day (ISO), its ticks, and go-live's place and label.

    `buyer_days` and `seller_days` have a character for every day of the scale: `1` where the side works, else `0`.
    """

    first: str
    last: str
    buyer_days: str
    seller_days: str
    ticks: tuple[Tick, ...]
    go_live: str
    go_live_anchor: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """How likely go-live holds, as of a day; the texts are ready to print."""

    as_of: Day
    percent: str
    likely_by: Day
