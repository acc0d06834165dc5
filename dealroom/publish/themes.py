"""Which theme a room has, each loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealroom.diagnostics import Diagnostic, Place, error, warning
from dealroom.diagnostics.wording import listed, quoted
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.room.locale import Locale, canonical, language_name, load_locale, shipped
from dealroom.room.render import check_templates
from dealroom.room.texts import TEXTS_FOLDER, WrittenTexts, asked_by, read_texts
from dealroom.room.theme import Theme, load_theme
from dealroom.room.theme_settings import ThemeProblem, read_theme_settings, refuse_errors
from dealroom.root import SETTINGS_FILE
from dealroom.workspace import Workspace
from dealroom.yaml_source import read

# More keys than this in a message are a wall of text.
_MOST_NAMED = 3


class Themes:
    """The themes of a workspace's rooms, as they are when first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._loaded: dict[tuple[str | None, Path | None], Theme] = {}
        self._texts: WrittenTexts | None = None

    def of_site(self) -> Theme:
        """The theme of the front page: the settings' one. Raises ThemeProblem."""
        return self._load(self._workspace.settings.theme, self._settings_logo())

    def of_plan(self, plan: Plan, folder: Path) -> Theme:
        """The theme of the room of a plan in `folder`: the plan's own, else the settings'. Raises ThemeProblem."""
        return self.named(*self.name_of(plan, folder))

    def name_of(self, plan: Plan, folder: Path) -> tuple[str | None, Path | None]:
        """What the theme of the room of a plan in `folder` is called, and the logo that stands in for its own."""
        logo = self._settings_logo()
        if plan.seller is not None:
            # Another seller's room does not show the logo of the settings' one.
            logo = folder / plan.seller.logo if plan.seller.logo else None
        return plan.theme or self._workspace.settings.theme, logo

    def named(self, name: str | None, seller_logo: Path | None) -> Theme:
        """A theme as `name_of` calls it. Raises ThemeProblem."""
        return self._load(name, seller_logo)

    def chain(self, name: str | None) -> tuple[str, ...]:
        """The themes of the workspace that a theme is made of: itself, and those it extends. Raises ThemeProblem."""
        found: list[str] = []
        while name is not None and name not in {"base", *found}:
            found.append(name)
            file = self._workspace.themes / name / "theme.yml"
            settings, _ = read_theme_settings(file, f"{self._workspace.themes.name}/{name}/theme.yml")
            name = settings.extends
        return tuple(found)

    def findings(self, loaded: LoadedPlan) -> Iterator[Diagnostic]:
        """What is wrong with the theme and the texts of a plan's room: in their files, else at the place that names
        them."""
        if loaded.plan is None:
            return
        try:
            theme = self.of_plan(loaded.plan, loaded.folder)
            check_templates(theme)
            yield from (*self.texts.diagnostics, *theme.diagnostics)
            yield from self._missing_texts(loaded, load_locale(self.lang(loaded.plan), theme.texts))
        except ThemeProblem as problem:
            if problem.diagnostics:
                yield from problem.diagnostics
                return
            place = loaded.source.place(["theme"]) if loaded.plan.theme else self._settings_place("theme")
            yield error("broken-theme", problem.message, place, problem.hint)

    def lang(self, plan: Plan) -> str:
        """The language of a plan's room: the plan's own, else the settings'."""
        return plan.lang or self._workspace.settings.lang

    @property
    def texts(self) -> WrittenTexts:
        """The workspace's own texts, read once."""
        if self._texts is None:
            themes = self._workspace.themes
            folders = sorted(themes.glob("*/templates")) if themes.is_dir() else []
            self._texts = read_texts(self._workspace.root / TEXTS_FOLDER, TEXTS_FOLDER, asked_by(folders))
        return self._texts

    def _missing_texts(self, loaded: LoadedPlan, locale: Locale) -> Iterator[Diagnostic]:
        if not locale.missing:
            return
        plan = loaded.plan
        place = loaded.source.place(["lang"]) if plan and plan.lang else self._settings_place("lang")
        language = language_name(locale.lang)
        named = f"{language} ({quoted(locale.lang)})" if language != locale.lang else quoted(locale.lang)
        file = f"{TEXTS_FOLDER}/{locale.lang}.yml"
        untranslated = load_locale(locale.lang).missing
        if untranslated and {*untranslated} <= {*locale.missing}:
            message = f"there are no texts in {named}, so the page speaks English"
            hint = f"languages are {listed(shipped())}; texts for another go into {file}"
        else:
            count, names = len(locale.missing), ", ".join(map(quoted, locale.missing[:_MOST_NAMED]))
            more = " …" if count > _MOST_NAMED else ""
            number = "a text is" if count == 1 else f"{count} texts are"
            message = f"{number} not in {named}, but in another language: {names}{more}"
            hint = f"write {'it' if count == 1 else 'them'} into {file}"
        yield warning("missing-text", message, place, hint)

    def _settings_place(self, key: str) -> Place:
        return read(self._workspace.root / SETTINGS_FILE, SETTINGS_FILE).place([key])

    def _load(self, name: str | None, seller_logo: Path | None) -> Theme:
        if (name, seller_logo) not in self._loaded:
            refuse_errors(TEXTS_FOLDER, self.texts.diagnostics)
            self._loaded[name, seller_logo] = load_theme(
                self._workspace.themes,
                name,
                seller_logo=seller_logo,
                cache=self._workspace.state / "cache",
                lang=canonical(self._workspace.settings.lang),
                texts=self.texts.texts,
            )
        return self._loaded[name, seller_logo]

    def _settings_logo(self) -> Path | None:
        logo = self._workspace.settings.seller.logo
        return self._workspace.root / logo if logo else None
