"""Publishing beside a watcher: every place gets what was built in the background, and building waits for none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.sending import Bars, tell_fault, tell_sent
from dealroom.errors import Problem, as_problem
from dealroom.publish.outbox import Outbox, Parcel
from dealroom.publish.output import NotAsBuilt
from dealroom.publish.targets import CompiledSite, Sending, Target, compiled_site, targets_of

if TYPE_CHECKING:
    from dealroom.publish.build import BuildReport
    from dealroom.publish.write import WriteReport
    from dealroom.workspace import Workspace

# Places that are sent to at the same time; the others wait for their turn.
AT_ONCE = 16

# Seconds. What is under way when the watcher is stopped is mostly there within one; a place that stalls is not worth
# more, since publishing may be broken off anywhere.
LAST_PATIENCE = 5.0


class Dispatch:
    """Sends what is built to the places in the settings, and says what came of it.

    `wake` is called from another thread when something came back, for `collect`; everything else is for one thread.
    """

    def __init__(self, workspace: Callable[[], Workspace], context: Context, wake: Callable[[], None]) -> None:
        self._workspace = workspace
        self._context = context
        self._wake = wake
        self._outbox = Outbox(monotonic)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="publish")
        self._under_way: dict[Parcel, tuple[Future[tuple[CompiledSite, WriteReport]], float]] = {}
        self._bars = Bars()
        # The last build that was noted as published.
        self._noted = 0
        self._was_put_right = False
        # What went wrong last at places that are away.
        self._wrong: dict[Target, str] = {}

    @property
    def until_next_try(self) -> float | None:
        """Seconds until a place is to be tried again; `None` when none is away."""
        return self._outbox.until_next_try

    def take(self, built: BuildReport) -> None:
        """Take over what was just built. Raises Problem when the settings name a place that makes no sense."""
        changed = [slug for slug, counts in built.written.rooms.items() if counts.written or counts.removed]
        try:
            self._outbox.aim_at(targets_of(self._workspace()))
        finally:
            # Once the settings are put right, nothing of it is built again.
            self._outbox.take(built.rooms, changed)
        if changed:
            self._tell_behind()

    def send(self) -> None:
        """Begin to send whatever is due."""
        workspace = self._workspace()
        for parcel in self._outbox.due():
            progress = self._bars.begin(parcel.target.name)
            future = self._pool.submit(_deliver, parcel, workspace, progress)
            self._under_way[parcel] = future, monotonic()
            future.add_done_callback(lambda _done: self._wake())

    def collect(self, build_all: Callable[[], BuildReport | None]) -> None:
        """See to what came back. `build_all` makes the site again, where somebody changed it; it ends in `take`.

        Raises Problem when what was published cannot be recorded.
        """
        for parcel, (future, start) in list(self._under_way.items()):
            if not future.done():
                continue
            del self._under_way[parcel]
            self._bars.end(parcel.target.name)
            try:
                site, report = future.result()
            except NotAsBuilt as fault:
                self._put_right(parcel, fault, build_all)
            except (Problem, OSError) as fault:
                self._failed(parcel, as_problem(fault))
            else:
                tell_sent(parcel.target, report, monotonic() - start)
                self._arrived(parcel, site)

    def end(self) -> bool:
        """Bring away what was built, as far as that takes a moment, and say what is not live then.

        Whether nothing is under way any more. Raises Problem, as `collect`.
        """
        try:
            self.send()
            wait([future for future, _ in self._under_way.values()], timeout=LAST_PATIENCE)
        except KeyboardInterrupt:
            # Who stops it twice does not want to wait.
            pass
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.collect(lambda: None)
        for parcel in self._under_way:
            # A terminal whose bar was never taken away has no cursor.
            self._bars.end(parcel.target.name)
        for name, count in self._outbox.behind().items():
            click.echo(f"{name}: {_rooms(count)} not yet live there; `dealroom publish` brings the rest", err=True)
        return not self._under_way

    def _arrived(self, parcel: Parcel, site: CompiledSite) -> None:
        from dealroom.cli.publish import record
        from dealroom.publish.build import BuildReport
        from dealroom.publish.releases import note_published
        from dealroom.publish.write import WriteReport

        workspace = self._workspace()
        rooms = self._outbox.arrived(parcel)
        self._was_put_right = False
        self._wrong.pop(parcel.target, None)
        if parcel.build >= self._noted:
            # A slow place may get an older one after a quick one has got the last.
            self._noted = parcel.build
            note_published(workspace, site)
        record(BuildReport(rooms, WriteReport()), workspace, self._context.today)

    def _put_right(self, parcel: Parcel, fault: NotAsBuilt, build_all: Callable[[], BuildReport | None]) -> None:
        """The site is not what was built: most often because it was built again meanwhile."""
        if not self._outbox.is_overtaken(parcel):
            # Somebody changed or removed files in there. Where building does not help, it is not done for ever.
            if self._was_put_right or build_all() is None:
                self._failed(parcel, fault)
                return
            self._was_put_right = True
        self._outbox.send_again(parcel)

    def _failed(self, parcel: Parcel, problem: Problem) -> None:
        # What is still wrong at the next try was said already.
        if self._wrong.get(parcel.target) != problem.message:
            tell_fault(parcel.target, problem)
            if problem.hint:
                click.echo(f"{click.style('hint:', fg='cyan')} {problem.hint}", err=True)
        self._wrong[parcel.target] = problem.message
        self._outbox.failed(parcel)
        self._tell_behind()

    def _tell_behind(self) -> None:
        for name, (count, seconds) in self._outbox.away().items():
            again = f"trying again in {max(1, round(seconds))} s"
            behind = f"{_rooms(count)} not yet live there; " if count else ""
            click.echo(f"{name}: {behind}{again}", err=True)


def _deliver(parcel: Parcel, workspace: Workspace, progress: Sending) -> tuple[CompiledSite, WriteReport]:
    """Send the site as it is now. Raises Problem; OSError."""
    site = compiled_site(workspace.site, workspace.state)
    return site, parcel.target.publish(site, progress=progress)


def _rooms(count: int) -> str:
    return "1 room is" if count == 1 else f"{count} rooms are"
