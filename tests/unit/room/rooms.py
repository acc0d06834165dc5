"""Small plans and the rooms made of them."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from dealroom.company import Company
from dealroom.plan.model import Plan
from dealroom.room.compose import compose
from dealroom.room.content import RoomContent
from dealroom.room.locale import NO_TEXTS, Texts, load_locale
from dealroom.room.pages import LoadedPage
from dealroom.room.render import render_room
from dealroom.room.theme import Theme, load_theme
from dealroom.room.views import View, views
from dealroom.schedule.backward import MilestoneDates, plan_dates
from dealroom.schedule.calendar import calendars_for

SELLER = Company(name="Tessellate")

DANA = {"id": "dana", "name": "Dana Whitfield", "side": "buyer", "role": "champion"}
PRIYA = {"id": "priya", "name": "Priya Nair", "side": "buyer", "role": "security"}
TOM = {"id": "tom", "name": "Tom Okafor", "side": "seller"}


def plan(**fields: Any) -> Plan:
    """A plan with these fields, and the least of what else it needs."""
    least = {"title": "Order platform", "buyer": {"name": "Harbour Foods"}, "go_live": {"date": "2027-03-01"}}
    return Plan.model_validate({**least, **fields})


def content(
    written: Plan,
    *,
    view: View | None = None,
    pages: tuple[LoadedPage, ...] = (),
    dates: Mapping[str, MilestoneDates] | None = None,
    texts: Texts = NO_TEXTS,
) -> RoomContent:
    """What a view of a plan says, in British English; by default the first view, with dates of its own."""
    dates = dates or plan_dates(written, calendars_for(written))
    return compose(view or views(written)[0], dates, pages, SELLER, load_locale("en-GB", texts))


def base_theme() -> Theme:
    return load_theme(Path("themes"), None)


def html(written: Plan, **options: Any) -> str:
    """The page of a plan's first view."""
    return render_room(content(written, **options), base_theme()).html.decode()


class Elements(HTMLParser):
    """The elements of a page, in order: (tag, attributes)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        """Every value of an attribute, in the page's order."""
        return [value for _, attributes in self.found if (value := attributes.get(name)) is not None]
