"""Which files of a workspace its rooms are made from."""

from __future__ import annotations

from dataclasses import replace

from dealroom.publish.changes import Sources
from dealroom.room.texts import TEXTS_FOLDER
from dealroom.workspace import SETTINGS_FILE, Workspace


def sources_of(workspace: Workspace) -> Sources:
    """What to watch: the plans, the themes, the settings, the logo that they name, and the workspace's texts."""
    logo = workspace.settings.seller.logo
    named = {workspace.root / logo} if logo else set()
    shared = {workspace.root / SETTINGS_FILE, workspace.root / TEXTS_FOLDER}
    return Sources(workspace.plans, workspace.themes, frozenset(shared | named))


def sources_and_site(workspace: Workspace) -> Sources:
    """What to watch for the sake of the compiled site, which somebody may remove."""
    return replace(sources_of(workspace), made=frozenset({workspace.site, workspace.state}))
