"""Put together what one view's page says.

Takes the view's plan, the dates computed from the whole plan, and the rendered pages; gives `RoomContent`. Pure, and
without today: the same sources give the same page on any day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from dealroom.company import Company as WrittenCompany
from dealroom.plan import model
from dealroom.plan.digest import commitments_digest
from dealroom.plan.history import History
from dealroom.plan.model import Side, Status
from dealroom.room import content
from dealroom.room.agreements import compose_agreements, latest_of_each
from dealroom.room.changes import compose_past
from dealroom.room.documents import compose_documents, logo_of
from dealroom.room.inline import inline, label, plain
from dealroom.room.links import file_ref
from dealroom.room.locale import Locale
from dealroom.room.milestones import compose_phases, shown_days
from dealroom.room.pages import WORDS_A_MINUTE, LoadedPage, pages_of
from dealroom.room.people import People, missing_roles
from dealroom.room.progress import reached
from dealroom.room.replying import NO_CHANNEL, ReplyChannel, reply_facts
from dealroom.room.timeline import axis_of, scale_of
from dealroom.room.values import Axis, Leeway, Link, Outlook, Revision
from dealroom.room.views import View
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars, calendars_for
from dealroom.schedule.slack import OpenWork, slack_of

if TYPE_CHECKING:
    from dealroom.schedule.forecast import Forecast

NO_HISTORY = History()

# A probability closer to 0 or 1 than this is told as this: `1 %`, `99 %`.
_LEAST_LIKELY = 0.01


@dataclass(frozen=True, slots=True)
class Facts:
    """What a room shows that is not in the plan itself: the files beside it, its history, and what follows from it.

    `sizes` are in bytes, and `pixels` those of images, by path. Without `calendars` both sides work as the plan says.
    `outlook` is the forecast as of a day, for a plan that shares it. `digest` is that of the whole plan's commitments,
    and `channel` is where its readers' replies go.
    """

    sizes: Mapping[str, int]
    pixels: Mapping[str, tuple[int, int]]
    history: History = NO_HISTORY
    calendars: Calendars | None = None
    outlook: tuple[date, Forecast] | None = None
    digest: str | None = None
    channel: ReplyChannel = NO_CHANNEL


NO_FACTS = Facts({}, {})


def compose(
    view: View,
    dates: Mapping[str, MilestoneDates],
    pages: Sequence[LoadedPage],
    seller: WrittenCompany,
    locale: Locale,
    facts: Facts = NO_FACTS,
) -> content.RoomContent:
    """The content of a view's page.

    `dates` are by milestone id and may be those of the whole plan; `pages` likewise are all pages of the plan.
    `seller` is the settings' one, or the plan's own.
    """
    plan = view.plan
    people = People(plan, locale)
    course = _course(plan, dates, people, locale, facts)
    shown = pages_of(view, pages)
    reviews = _reviews(plan, people, locale)
    agreements = _agreements(plan, course, people, locale, facts)
    logo = logo_of(plan.buyer, facts.pixels)
    return content.RoomContent(
        lang=locale.lang,
        direction=locale.direction,
        label=inline(plan.label or locale.texts["plan.label"]),
        title=inline(plan.title),
        plain_title=plain(plan.title),
        outcome=inline(plan.outcome) if plan.outcome else None,
        buyer=_company(plan.buyer, logo, plan.buyer.color),
        seller=_company(seller, None),
        go_live=_go_live(plan, locale),
        phases=course.phases,
        axis=course.axis,
        blocked=_blocked(course.phases),
        criteria=tuple(_criterion(one, plan, course.dates, people, locale) for one in plan.success_criteria),
        buyer_people=people.side(Side.BUYER),
        seller_people=people.side(Side.SELLER),
        documents=compose_documents(plan, locale, facts.sizes),
        pages=tuple(_page(page, locale) for page in shown),
        reviews=reviews,
        agreements=agreements,
        agreed=latest_of_each(agreements),
        past=_told(course.revisions, reviews, agreements),
        leeway=course.leeway,
        outlook=_outlook(*facts.outlook, locale) if facts.outlook and plan.share_forecast else None,
        missing_roles=missing_roles(plan, locale) if plan.show_missing_roles else (),
        texts=locale.texts,
        client_texts=_client_texts(locale),
        reply=reply_facts(plan, course.calendars, course.dates, seller.name, facts.channel),
        files=_files(plan, shown, logo),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """A plan's milestones on the calendar. `dates` are those of milestones that can be shown on a day."""

    dates: Mapping[str, MilestoneDates]
    calendars: Calendars
    phases: tuple[content.Phase, ...]
    axis: Axis | None
    leeway: Leeway | None
    revisions: tuple[Revision, ...]


def _course(
    plan: model.Plan, dates: Mapping[str, MilestoneDates], people: People, locale: Locale, facts: Facts
) -> _Course:
    # Without working days there are no dates to show; the checks say so.
    dates = {id: days for id, days in dates.items() if not days.has_no_room}
    calendars = facts.calendars or calendars_for(plan)
    scale = scale_of(_days(plan, dates))
    # From the view's plan, and not the whole one: what is hidden makes nothing critical that is seen.
    slack = slack_of(plan, calendars, dates)
    past = compose_past(plan, facts.history, calendars, people, locale)
    return _Course(
        dates=dates,
        calendars=calendars,
        phases=compose_phases(plan, dates, people, locale, scale, slack=slack.milestones, moves=past.moves),
        axis=axis_of(scale, plan.go_live.date, locale, calendars) if scale else None,
        leeway=_leeway(plan, slack.go_live),
        revisions=past.revisions,
    )


def _blocked(phases: Iterable[content.Phase]) -> tuple[content.Milestone, ...]:
    milestones = (milestone for phase in phases for milestone in phase.milestones)
    return tuple(milestone for milestone in milestones if milestone.blocker or milestone.state == Status.BLOCKED)


def _days(plan: model.Plan, dates: Mapping[str, MilestoneDates]) -> Iterable[date]:
    if any(milestone.id in dates for milestone in plan.milestones):
        yield plan.go_live.date
    for milestone in plan.milestones:
        if found := dates.get(milestone.id):
            yield from shown_days(milestone, found)


def _leeway(plan: model.Plan, work: OpenWork | None) -> Leeway | None:
    if work is None:
        return None
    return Leeway(work.start_by.isoformat(), work.in_hand, plan.go_live.date.isoformat(), after_go_live=False)


def _outlook(as_of: date, forecast: Forecast, locale: Locale) -> Outlook:
    # Nothing that is still to come is certain, however many samples agree.
    likely = min(max(forecast.p_on_time, _LEAST_LIKELY), 1 - _LEAST_LIKELY)
    return Outlook(locale.day(as_of), locale.percent(likely), locale.day(forecast.p80))


def _go_live(plan: model.Plan, locale: Locale) -> content.GoLive:
    milestone = plan.milestone(plan.go_live.milestone) if plan.go_live.milestone else None
    return content.GoLive(
        day=locale.day(plan.go_live.date),
        why=inline(plan.go_live.why) if plan.go_live.why else None,
        milestone=Link(f"#milestone-{milestone.id}", label(milestone.title)) if milestone else None,
    )


def _company(company: WrittenCompany, logo: content.Logo | None, colour: str | None = None) -> content.Company:
    website = company.website
    if website and "://" not in website:
        website = f"https://{website}"
    host = website.partition("://")[2].removeprefix("www.").strip("/") if website else None
    safe = website if website and website.lower().startswith(("https://", "http://")) else None
    return content.Company(inline(company.name), plain(company.name), safe, host, logo, colour)


def _criterion(
    criterion: model.SuccessCriterion,
    plan: model.Plan,
    dates: Mapping[str, MilestoneDates],
    people: People,
    locale: Locale,
) -> content.Criterion:
    proof = plan.milestone(criterion.proven_by) if criterion.proven_by else None
    checked = (proof.done or (dates[proof.id].finish if proof.id in dates else None)) if proof else None
    return content.Criterion(
        id=criterion.id,
        anchor=f"criterion-{criterion.id}",
        statement=inline(criterion.statement),
        baseline=inline(criterion.baseline) if criterion.baseline else None,
        current=inline(criterion.current) if criterion.current else None,
        target=inline(criterion.target) if criterion.target else None,
        reached=reached(criterion.baseline, criterion.current, criterion.target),
        owner=people.get(criterion.owner),
        proven_by=Link(f"#milestone-{proof.id}", label(proof.title)) if proof else None,
        proven_on=locale.day(checked) if checked else None,
        status=criterion.status.value,
        status_text=locale.texts[f"criterion.{criterion.status.value}"],
    )


def _page(page: LoadedPage, locale: Locale) -> content.Page:
    minutes = max(1, round(page.words / WORDS_A_MINUTE))
    return content.Page(
        anchor=page.anchor,
        title=page.title,
        html=page.html,
        summary=page.summary,
        minutes=locale.plural("pages.minutes", minutes),
        toc=page.toc,
    )


def _agreements(
    plan: model.Plan, course: _Course, people: People, locale: Locale, facts: Facts
) -> tuple[content.Agreement, ...]:
    digest = facts.digest or commitments_digest(plan)
    return compose_agreements(plan, facts.history, digest, course.calendars, people, locale)


def _reviews(plan: model.Plan, people: People, locale: Locale) -> tuple[content.Review, ...]:
    """The newest first."""
    return tuple(
        content.Review(
            on=locale.day(review.on),
            people=tuple(person for id in review.with_ if (person := people.get(id))),
            note=inline(review.note) if review.note else None,
            next=locale.day(review.next) if review.next else None,
        )
        for review in sorted(plan.reviews, key=lambda review: review.on, reverse=True)
    )


def _told(
    revisions: Sequence[Revision], reviews: Sequence[content.Review], agreements: Sequence[content.Agreement]
) -> tuple[Revision | content.Review | content.Agreement, ...]:
    """All that happened to the plan, the newest first; what is not published yet before all."""
    every: list[Revision | content.Review | content.Agreement] = [*revisions, *agreements, *reviews]
    return tuple(sorted(every, key=lambda entry: entry.on.iso if entry.on else "~", reverse=True))


@lru_cache(maxsize=16)
def _client_texts(locale: Locale) -> str:
    """The texts that the browser fills in, as JSON without the `client.` prefix."""
    prefix = "client."
    said = {key.removeprefix(prefix): text for key, text in locale.texts.items() if key.startswith(prefix)}
    said["short_days"] = "|".join(locale.short_days())
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _files(plan: model.Plan, pages: Sequence[LoadedPage], logo: content.Logo | None) -> tuple[content.FileRef, ...]:
    files = [file_ref(document.file, "document") for document in plan.documents if document.file]
    files += [file for page in pages for file in page.files]
    if logo and plan.buyer.logo:
        files.append(file_ref(plan.buyer.logo, "image"))
    return tuple({file.ref: file for file in files}.values())
