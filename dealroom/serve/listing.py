"""The list of rooms, which sellers have open all day: how each plan stands, and every way into its room."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dealroom.diagnostics.render import render_full
from dealroom.health.status import DealState
from dealroom.inbox.edited import EDITABLE
from dealroom.publish.output import OutputFile, file_of_bytes
from dealroom.publish.status import PlanStatus
from dealroom.serve.client import client_file
from dealroom.serve.follow import Follower
from dealroom.serve.inbox import PreviewInbox
from dealroom.serve.plot import HEIGHT, WIDTH, Plot, plot_of
from dealroom.serve.rooms import Rooms
from dealroom.serve.summary import Summary

TEMPLATES = Path(__file__).parent / "templates"

STYLES = ("index.css", "inbox.css")

# How plans may stand, what needs someone first. Rooms are counted in this order.
STANDINGS = (
    "broken",
    *(
        state.value
        for state in (
            DealState.STALLED,
            DealState.LATE,
            DealState.AT_RISK,
            DealState.ON_TRACK,
            DealState.DRAFT,
            DealState.LIVE,
        )
    ),
    "reading",
)

# Up to this many rooms, everyone whom a room may be opened as is in sight; of more rooms, one click away.
UNFOLDED = 3

# From three weeks on, nobody counts days.
COUNTED_IN_WEEKS = 3


@dataclass(frozen=True, slots=True)
class ShownInbox:
    """The inbox, and the token that its part of the page carries."""

    inbox: PreviewInbox
    token: str


class Listing:
    """Renders the list and its parts. `today` gives the day that go-live dates are counted from."""

    def __init__(self, rooms: Rooms, follower: Follower, today: Callable[[], date]) -> None:
        self._rooms = rooms
        self._follower = follower
        self._today = today

    def page(self, inbox: ShownInbox | None = None) -> str:
        """The whole page, with the inbox for those who may see it."""
        # Taken before the plans are, so that a page never claims to be newer than it is.
        version = self._follower.version
        return self._environment.get_template("index.html").render(
            seller=self._rooms.workspace.settings.seller,
            inbox=inbox,
            known=self._rooms.known,
            trouble=self._rooms.trouble,
            rooms=[(slug, self._rooms.known(slug)) for slug in self._rooms.slugs],
            counts=self._counts(),
            few=self._few(),
            version=version,
        )

    def entry(self, slug: str) -> str:
        """The entry of one room."""
        template = self._environment.get_template("entry.html")
        return template.render(slug=slug, room=self._rooms.known(slug), few=self._few())

    def counts(self) -> str:
        """How many rooms stand how."""
        return self._environment.get_template("counts.html").render(counts=self._counts())

    def inbox(self, inbox: ShownInbox) -> str:
        """The part of the page with buyers' replies."""
        return self._environment.get_template("inbox.html").render(inbox=inbox, known=self._rooms.known)

    def waiting(self) -> str:
        """What stands in for a room that never had a good state; its script loads the room when it can."""
        return self._environment.get_template("waiting.html").render()

    def file(self, name: str) -> OutputFile | None:
        """A file of the page: a style sheet or its script."""
        if name in STYLES:
            return file_of_bytes(name, (TEMPLATES / name).read_bytes())
        return client_file(name)

    def _few(self) -> bool:
        return len(self._rooms.slugs) <= UNFOLDED

    def _counts(self) -> dict[str, int]:
        known = [self._rooms.known(slug) for slug in self._rooms.slugs]
        standings = Counter(summary.standing if summary else "reading" for summary in known)
        return {"all": len(known), **standings}

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters |= {"day": _day, "full": _full, "sentence": sentence, "chance": _chance, "plot": _plot}
        environment.filters["until"] = lambda day: self._until(date.fromisoformat(day))
        environment.globals |= {"standings": STANDINGS, "width": WIDTH, "height": HEIGHT, "editable": EDITABLE}
        return environment

    def _until(self, day: date) -> str:
        """How far away a day is, in words."""
        days = (day - self._today()).days
        if days == 0:
            return "today"
        weeks = abs(days) // 7
        amount = f"{weeks} weeks" if weeks >= COUNTED_IN_WEEKS else ("1 day" if abs(days) == 1 else f"{abs(days)} days")
        return f"in {amount}" if days > 0 else f"{amount} ago"


def _day(day: date | str) -> str:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {day:%B} {day.year}"


def _chance(share: float) -> str:
    """A probability in whole per cent; what is not quite certain never reads as certain."""
    return f"{min(max(round(share * 100), 1 if share else 0), 100 if share == 1 else 99)} %"


def _plot(deal: PlanStatus) -> Plot | None:
    return plot_of(deal.distribution, date.fromisoformat(deal.go_live)) if deal.go_live else None


def _full(summary: Summary) -> str:
    return render_full(summary.diagnostics)


def sentence(text: str) -> str:
    """A message, which has no capital and no full stop, as a sentence in a page."""
    # Ids stand between backticks, as everywhere in messages; here they are quoted as in prose.
    quoted = re.sub("`([^`]*)`", r"“\1”", text)
    end = "" if quoted.endswith((".", "!", "?")) else "."
    return f"{quoted[:1].upper()}{quoted[1:]}{end}"
