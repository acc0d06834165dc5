"""Which theme a room has, each loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealroom.diagnostics import Diagnostic, error
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.room.render import check_templates
from dealroom.room.theme import Theme, load_theme
from dealroom.room.theme_settings import ThemeProblem
from dealroom.workspace import SETTINGS_FILE, Workspace
from dealroom.yaml_source import read


class Themes:
    """The themes of a workspace's rooms, as they are when first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._loaded: dict[tuple[str | None, Path | None], Theme] = {}

    def of_site(self) -> Theme:
        """The theme of the front page: the settings' one. Raises ThemeProblem."""
        return self._load(self._workspace.settings.theme, self._settings_logo())

    def of_plan(self, plan: Plan, folder: Path) -> Theme:
        """The theme of the room of a plan in `folder`: the plan's own, else the settings'. Raises ThemeProblem."""
        logo = self._settings_logo()
        if plan.seller is not None:
            # Another seller's room does not show the logo of the settings' one.
            logo = folder / plan.seller.logo if plan.seller.logo else None
        return self._load(plan.theme or self._workspace.settings.theme, logo)

    def findings(self, loaded: LoadedPlan) -> Iterator[Diagnostic]:
        """Why the room of a plan cannot have its theme: what is wrong in theme.yml, else at the place that names it."""
        if loaded.plan is None:
            return
        try:
            check_templates(self.of_plan(loaded.plan, loaded.folder))
        except ThemeProblem as problem:
            if problem.diagnostics:
                yield from problem.diagnostics
                return
            source = loaded.source
            if not loaded.plan.theme:
                source = read(self._workspace.root / SETTINGS_FILE, SETTINGS_FILE)
            yield error("broken-theme", problem.message, source.place(["theme"]), problem.hint)

    def _load(self, name: str | None, seller_logo: Path | None) -> Theme:
        if (name, seller_logo) not in self._loaded:
            cache = self._workspace.state / "cache"
            self._loaded[name, seller_logo] = load_theme(
                self._workspace.themes, name, seller_logo=seller_logo, cache=cache
            )
        return self._loaded[name, seller_logo]

    def _settings_logo(self) -> Path | None:
        logo = self._workspace.settings.seller.logo
        return self._workspace.root / logo if logo else None
