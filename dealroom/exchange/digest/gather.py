"""Whose digest says what: the people who open a room, each with the plan as they see it and their own link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.plan.access import guests
from dealroom.plan.history import Change, History, changes, read_history, recorded, revision_at
from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.plan.read import LoadedPlan
from dealroom.publish.access import read_one, room_path
from dealroom.publish.passphrases import chosen_passphrases
from dealroom.publish.readers import Admission, Readership
from dealroom.publish.themes import Themes
from dealroom.room.digest import Digest, News, Seen, Sender, Way, compose_digest
from dealroom.room.inline import plain
from dealroom.room.locale import Locale, load_locale
from dealroom.room.theme import Theme
from dealroom.room.views import View
from dealroom.schedule.backward import MilestoneDates, plan_dates
from dealroom.schedule.calendar import Calendars, calendars_for
from dealroom.seal.access import link_url, room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

# Who never got a digest is told of the last week.
FIRST_DIGEST = timedelta(days=7)

# Of the seller's side, whom the reader answers to.
_CONTACT_ROLE = "account-executive"


@dataclass(frozen=True, slots=True)
class PersonDigest:
    """One person's digest. `revisions` is how many of the history's it takes into account."""

    person: Stakeholder
    digest: Digest
    revisions: int


@dataclass(frozen=True, slots=True)
class Told:
    """Up to where a person was told already: the revisions of the history, and the day."""

    revisions: int
    on: date


@dataclass(frozen=True)
class Room:
    """A plan as its digests need it. `contact` is the person of the seller's side who is answered to."""

    slug: str
    id: str
    plan: Plan
    path: str
    base_url: str | None
    history: History
    readership: Readership
    guests: tuple[Stakeholder, ...]
    dates: dict[str, MilestoneDates] = field(repr=False)
    calendars: Calendars = field(repr=False)
    locale: Locale = field(repr=False)
    theme: Theme = field(repr=False)
    company: str

    @property
    def contact(self) -> Stakeholder | None:
        """The account executive, else the first of the seller's side who has an address."""
        sellers = [one for one in self.plan.stakeholders if one.side is Side.SELLER]
        executives = [one for one in sellers if one.role == _CONTACT_ROLE]
        return next((one for one in (*executives, *sellers) if one.email), next(iter(executives), None))

    @property
    def pending(self) -> tuple[Change, ...]:
        """What the plan says of its commitments that was not published yet; nothing before it ever was."""
        return changes(self.history.until(), recorded(self.plan)) if self.history.revisions else ()

    def readers(self) -> tuple[Stakeholder, ...]:
        """Those who open the room with a link of their own, in the plan's order."""
        ids = {one.credential.person.id for one in self.readership.readers if one.credential.person.kind != "shared"}
        return tuple(one for one in (*self.plan.stakeholders, *self.guests) if one.id in ids)


def open_room(workspace: Workspace, key: WorkspaceKey, slug: str, today: date) -> Room:
    """One plan, ready for digests.

    Raises:
        Problem: there is no such plan, or it or its theme has errors.
    """
    loaded, plan = read_one(workspace, slug)
    themes = Themes(workspace)
    theme = themes.of_plan(plan, loaded.folder)
    calendars = calendars_for(plan, workspace.settings.calendar)
    return Room(
        slug=loaded.slug,
        id=room_id(key, loaded.slug),
        plan=plan,
        path=room_path(key, loaded.slug, plan),
        base_url=workspace.settings.base_url,
        history=read_history(loaded.folder, workspace.root),
        readership=_readership(workspace, key, loaded, today),
        guests=guests(plan, loaded.access),
        dates=plan_dates(plan, calendars),
        calendars=calendars,
        locale=load_locale(themes.lang(plan), theme.texts),
        theme=theme,
        company=plain((plan.seller or workspace.settings.seller).name),
    )


def recipients(room: Room, ids: Sequence[str]) -> tuple[Stakeholder, ...]:
    """The people with these ids; without any, all who open the room.

    Raises:
        Problem: the plan has nobody of that id, or they have no access any more.
    """
    readers = room.readers()
    if not ids:
        return readers
    known = {one.id: one for one in (*room.plan.stakeholders, *room.guests)}
    reading = {one.id for one in readers}
    for id in ids:
        if id not in known:
            otherwise = f"people of the plan are {', '.join(known)}" if known else "the plan has no stakeholders"
            raise Problem(f"there is nobody {quoted(id)} in {room.slug}", did_you_mean(id, list(known), otherwise))
        if known[id].side is Side.BUYER and id not in reading:
            raise Problem(f"{quoted(id)} has no access to {room.slug}", f"see `dealroom access list {room.slug}`")
    return tuple(known[id] for id in dict.fromkeys(ids))


def digest_for(
    room: Room, person: Stakeholder, today: date, *, since: str | None, told: Told | None, with_link: bool
) -> PersonDigest:
    """What a person is told: the changes since a day or version, else since they were last told.

    Raises:
        Problem: the history has no such version.
    """
    view = _view(room, person)
    first, day = _since(room.history, since, told, today)
    published = changes(room.history.until(first), room.history.until())
    digest = compose_digest(
        Seen(view.plan, room.dates, room.calendars, today),
        person,
        News(published, day),
        room.locale,
        Sender(room.company, plain(room.contact.name) if room.contact else None),
        _way(room, person, with_link),
    )
    return PersonDigest(person, digest, len(room.history.revisions))


def _since(history: History, since: str | None, told: Told | None, today: date) -> tuple[int, date | None]:
    """How many revisions are known already, and the day from which is told."""
    if since is not None:
        first = revision_at(history, since)
        try:
            return first, date.fromisoformat(since)
        except ValueError:
            return first, history.revisions[first - 1].date
    if told is not None:
        # Lines may be gone since, as after a merge that lost some.
        return min(told.revisions, len(history.revisions)), told.on
    day = today - FIRST_DIGEST
    return sum(revision.date <= day for revision in history.revisions), day


def _readership(workspace: Workspace, key: WorkspaceKey, loaded: LoadedPlan, today: date) -> Readership:
    return Admission(key, chosen_passphrases(workspace)).readership(loaded, today)


def _view(room: Room, person: Stakeholder) -> View:
    view = room.readership.view_of(person.id)
    if view is None:
        raise Problem(f"{quoted(person.id)} sees nothing of {room.slug}", f"see `dealroom access list {room.slug}`")
    return view


def _way(room: Room, person: Stakeholder, with_link: bool) -> Way | None:
    """The personal link, or the room's address alone; nothing where nobody knows where the rooms are."""
    if room.base_url is None:
        return None
    if with_link:
        for reader in room.readership.readers:
            if reader.credential.person.id == person.id and reader.credential.person.kind != "shared":
                return Way(link_url(room.base_url, room.path, reader.credential.link_secret), is_personal=True)
    return Way(f"{room.base_url.rstrip('/')}/{room.path}/", is_personal=False)
