"""Everything that is wrong in a workspace's plans, pages and histories included, and how healthy the plans are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dealroom.diagnostics import Diagnostic, in_order
from dealroom.health.report import EVERY_RULE, Selection, report, settings_report
from dealroom.plan.history import read_history
from dealroom.publish.loading import load_plans, load_room
from dealroom.publish.themes import Themes
from dealroom.root import SETTINGS_FILE
from dealroom.workspace import Workspace
from dealroom.yaml_source import read


def check_all(
    workspace: Workspace, today: date, slugs: Sequence[str] = (), rules: Selection | None = EVERY_RULE
) -> list[Diagnostic]:
    """All findings of the settings and of the named plans (all when none is named), plan by plan, in file order.

    The health of each plan is among them, by the rules asked for; it is what `build` does not look at. `None` leaves it
    out.

    Raises:
        Problem: a named plan does not exist.
    """
    settings = read(workspace.root / SETTINGS_FILE, SETTINGS_FILE)
    found = [*workspace.diagnostics, *settings_report(workspace.settings, settings)]
    themes = Themes(workspace)
    for plan in load_plans(workspace, slugs):
        health = report(plan, workspace.settings, today, rules) if rules else []
        history = read_history(plan.folder, workspace.root).diagnostics
        room = load_room(workspace, plan)
        found += [*in_order([*room.diagnostics, *themes.findings(plan), *health]), *history]
    # What is wrong in the settings is wrong once, however many plans it concerns.
    return list(dict.fromkeys(found))
