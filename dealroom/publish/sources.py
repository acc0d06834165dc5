"""Which files of a workspace its rooms are made from."""

from __future__ import annotations

from dataclasses import replace

from dealroom.publish.changes import Sources
from dealroom.room.texts import TEXTS_FOLDER
from dealroom.root import SETTINGS_FILE
from dealroom.workspace import Workspace


def sources_of(workspace: Workspace) -> Sources:
    """What to watch: the plans, the themes, the settings, the logo that they name, and the workspace's texts."""
    named = {workspace.root / file for file in named_files(workspace)}
    shared = {workspace.root / SETTINGS_FILE, workspace.root / TEXTS_FOLDER}
    return Sources(workspace.plans, workspace.themes, frozenset(shared | named))


def named_files(workspace: Workspace) -> tuple[str, ...]:
    """The files that the settings name, by their paths in the workspace."""
    logo = workspace.settings.seller.logo
    return (logo,) if logo else ()


def sources_and_site(workspace: Workspace) -> Sources:
    """What to watch for the sake of the compiled site, which somebody may remove."""
    return replace(sources_of(workspace), made=frozenset({workspace.site, workspace.state}))
