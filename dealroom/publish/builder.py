"""Makes one room at a time, and keeps between rooms what they share: themes, derived keys, the client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

from dealroom.company import Company
from dealroom.diagnostics import Diagnostic, Place, error, has_errors
from dealroom.errors import Problem, as_problem
from dealroom.plan.digest import commitments_digest
from dealroom.plan.history import History, read_history
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.publish.access import room_path
from dealroom.publish.answering import reply_channel
from dealroom.publish.built import BuiltRoom
from dealroom.publish.client import load_client
from dealroom.publish.epochs import to_seal
from dealroom.publish.facts import room_facts
from dealroom.publish.headers import headers_file
from dealroom.publish.loading import LoadedRoom, load_room
from dealroom.publish.output import ASSETS, OutputFile, file_of_bytes
from dealroom.publish.passphrases import chosen_passphrases
from dealroom.publish.readers import Admission, Readership
from dealroom.publish.release import Releases, loaded_by
from dealroom.publish.themes import Themes
from dealroom.room.compose import compose
from dealroom.room.locale import browser_texts, load_locale
from dealroom.room.render import (
    ClientAssets,
    LockedRoom,
    RenderedRoom,
    render_closed,
    render_front,
    render_lock,
    render_room,
)
from dealroom.room.theme import Theme
from dealroom.room.theme_settings import ThemeProblem
from dealroom.room.views import View
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from dealroom.seal.access import room_id
from dealroom.seal.derive import Derivation, Deriver
from dealroom.seal.errors import WeakPassphrase
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.room import RoomToSeal, derivations, seal_room
from dealroom.seal.unseal import OBJECTS, PAGE
from dealroom.workspace import Workspace


class Builder:
    """Builds the rooms of a workspace as they are on a day, which decides whose access has expired.

    `sellers` lets the seller's side open them too, for the preview.
    """

    def __init__(self, workspace: Workspace, key: WorkspaceKey, today: date, *, sellers: bool = False) -> None:
        self._workspace = workspace
        self._key = key
        self._today = today
        self._admission = Admission(key, chosen_passphrases(workspace), sellers)
        self._deriver = Deriver(key, workspace.state / "cache" / "derived")
        self._releases = Releases(key)
        self._themes = Themes(workspace)
        self._readerships: dict[str, tuple[LoadedPlan, Readership]] = {}
        self._histories: dict[str, History] = {}

    def build_room(self, plan: LoadedPlan) -> BuiltRoom:
        """The room of a plan that has been read; a plan with errors gives only its findings."""
        room = load_room(self._workspace, plan)
        if plan.plan is None or has_errors(room.diagnostics):
            return BuiltRoom(plan.slug, "", plan.slug, (), room.diagnostics)
        try:
            files = self._files(room, plan.plan)
            # Thousands of plans may be built, one after the other.
            self._readerships.pop(plan.slug, None)
            files = (*files, self._release(plan, plan.plan, files))
        except (Problem, OSError) as fault:
            # What is wrong with this room, its theme or a file of it that just vanished, must not stop the others.
            found = tuple(self._themes.findings(plan)) if isinstance(fault, ThemeProblem) else ()
            return BuiltRoom(
                plan.slug, "", plan.plan.title, (), (*room.diagnostics, *(found or (_cannot_build(plan, fault),)))
            )
        return BuiltRoom(
            plan.slug, room_path(self._key, plan.slug, plan.plan), plan.plan.title, files, room.diagnostics
        )

    def take_history(self, plan: LoadedPlan) -> History:
        """The history with which the room of a plan was just built; once."""
        return self._histories.pop(plan.slug, History())

    def derive_keys(self, plans: Iterable[LoadedPlan], progress: Callable[[int, int], None] | None = None) -> None:
        """Derive the keys of all these rooms' passphrases at once, on all cores."""
        wanted: list[Derivation] = []
        for plan in plans:
            # A passphrase that is refused is told when its room is built.
            with suppress(WeakPassphrase):
                if credentials := self._readership(plan).credentials:
                    wanted.extend(derivations(self._key, RoomToSeal(room_id(self._key, plan.slug), (), credentials)))
        self._deriver.derive_all(wanted, progress)

    def shared_files(self, plans: Iterable[LoadedPlan]) -> tuple[OutputFile, ...]:
        """What these rooms need outside their own folders: the client, their themes, the site's front page."""
        front = self._themes.of_site()
        themes = [front, *(theme for plan in plans if (theme := self._theme_of_plan(plan)))]
        assets = {name: content for theme in themes for name, content in theme.assets()}
        locale = load_locale(self._workspace.settings.lang, front.texts)
        page = file_of_bytes(PAGE, render_front(front, locale=locale), is_page=True)
        return (
            *load_client().files,
            *(file_of_bytes(f"{ASSETS}/{name}", content, immutable=True) for name, content in sorted(assets.items())),
            headers_file(),
            page,
            self._releases.of_site([*loaded_by(front), page]),
        )

    def theme_files(self, name: str | None, seller_logo: str | None) -> tuple[OutputFile, ...]:
        """The assets of one theme. `seller_logo`, relative to the workspace, stands in for a logo that it lacks.

        Raises ThemeProblem.
        """
        theme = self._themes.named(name, self._workspace.root / seller_logo if seller_logo else None)
        return tuple(file_of_bytes(f"{ASSETS}/{name}", content, immutable=True) for name, content in theme.assets())

    def _files(self, room: LoadedRoom, plan: Plan) -> tuple[OutputFile, ...]:
        slug, path = room.loaded.slug, room_path(self._key, room.loaded.slug, plan)
        who = self._readership(room.loaded)
        theme = self._themes.of_plan(plan, room.loaded.folder)
        locale = load_locale(plan.lang or self._workspace.settings.lang, theme.texts)
        seller: Company = plan.seller or self._workspace.settings.seller
        assets = _way_to_assets(path)
        if who.closed:
            page = render_closed(theme, seller, locale=locale, assets=assets)
            return (file_of_bytes(f"{path}/{PAGE}", page, is_page=True),)
        views = to_seal(self._rendered(room, plan, who), who, room.loaded, locale.lang)
        written = plan.access.remember
        remember = self._workspace.settings.access.remember if written is None else written
        to_seal_now = RoomToSeal(room_id(self._key, slug), views, who.credentials, remember=remember)
        sealed = seal_room(self._key, to_seal_now, self._deriver)
        client = load_client()
        texts = browser_texts(locale)
        scripts = ClientAssets(client.entry, client.modules, texts, lazy=client.lazy, digests=client.digests)
        settings = self._workspace.settings
        locked = LockedRoom(to_seal_now.id, sealed.descriptor, remember, settings.embeds, settings.replies.endpoint)
        lock = render_lock(theme, seller, locked, scripts, locale=locale, assets=assets)
        return (
            *(
                OutputFile(f"{path}/{OBJECTS}/{one.name}", one.size, one.chunks, immutable=True)
                for one in sealed.objects
            ),
            file_of_bytes(f"{path}/{PAGE}", lock, is_page=True),
        )

    def _release(self, loaded: LoadedPlan, plan: Plan, files: Sequence[OutputFile]) -> OutputFile:
        room, path = room_id(self._key, loaded.slug), room_path(self._key, loaded.slug, plan)
        return self._releases.of_room(room, path, files, loaded_by(self._themes.of_plan(plan, loaded.folder)))

    def _rendered(
        self, room: LoadedRoom, plan: Plan, who: Readership, *, every: bool = False
    ) -> Mapping[str, RenderedRoom]:
        """The pages of the views that somebody opens, or had until it expired, by the view's id; or of every view."""
        folder, settings = room.loaded.folder, self._workspace.settings
        theme = self._themes.of_plan(plan, folder)
        locale = load_locale(plan.lang or settings.lang, theme.texts)
        calendars = calendars_for(plan, settings.calendar)
        dates = plan_dates(plan, calendars)
        history = self._histories[room.loaded.slug] = read_history(folder, self._workspace.root)
        facts = replace(room_facts(folder, plan, calendars, history), digest=commitments_digest(plan))
        assets = _way_to_assets(room_path(self._key, room.loaded.slug, plan))
        seller: Company = plan.seller or settings.seller
        id = room_id(self._key, room.loaded.slug)

        def page_of(view: View) -> RenderedRoom:
            channel = reply_channel(settings.replies, id, view, who, history)
            shown = compose(view, dates, room.pages, seller, locale, replace(facts, channel=channel))
            return render_room(shown, theme, assets=assets)

        return {
            view.id: page_of(view)
            for view in who.views
            if every or who.is_read(view) or any(person in view.people for person in who.lapsed)
        }

    def files_by_view(self, plan: LoadedPlan) -> Mapping[str, frozenset[str]]:
        """The files that each view of a plan shows, by the view's id. Of a plan with errors, none."""
        room = load_room(self._workspace, plan)
        if plan.plan is None or has_errors(room.diagnostics):
            return {}
        who = self._readership(plan)
        rendered = self._rendered(room, plan.plan, who, every=True)
        return {view: frozenset(file.path for file in page.files) for view, page in rendered.items()}

    def _readership(self, plan: LoadedPlan) -> Readership:
        """Who opens the room; worked out once for a plan as it was read. Raises WeakPassphrase."""
        known, readership = self._readerships.get(plan.slug, (None, None))
        if known is not plan or readership is None:
            readership = self._admission.readership(plan, self._today)
            self._readerships[plan.slug] = (plan, readership)
        return readership

    def _theme_of_plan(self, plan: LoadedPlan) -> Theme | None:
        """The theme of a plan, or nothing where its room cannot be built for that."""
        if plan.plan is None:
            return None
        try:
            return self._themes.of_plan(plan.plan, plan.folder)
        except Problem:
            return None


def _cannot_build(plan: LoadedPlan, fault: Problem | OSError) -> Diagnostic:
    problem = as_problem(fault)
    return error("cannot-build", problem.message, Place(plan.source.name), problem.hint)


def _way_to_assets(path: str) -> str:
    """From a room's page to the folder of assets, with a slash at its end."""
    return "../" * len(PurePosixPath(path).parts) + f"{ASSETS}/"
