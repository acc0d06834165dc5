"""Who agreed to which version of the plan, and what moved since, as one view may tell it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from dealroom.plan.digest import names_digest
from dealroom.plan.history import Change, History, changes, recorded
from dealroom.plan.model import Plan
from dealroom.plan.past import Agreement
from dealroom.room import content
from dealroom.room.changes import told_changes
from dealroom.room.locale import Locale
from dealroom.room.people import People
from dealroom.room.values import ChangeLine
from dealroom.schedule.calendar import Calendars


def compose_agreements(
    plan: Plan, history: History, digest: str, calendars: Calendars, people: People, locale: Locale
) -> tuple[content.Agreement, ...]:
    """All agreements, the newest first. `plan` is the view's, `digest` that of the whole plan's commitments."""

    def moved(agreement: Agreement) -> tuple[ChangeLine, ...]:
        found = _since(plan, history, agreement.of)
        return told_changes(plan, found, calendars, people, locale) if found else ()

    # Of two on one day, the one that was written later is the newer one.
    newest_first = sorted(plan.agreements, key=lambda agreement: agreement.on)[::-1]
    return tuple(
        content.Agreement(
            by=person,
            on=locale.day(agreement.on),
            is_current=names_digest(agreement.of, digest),
            moved=() if names_digest(agreement.of, digest) else moved(agreement),
        )
        for agreement in newest_first
        if (person := people.get(agreement.by))
    )


def latest_of_each(agreements: Iterable[content.Agreement]) -> tuple[content.Agreement, ...]:
    """What each person agreed to last, in the order given: the newest first."""
    found: dict[str, content.Agreement] = {}
    for agreement in agreements:
        found.setdefault(agreement.by.id, agreement)
    return tuple(found.values())


def _since(plan: Plan, history: History, digest: str) -> list[Change]:
    """The commitments that changed since the published state of this digest; nothing where there was none."""
    states = [number for number, one in enumerate(history.revisions, start=1) if names_digest(digest, one.digest)]
    if not states:
        return []
    # That something is done changes nothing of what was agreed to.
    return [change for change in changes(history.until(states[-1]), recorded(plan)) if change.field != "done"]
