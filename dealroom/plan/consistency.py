"""What cannot be true of a plan: work finished before it was started, a status its dates deny. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dealroom.diagnostics import Diagnostic, error, warning
from dealroom.diagnostics.wording import quoted
from dealroom.plan.model import Milestone, Plan, Status
from dealroom.plan.references import Locate, Path, Unread
from dealroom.plan.room_parts import Document


def check_consistency(plan: Plan, locate: Locate, unread: Unread) -> Iterator[Diagnostic]:
    """Everything in `plan` that contradicts itself."""
    for index, milestone in enumerate(plan.milestones):
        yield from _order_of_dates(milestone, ("milestones", index), locate)
        yield from _status(milestone, ("milestones", index), locate)
    yield from _go_live(plan, locate)
    for index, review in enumerate(plan.reviews):
        if review.next and review.next < review.on:
            place = locate(("reviews", index, "next"))
            message = f"the next review ({review.next}) is before this one ({review.on})"
            yield error("impossible-date", message, place, "check both dates")
    yield from _documents(plan, locate, unread)
    yield from _pages(plan, locate)


def _order_of_dates(milestone: Milestone, path: Path, locate: Locate) -> Iterator[Diagnostic]:
    started, done = milestone.started, milestone.done
    if started and done and done < started:
        message = f"this was done on {done}, before it was started on {started}"
        yield error("impossible-date", message, locate((*path, "done")), "check both dates")
    since = milestone.blocked.since if milestone.blocked else None
    if since and done and since > done:
        message = f"this is blocked since {since}, after it was done on {done}"
        hint = "remove `blocked:`, or check both dates"
        yield error("impossible-date", message, locate((*path, "blocked", "since")), hint)


def _status(milestone: Milestone, path: Path, locate: Locate) -> Iterator[Diagnostic]:
    status = milestone.status
    if status is None:
        return
    if milestone.done and status is not Status.DONE:
        message = f"the status is {quoted(status)}, but `done` says {milestone.done}"
        yield error("status-conflict", message, locate((*path, "status")), "write `status: done`, or remove `done:`")
    elif milestone.started and status is Status.NOT_STARTED:
        message = f"the status is {quoted(status)}, but `started` says {milestone.started}"
        hint = "write `status: in-progress`, or remove `started:`"
        yield error("status-conflict", message, locate((*path, "status")), hint)
    if milestone.blocked and status is not Status.BLOCKED:
        message = f"the status is {quoted(status)}, but `blocked` says what it waits for"
        hint = "write `status: blocked`, or remove `blocked:`"
        yield warning("status-conflict", message, locate((*path, "status")), hint)


def _go_live(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    milestone = plan.milestone(plan.go_live.milestone) if plan.go_live.milestone else None
    if milestone and milestone.status is Status.DROPPED:
        message = f"the go-live milestone {quoted(milestone.id)} is dropped"
        hint = "name the milestone that is the go-live now, or remove `milestone:`"
        yield error("status-conflict", message, locate(("go_live", "milestone")), hint)


def _documents(plan: Plan, locate: Locate, unread: Unread) -> Iterator[Diagnostic]:
    for index, document in enumerate(plan.documents):
        path: Path = ("documents", index)
        if document.file and document.url:
            hint = "keep `file:` for a file beside the plan, or `url:` for a link"
            message = f"document {quoted(document.title)} has both a file and a link"
            yield error("conflicting-fields", message, locate((*path, "url")), hint)
        elif not document.file and not document.url and path not in unread.damaged:
            message = f"document {quoted(document.title)} has neither a file nor a link"
            hint = "add `file: files/…` for a file beside the plan, or `url: https://…`"
            yield error("missing-field", message, locate(path), hint)
        yield from _embed(document, path, locate)


def _embed(document: Document, path: Path, locate: Locate) -> Iterator[Diagnostic]:
    if document.embed and document.file:
        message = f"document {quoted(document.title)} is a file, and only what is on another site is embedded"
        hint = "remove `embed:`; films, pictures, texts and PDFs open in the room by themselves"
        yield error("conflicting-fields", message, locate((*path, "embed")), hint)
    elif document.embed and document.url and not document.url.lower().startswith("https://"):
        message = f"{quoted(document.url)} cannot be shown in a room"
        yield error("invalid-url", message, locate((*path, "url")), "use https://, or remove `embed:`")


def _pages(plan: Plan, locate: Locate) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, page in enumerate(plan.pages):
        if page.file in first:
            hint = f"the other one is on line {locate(('pages', first[page.file])).line}; keep one of the two"
            message = f"the page {quoted(page.file)} is listed twice"
            yield error("duplicate-page", message, locate(("pages", index)), hint)
        first.setdefault(page.file, index)
