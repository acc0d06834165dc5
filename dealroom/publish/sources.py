"""Which files of a workspace its rooms are made from."""

from __future__ import annotations

from dealroom.publish.changes import Sources
from dealroom.workspace import SETTINGS_FILE, Workspace


def sources_of(workspace: Workspace) -> Sources:
    """What to watch: the plans, the themes, the settings, and the logo that the settings name."""
    logo = workspace.settings.seller.logo
    named = {workspace.root / logo} if logo else set()
    return Sources(workspace.plans, workspace.themes, frozenset({workspace.root / SETTINGS_FILE} | named))
