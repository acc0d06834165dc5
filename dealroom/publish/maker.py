"""Makes the rooms of some plans, one after the other, with what each follows from; here or in another process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from dealroom.errors import Problem
from dealroom.plan.read import LoadedPlan
from dealroom.publish.builder import Builder
from dealroom.publish.built import BuiltRoom
from dealroom.publish.loading import load_plans
from dealroom.publish.rivals import Rivals
from dealroom.publish.themes import Themes
from dealroom.publish.uses import uses_of
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

# Is told how many of how many passphrases have become keys.
Deriving = Callable[[int, int], None]

# Plans that are in memory together, so that their passphrases are derived at once, on all cores.
TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Maker:
    """What is needed to make rooms. `rivals` are plans that chose the same path.

    Copied to another process it starts with a builder of its own, since what a builder has loaded cannot be sent.
    """

    builder: Builder
    workspace: Workspace
    key: WorkspaceKey
    today: date
    rivals: Rivals = field(default_factory=dict)

    def __reduce__(self) -> tuple[object, ...]:
        return _new, (self.workspace, self.key, self.today, self.rivals)

    def make(self, slugs: Sequence[str], deriving: Deriving = lambda _done, _total: None) -> Iterator[BuiltRoom]:
        """The rooms of these plans, in order. A plan that vanished meanwhile has none, and is left out.

        `deriving(done, total)` is told of passphrases that become keys.
        """
        themes = Themes(self.workspace)
        waiting = iter(slugs)
        while some := list(islice(waiting, TOGETHER)):
            plans = [plan for slug in some for plan in self._load(slug)]
            self.builder.derive_keys(plans, deriving)
            for plan in plans:
                room = self.builder.build_room(plan)
                history = self.builder.take_history(plan)
                if not room.failed:
                    room = replace(room, uses=uses_of(self.workspace, themes, plan, history, self.today))
                yield room

    def _load(self, slug: str) -> tuple[LoadedPlan, ...]:
        try:
            return load_plans(self.workspace, [slug], self.rivals)
        except Problem:
            return ()


def _new(workspace: Workspace, key: WorkspaceKey, today: date, rivals: Rivals) -> Maker:
    return Maker(Builder(workspace, key, today), workspace, key, today, rivals)
