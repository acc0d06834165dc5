"""The rooms of the preview: built in memory when they are first asked for, and again when their files change.

What is served is what `build` writes, byte for byte; only the seller's own side is let in too, and replies come to the
preview itself. Reading and building take their time, so everything here is called from threads: one builds, any number
look things up.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from dealroom.diagnostics import Diagnostic, Place, Severity, error
from dealroom.diagnostics.render import render_full
from dealroom.errors import Problem, as_problem
from dealroom.plan.folders import PLAN_FILE, plan_slugs
from dealroom.plan.read import LoadedPlan, read_plan
from dealroom.publish.access import access_to, room_path
from dealroom.publish.builder import Builder
from dealroom.publish.built import BuiltRoom
from dealroom.publish.changes import Changes
from dealroom.publish.loading import load_plans
from dealroom.publish.output import OutputFile
from dealroom.publish.passphrases import chosen_passphrases
from dealroom.publish.readers import Admission
from dealroom.seal.access import room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.unseal import PAGE
from dealroom.serve.places import Places
from dealroom.serve.summary import Summary, summarise
from dealroom.workspace import Workspace

# Where the preview takes replies, as seen from any page of it.
REPLIES = "/replies"

# Where the script is that keeps an open page up to date.
SCRIPT = "/-/preview.js"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a room from being up to date, for the person who can put it right."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ServedRoom:
    """A room as it is served: its last good state, and what is wrong with the plan since.

    `files` are by path relative to the room's folder, without the page; `page` is empty when there never was a good
    state. `version` names the state.
    """

    slug: str
    path: str
    page: bytes = b""
    files: dict[str, OutputFile] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def version(self) -> str:
        """Equal for equal pages; empty without a page."""
        return hashlib.sha256(self.page).hexdigest()[:16] if self.page else ""

    @property
    def followed_page(self) -> bytes:
        """The page as buyers get it, and the script that keeps it up to date, which needs a policy of its own for
        HTML."""
        page = self.page.replace(b"trusted-types dealroom", b"trusted-types dealroom dealroom-preview", 1)
        script = f'<script type="module" src="{SCRIPT}" data-version="{self.version}"></script>'.encode()
        head, end, rest = page.partition(b"</head>")
        return head + script + end + rest


class Rooms:
    """All rooms of a workspace. `open_workspace` reads it from the disk and raises Problem when it cannot be used;
    `today` is the day on which the list judges plans."""

    def __init__(self, open_workspace: Callable[[], Workspace], key: WorkspaceKey, today: Callable[[], date]) -> None:
        self._open = open_workspace
        self._key = key
        self._today = today
        self._building = threading.RLock()
        self._workspace = open_workspace()
        self._day = today()
        self._builder = self._new_builder()
        self._slugs = plan_slugs(self._workspace)
        self._present = frozenset(self._slugs)
        self._places = Places(self._folder, self._slugs)
        self._summaries: dict[str, Summary] = {}
        self._unread = set(self._slugs)
        self._rooms: dict[str, ServedRoom] = {}
        self._plans: dict[str, LoadedPlan] = {}
        self._stale: set[str] = set()
        self._shared: dict[str, OutputFile] = {}
        self._trouble: Trouble | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace as it was last read."""
        return self._workspace

    @property
    def slugs(self) -> tuple[str, ...]:
        """The plans, in order."""
        return self._slugs

    def __contains__(self, slug: str) -> bool:
        """Whether there is such a plan."""
        return slug in self._present

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong with the settings, which every room depends on."""
        return self._trouble

    def known(self, slug: str) -> Summary | None:
        """What the list says of a plan, if it has been read; it may be about to be read again."""
        return self._summaries.get(slug)

    def unread(self) -> tuple[str, ...]:
        """The plans that have not been read since they changed."""
        return tuple(sorted(self._unread & self._present))

    def read(self, slug: str) -> Summary:
        """Read a plan for the list, unless that is done."""
        with self._building:
            if slug in self._unread or slug not in self._summaries:
                self._summaries[slug] = self._summary(slug)
                self._places.move({slug} & self._present)
                self._unread.discard(slug)
            return self._summaries[slug]

    def at(self, path: str) -> tuple[str, str] | None:
        """The plan whose room holds `path`, and the rest of the path within the room."""
        found = self._places.at(path)
        if found is None:
            # A plan that has not been read may have chosen this path.
            for slug in self.unread():
                self.read(slug)
            found = self._places.at(path)
        return found

    def room(self, slug: str) -> ServedRoom:
        """The room, built if it has to be."""
        with self._building:
            self._look_at_clock()
            room = self._rooms.get(slug)
            if room is None or slug in self._stale:
                room = self._build(slug, room)
            return room

    def version(self, slug: str) -> str:
        """The version of a room that was served last; empty before it has been."""
        with self._building:
            room = self._rooms.get(slug)
            return room.version if room else ""

    def shared(self, path: str) -> OutputFile | None:
        """A file that all rooms share: a style sheet, a font, the client."""
        if path not in self._shared:
            with self._building:
                files = self._builder.shared_files(self._plans.values())
                self._shared = {file.path: file for file in files}
        return self._shared.get(path)

    def apply(self, changes: Changes) -> bool:
        """Note what was changed on the disk; nothing is built yet. True when the list of plans is another one now."""
        with self._building:
            if changes.everything or changes.themes:
                self._reopen()
            before, self._slugs = self._slugs, self._slugs_after(changes)
            if before != self._slugs:
                self._come_and_go()
            self._unread |= self._present if changes.everything else changes.plans
            self._stale |= self._present if changes.everything or changes.themes else changes.plans
            return before != self._slugs

    def _come_and_go(self) -> None:
        """The list of plans is another one now."""
        before, self._present = self._present, frozenset(self._slugs)
        gone, new = before - self._present, self._present - before
        for slug in gone:
            self._summaries.pop(slug, None)
            self._rooms.pop(slug, None)
            self._plans.pop(slug, None)
        self._places.remove(gone)
        self._places.move(new)
        self._unread |= new

    def _slugs_after(self, changes: Changes) -> tuple[str, ...]:
        """The plans that there are now; looked for only when one may have come or gone, for there may be thousands."""
        plans = self._workspace.plans
        stay = {slug for slug in changes.plans if (plans / slug / PLAN_FILE).exists()}
        if changes.everything or stay.symmetric_difference(changes.plans & self._present):
            return plan_slugs(self._workspace)
        return self._slugs

    def _reopen(self) -> None:
        """Read the settings again, with the themes; keep the last good ones when they are broken."""
        try:
            self._workspace = self._open()
            self._builder = self._new_builder()
        except (Problem, OSError) as fault:
            self._trouble = Trouble("The settings cannot be used", _text(as_problem(fault)))
        else:
            self._trouble = None
            self._shared = {}

    def _new_builder(self) -> Builder:
        return Builder(answering_here(self._workspace), self._key, self._day, sellers=True)

    def _look_at_clock(self) -> None:
        """On another day, other people's access may have expired: everything is built anew when it is asked for."""
        if self._today() != self._day:
            self._day = self._today()
            self._reopen()
            self._stale |= {*self._slugs}
            self._unread |= {*self._slugs}

    def _folder(self, slug: str) -> str:
        summary = self._summaries.get(slug)
        if summary and summary.path:
            return summary.path
        return room_id(self._key, slug)

    def _summary(self, slug: str) -> Summary:
        known = self._summaries.get(slug)
        try:
            return self._read_summary(slug, known)
        except (Problem, OSError) as fault:
            problem = as_problem(fault)
            found = error("unreadable-file", problem.message, Place(f"plans/{slug}/plan.yml"), problem.hint)
            return replace(known or Summary(slug=slug, title=slug), diagnostics=(found,), broken=True)

    def _read_summary(self, slug: str, known: Summary | None) -> Summary:
        workspace, key = self._workspace, self._key
        loaded = read_plan(workspace.plans / slug, workspace.root)
        people = access_to(Admission(key, chosen_passphrases(workspace), sellers=True), loaded, "", self._day)
        path = room_path(key, slug, loaded.plan) if loaded.plan else ""
        return summarise(loaded, workspace.settings, self._today(), people, path, known)

    def _build(self, slug: str, last: ServedRoom | None) -> ServedRoom:
        try:
            plan = self._plan(slug)
            room = self._served(self._builder.build_room(plan), last)
        except (Problem, OSError) as fault:
            trouble = Trouble("This room cannot be built", _text(as_problem(fault)))
            room = replace(last or ServedRoom(slug, ""), trouble=trouble)
        else:
            self._plans[slug] = plan
        self._rooms[slug] = room
        self._stale.discard(slug)
        return room

    def _plan(self, slug: str) -> LoadedPlan:
        plan = read_plan(self._workspace.plans / slug, self._workspace.root)
        wanted = plan.plan.path if plan.plan else None
        if wanted and any(summary.path == wanted and summary.slug != slug for summary in self._summaries.values()):
            # Who else wants the path is said only when plans are seen together, which reads them all.
            (plan,) = load_plans(self._workspace, [slug])
        return plan

    def _served(self, built: BuiltRoom, last: ServedRoom | None) -> ServedRoom:
        if built.failed:
            good = last or ServedRoom(built.slug, built.path)
            return replace(good, trouble=_trouble_of(built.diagnostics, has_last=bool(good.page)))
        files = {file.path.removeprefix(f"{built.path}/"): file for file in built.files}
        page = b"".join(files.pop(PAGE).chunks())
        return ServedRoom(built.slug, built.path, page, files)


def answering_here(workspace: Workspace) -> Workspace:
    """The workspace with the preview as the place where replies go, so that trying a room reaches nobody else."""
    settings = workspace.settings
    here = settings.replies.model_copy(update={"endpoint": REPLIES})
    return replace(workspace, settings=settings.model_copy(update={"replies": here}))


def _trouble_of(diagnostics: Iterable[Diagnostic], *, has_last: bool) -> Trouble:
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    shown = "the page shows its last good state" if has_last else "there is no page to show yet"
    return Trouble(f"The plan has {count}; {shown}", render_full(errors))


def _text(problem: Problem) -> str:
    return f"error: {problem.message}" + (f"\nhint: {problem.hint}" if problem.hint else "")
