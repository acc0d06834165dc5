"""What a room is made from beside the files of its plan's folder: which settings, themes and days.

Every setting counts for every room, unless it is known here that it does not: a new one that nobody thought of costs a
rebuild, and never leaves a room behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec

from dealroom.plan.access import RoomAccess
from dealroom.plan.history import History, recorded, state_digest
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.publish.built import Uses
from dealroom.publish.themes import Themes
from dealroom.workspace import Settings, Workspace

# Settings that no room shows or depends on: where rooms go, which key is the right one, what `check` looks for.
ASIDE = frozenset({"publish", "base_url", "key_fingerprint", "health", "fiscal_quarter_ends"})

# Extensions of pymdownx that read other files: the same text may give something else next time.
_READING = frozenset({"pymdownx.snippets", "pymdownx.b64"})


def uses_of(workspace: Workspace, themes: Themes, loaded: LoadedPlan, history: History, today: date) -> Uses | None:
    """What the room of a plan, with its history, follows from; nothing for a plan with errors. Raises ThemeProblem."""
    plan = loaded.plan
    if plan is None:
        return None
    name, logo = themes.name_of(plan, loaded.folder)
    return Uses(
        settings=settings_used(plan),
        themes=themes.chain(name),
        theme=(name, logo.relative_to(workspace.root).as_posix() if logo else None),
        days=unchanged_days(plan, loaded.access, today),
        path=plan.path,
        commitments=state_digest(recorded(plan)),
        recorded=state_digest(history.until()),
        is_everything=is_known(plan, workspace.settings),
    )


def settings_used(plan: Plan) -> tuple[str, ...]:
    """The names of the settings that the room of a plan follows from."""
    # `lang` counts for each: it is the language of the texts of a theme that does not say which.
    own = {"seller": plan.seller, "theme": plan.theme}
    replaced = {name for name, value in own.items() if value is not None}
    if not plan.pages:
        replaced.add("markdown_extensions")
    return tuple(name for name in Settings.model_fields if name not in ASIDE | replaced)


def is_known(plan: Plan, settings: Settings) -> bool:
    """Whether everything that the room of a plan is made from can be known: of somebody's own extension nobody knows
    what it reads."""
    names = {name for each in settings.markdown_extensions for name in (each if isinstance(each, dict) else [each])}
    return not plan.pages or all(map(_reads_nothing, names))


def _reads_nothing(extension: str) -> bool:
    if extension.startswith("pymdownx."):
        return extension not in _READING
    return find_spec(f"markdown.extensions.{extension.removeprefix('markdown.extensions.')}") is not None


def unchanged_days(plan: Plan, access: RoomAccess, today: date) -> tuple[date | None, date | None]:
    """The first day on which the same people open the room as `today`, and the first on which others do."""
    ends = sorted(_ends(plan, access))
    return (
        max((day for day in ends if day <= today), default=None),
        min((day for day in ends if day > today), default=None),
    )


def _ends(plan: Plan, access: RoomAccess) -> Iterator[date]:
    for one in access.people:
        if one.expires is not None and one.revoked is None:
            yield one.expires
    if plan.access.expires is not None:
        yield plan.access.expires
