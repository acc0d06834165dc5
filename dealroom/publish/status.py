"""How every deal stands: one value a plan, computed once for each state of its files and each day.

What was computed is kept in the state folder under a digest of all it follows from, so that asking again costs no
more than looking at the files. From some number of plans on, they are computed on all cores.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.diagnostics import Diagnostic, Severity, has_errors
from dealroom.errors import Problem
from dealroom.plan.folders import plan_slugs
from dealroom.plan.model import Plan, Side, Status
from dealroom.plan.read import LoadedPlan
from dealroom.publish.rivals import chosen_paths, rivals_of
from dealroom.publish.status_cache import StatusCache
from dealroom.workspace import Settings, Workspace, open_workspace

if TYPE_CHECKING:
    from dealroom.schedule.next_steps import NextStep

# What a plan with errors is, beside the states of `health.status`.
BROKEN = "broken"

# What needs attention first. A draft asks for less than a deal that moves; one that is live for nothing.
ATTENTION = (BROKEN, "stalled", "late", "at-risk", "on-track", "draft", "live")

# Starting a process and its imports cost what some thirty plans do.
PARALLEL_FROM = 60

# Plans that a process is handed at a time, a tenth of a second's work: Ctrl-C waits for those that are handed out.
TOGETHER = 4

# Shares of a forecast's distribution are kept to a ten-thousandth, a fifth of what chance leaves certain.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing that one side has to do: an ISO date, and who does it."""

    title: str
    owner: str
    by: str


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """How one deal stands. Dates are ISO. Of a plan with errors only `slug`, `title`, `status`, `reason`, `worst` tell.

    `progress` is from 0 to 1, steps included; `done` and `total` count milestones, without the dropped ones. `worst` is
    the most severe finding, as `code: message`. `distribution` gives for each day of the forecast the share of samples
    that reach go-live on it. `path` is the one that the plan chose for its room, if it did.
    """

    slug: str
    title: str
    status: str
    reason: str
    buyer: str = ""
    progress: float = 0.0
    done: int = 0
    total: int = 0
    go_live: str | None = None
    days_to_go_live: int | None = None
    projected: str | None = None
    p_on_time: float | None = None
    p80: str | None = None
    next_buyer: Step | None = None
    next_seller: Step | None = None
    errors: int = 0
    warnings: int = 0
    worst: str | None = None
    days_since_review: int | None = None
    distribution: tuple[tuple[str, float], ...] = ()
    path: str | None = None


def statuses(workspace: Workspace, today: date, slugs: Sequence[str], *, cached: bool = True) -> tuple[PlanStatus, ...]:
    """How the named plans stand, what needs attention first."""
    cache = StatusCache(workspace, today)
    found = {slug: known for slug in slugs if cached and (known := cache.get(slug)) is not None}
    missing = [slug for slug in slugs if slug not in found]
    if len(missing) >= PARALLEL_FROM:
        fresh = _in_parallel(workspace, today, missing)
    else:
        fresh = [status_of(workspace, today, slug) for slug in missing]
    found.update({status.slug: status for status in fresh})
    if fresh:
        cache.add(fresh)
    found.update({status.slug: status for status in _conflicts(workspace, found)})
    return tuple(sorted(found.values(), key=_attention))


def _conflicts(workspace: Workspace, found: Mapping[str, PlanStatus]) -> list[PlanStatus]:
    """How plans stand that chose the same path as another one. It hangs on that one too, and so is not kept."""
    paths = {slug: status.path for slug, status in found.items() if status.path}
    if not paths:
        return []
    paths |= chosen_paths(workspace, [slug for slug in plan_slugs(workspace) if slug not in found])
    rivals = rivals_of(paths)
    if rivals.keys().isdisjoint(found):
        return []
    # What reads plans takes a while to load, and mostly nothing is to be read.
    from dealroom.publish.loading import load_plans

    loaded = [plan for slug in found if slug in rivals for plan in load_plans(workspace, [slug], rivals)]
    return [_broken(plan, plan.diagnostics) for plan in loaded if has_errors(plan.diagnostics)]


def status_of(workspace: Workspace, today: date, slug: str) -> PlanStatus:
    """How one plan stands. A plan that cannot be read, or has no working days, is a status as well."""
    from dealroom.health.report import report
    from dealroom.publish.loading import load_plans, load_room

    title = slug
    try:
        (loaded,) = load_plans(workspace, [slug], {})
        title = loaded.plan.title if loaded.plan else slug
        room = load_room(workspace, loaded)
        findings = (*room.diagnostics, *report(loaded, workspace.settings, today))
        if loaded.plan is None or has_errors(room.diagnostics):
            return _broken(loaded, room.diagnostics)
        return deal_status_of(loaded.plan, slug, workspace.settings, today, findings)
    except Problem as problem:
        return PlanStatus(slug, title, BROKEN, problem.message)


def deal_status_of(
    plan: Plan, slug: str, settings: Settings, today: date, findings: Sequence[Diagnostic]
) -> PlanStatus:
    """How the deal of a plan without errors stands; `findings` are what was found in it.

    Raises:
        Problem: there are not enough working days for a forecast.
    """
    from dealroom.health.status import deal_status
    from dealroom.schedule.backward import plan_dates
    from dealroom.schedule.calendar import calendars_for
    from dealroom.schedule.forecast import forecast
    from dealroom.schedule.forward import schedule
    from dealroom.schedule.next_steps import next_step
    from dealroom.schedule.progress import plan_progress

    calendars = calendars_for(plan, settings.calendar)
    scheduled = schedule(plan, calendars, today)
    deal = deal_status(plan, scheduled, today)
    chances = forecast(plan, calendars, today, with_shortening=False)
    dates = plan_dates(plan, calendars)
    states = [milestone.state for milestone in plan.milestones]
    reviewed = max((review.on for review in plan.reviews if review.on <= today), default=None)
    return PlanStatus(
        slug=slug,
        title=plan.title,
        status=deal.state.value,
        reason=deal.reason,
        buyer=plan.buyer.name,
        progress=round(plan_progress(plan), DIGITS),
        done=states.count(Status.DONE),
        total=len(states) - states.count(Status.DROPPED),
        go_live=plan.go_live.date.isoformat(),
        days_to_go_live=(plan.go_live.date - today).days,
        projected=scheduled.projected.isoformat(),
        # Of a plan with nothing in it nobody can tell.
        p_on_time=round(chances.p_on_time, DIGITS) if plan.milestones else None,
        p80=chances.p80.isoformat(),
        next_buyer=_step(next_step(plan, dates, Side.BUYER)),
        next_seller=_step(next_step(plan, dates, Side.SELLER)),
        errors=sum(found.severity is Severity.ERROR for found in findings),
        warnings=sum(found.severity is Severity.WARNING for found in findings),
        worst=_worst(findings),
        days_since_review=(today - reviewed).days if reviewed else None,
        distribution=tuple((day.isoformat(), round(share, DIGITS)) for day, share in chances.distribution),
        path=plan.path,
    )


def _broken(loaded: LoadedPlan, findings: tuple[Diagnostic, ...]) -> PlanStatus:
    errors = [found for found in findings if found.severity is Severity.ERROR]
    return PlanStatus(
        slug=loaded.slug,
        title=loaded.plan.title if loaded.plan else loaded.slug,
        status=BROKEN,
        reason=f"{errors[0].message} ({errors[0].place})",
        errors=len(errors),
        warnings=len(findings) - len(errors),
        worst=_worst(findings),
    )


def _worst(findings: Sequence[Diagnostic]) -> str | None:
    worst = min(findings, key=lambda found: found.severity is not Severity.ERROR, default=None)
    return f"{worst.code}: {worst.message}" if worst else None


def _step(found: NextStep | None) -> Step | None:
    return Step(found.title, found.owner, found.by.isoformat()) if found else None


def _attention(status: PlanStatus) -> tuple[int, int, float, str, str]:
    """Sorts what needs attention first: by state, then errors, then the least likely and the nearest go-live."""
    likely = 1.0 if status.p_on_time is None else status.p_on_time
    return ATTENTION.index(status.status), -status.errors, likely, status.go_live or "", status.slug


def _in_parallel(workspace: Workspace, today: date, slugs: Sequence[str]) -> list[PlanStatus]:
    shares = [slugs[start : start + TOGETHER] for start in range(0, len(slugs), TOGETHER)]
    pool = ProcessPoolExecutor(os.cpu_count() or 1, initializer=_begin)
    try:
        done = pool.map(_share, repeat(workspace.root), repeat(today), shares)
        return [status for share in done for status in share]
    except BrokenProcessPool as error:
        raise Problem(
            "a process that read plans was ended from outside", "often the memory did not suffice: name fewer plans"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal; the one that asked decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _share(root: Path, today: date, slugs: Sequence[str]) -> list[PlanStatus]:
    workspace = open_workspace(root)
    return [status_of(workspace, today, slug) for slug in slugs]
