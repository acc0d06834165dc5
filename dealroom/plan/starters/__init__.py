"""The files of a new workspace: settings and one example plan, with dates that fit the day it is started on.

The files stand in `workspace/` beside this module as they will be written. In them `<today+8>` is the day eight days
after today, `<go-live+56>` the day 56 days after the example's go-live, and `<seller>` the seller's name. A day that
falls on a weekend moves to the Monday after it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable

# Where the example plan stands in the new workspace.
EXAMPLE = "brightwater"

# Fourteen weeks: what an enterprise deal of the example's size takes from a first "yes" to everyday use.
GO_LIVE_AFTER = 98

# Nobody should learn from an example to take the end of the seller's quarter for the buyer's date.
QUARTER_END_MONTHS, LAST_DAYS_FROM = (3, 6, 9, 12), 25

_FRIDAY, _DAYS_A_WEEK = 4, 7
_DAY = re.compile(r"<(?P<from>today|go-live)(?:\+(?P<days>\d+))?>")


def starter_files(today: date, seller: str) -> dict[str, str]:
    """Path, with forward slashes, → text of each file of a new workspace."""
    return {path: _filled(text, today, seller) for path, text in _templates(files(__name__) / "workspace", "")}


def _templates(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            found += _templates(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found


def _filled(text: str, today: date, seller: str) -> str:
    start = {"today": today, "go-live": _go_live(today)}
    text = _DAY.sub(lambda match: weekday_at(start[match["from"]], int(match["days"] or 0)).isoformat(), text)
    # In single quotes YAML takes every character as it is but the quote itself.
    return text.replace("<seller>", "'" + seller.strip().replace("'", "''") + "'")


def _go_live(today: date) -> date:
    day = weekday_at(today, GO_LIVE_AFTER)
    while day.month in QUARTER_END_MONTHS and day.day >= LAST_DAYS_FROM:
        day = weekday_at(day, _DAYS_A_WEEK)
    return day


def weekday_at(start: date, days: int) -> date:
    """The day `days` after `start`, or the Monday after it when that is a Saturday or Sunday."""
    day = start + timedelta(days=days)
    return day if day.weekday() <= _FRIDAY else day + timedelta(days=_DAYS_A_WEEK - day.weekday())
