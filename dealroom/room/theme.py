"""Themes: a seller's brand, as a folder with `theme.yml`, or the base theme alone.

A theme is read once a process, together with those it extends. Whatever is wrong with one is a `ThemeProblem` that
names the file and, where there is one, the line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.diagnostics import Diagnostic
from dealroom.diagnostics.wording import did_you_mean, listed, quoted
from dealroom.files import file_fault, on_disk
from dealroom.room import stylesheet
from dealroom.room.assets import Assets
from dealroom.room.locale import DEFAULT_LANG, NO_TEXTS, Texts, lookup
from dealroom.room.palette import Palette
from dealroom.room.palette_cache import cached_palette
from dealroom.room.texts import TEXTS_FOLDER, WrittenText, asked_by, check_texts, read_texts
from dealroom.room.theme_settings import (
    Colours,
    Font,
    ThemeProblem,
    ThemeSettings,
    read_theme_settings,
    refuse_errors,
)
from dealroom.yaml_source import Source

if TYPE_CHECKING:
    from jinja2 import Environment

BASE_FOLDER = Path(__file__).parent.parent / "theme"
SETTINGS_FILE = "theme.yml"

# The base theme's own brand: an ink blue that quarrels with no logo.
BASE_BRAND = "#2f4b7c"

_ICON_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A brand ready for rendering. `stylesheet`, `logo`, `icon` and `preloads` are names among its assets.

    `diagnostics` are what it can be used in spite of; `colours` and `tokens` are as written.
    """

    name: str
    palette: Palette
    texts: Texts
    stylesheet: str
    logo: str | None
    logo_dark: str | None
    icon: str
    icon_type: str
    preloads: tuple[str, ...]
    environment: Environment = field(repr=False)
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    colours: Colours = field(default=Colours(), repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    cache: Path | None = field(default=None, repr=False)

    def assets(self) -> tuple[tuple[str, bytes], ...]:
        """What this theme's pages ask for in the clear: (hashed name, bytes). Nothing of any buyer is in it."""
        return self.files

    def with_buyer(self, colour: str | None) -> Palette | None:
        """The palette in which the buyer's side wears `colour`, made readable; None where it has none of its own."""
        if colour is None:
            return None
        return cached_palette(self.colours.brand or BASE_BRAND, colour, self.colours.paper, self.cache)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One theme of a chain: its folder, and what its `theme.yml` says."""

    name: str
    folder: Path
    settings: ThemeSettings
    source: Source

    def file(self, path: str) -> Path:
        """A file that the theme names. Raises ThemeProblem when it is not there, or not the theme's."""
        path = on_disk(self.folder, path)
        fault = file_fault(self.folder, path)
        if fault:
            _, message, hint = fault
            raise ThemeProblem(f"{self.folder.name}/{SETTINGS_FILE}: {message}", hint)
        return self.folder / path


def load_theme(
    themes: Path,
    name: str | None = None,
    *,
    seller_logo: Path | None = None,
    cache: Path | None = None,
    lang: str = DEFAULT_LANG,
    texts: Texts = NO_TEXTS,
) -> Theme:
    """The theme of that name in the folder `themes`; `None` is the base theme.

    `seller_logo` stands in for a logo that the theme lacks. `cache` is a folder in which derived colours
    and compiled templates may be kept. `lang` is what a theme.yml's texts are in that does not say; `texts` are the
    workspace's own, which have the last word.
    Raises ThemeProblem.
    """
    from dealroom.room.templates import environment

    layers = _chain(themes, name)
    own_texts, diagnostics = _texts(layers, lang)
    colours = reduce(_over, (layer.settings.colours for layer in layers), Colours())
    palette = cached_palette(colours.brand or BASE_BRAND, colours.accent, colours.paper, cache)
    tokens = {key: value for layer in layers for key, value in layer.settings.tokens.items()}
    assets = Assets()
    fonts, font_assets = _fonts(layers, assets)
    css = _stylesheet(layers, assets, palette, fonts, font_assets, tokens)
    logo = _image(layers, lambda settings: settings.logo, assets)
    if logo is None and seller_logo is not None:
        logo = assets.add_file(seller_logo)
    icon = _icon(layers, assets, palette)
    templates = [(layer.name, layer.folder / "templates") for layer in layers]
    return Theme(
        name=name or "base",
        palette=palette,
        texts=merged(own_texts, texts),
        stylesheet=assets.add("room.css", css.encode()),
        logo=logo,
        logo_dark=_image(layers, lambda settings: settings.logo_dark, assets),
        icon=icon,
        icon_type=_ICON_TYPES.get(Path(icon).suffix, "image/svg+xml"),
        preloads=_preloads(fonts, font_assets),
        environment=environment(templates, BASE_FOLDER / "templates", cache),
        files=assets.files(),
        diagnostics=diagnostics,
        colours=colours,
        tokens=tokens,
        cache=cache,
    )


def merged(*texts: Texts) -> Texts:
    """Texts of all these, those further right before those further left."""
    languages = dict.fromkeys(lang for each in texts for lang in each)
    return {lang: {key: text for each in texts for key, text in each.get(lang, {}).items()} for lang in languages}


def _chain(themes: Path, name: str | None) -> tuple[_Layer, ...]:
    """The theme and those it extends, the most basic first."""
    layers: list[_Layer] = []
    while name is not None and name != "base":
        if name in {layer.name for layer in layers}:
            path = " → ".join([*(layer.name for layer in layers), name])
            raise ThemeProblem(f"themes extend each other in a circle: {path}", "remove one `extends:`")
        folder = themes / name
        if not (folder / SETTINGS_FILE).is_file():
            raise ThemeProblem(f"there is no theme {quoted(name)} in {themes.name}/", _theme_hint(themes, name))
        settings, source = read_theme_settings(folder / SETTINGS_FILE, f"{themes.name}/{name}/{SETTINGS_FILE}")
        layers.append(_Layer(name, folder, settings, source))
        name = settings.extends
    return tuple(reversed(layers))


def _texts(layers: Sequence[_Layer], lang: str) -> tuple[Texts, tuple[Diagnostic, ...]]:
    """What the themes of a chain say, in theme.yml and in files of texts. Raises ThemeProblem."""
    asked = asked_by(layer.folder / "templates" for layer in layers)
    texts: list[Texts] = []
    found: list[Diagnostic] = []
    for layer in layers:
        settings = layer.settings
        written = (WrittenText(key, text, ("texts", key)) for key, text in settings.texts.items())
        good, wrong = check_texts(layer.source, written, asked)
        shown = layer.source.name.removesuffix(f"/{SETTINGS_FILE}")
        files = read_texts(layer.folder / TEXTS_FOLDER, f"{shown}/{TEXTS_FOLDER}", asked)
        # A language's variants share what the theme says: texts of a workspace in `de-AT` are for `de`, too.
        texts += [{settings.lang or lookup(lang)[0]: good}, files.texts]
        found += [*wrong, *files.diagnostics]
        refuse_errors(shown, tuple(found))
    return merged(*texts), tuple(found)


def _theme_hint(themes: Path, name: str) -> str:
    present = sorted(file.parent.name for file in themes.glob(f"*/{SETTINGS_FILE}"))
    otherwise = f"themes here are {listed(present)}" if present else f"a theme is a folder with a {SETTINGS_FILE}"
    return did_you_mean(name, present, otherwise) or otherwise


def _over(below: Colours, above: Colours) -> Colours:
    return below.model_copy(update=above.model_dump(exclude_none=True))


def _fonts(layers: Sequence[_Layer], assets: Assets) -> tuple[dict[str, Font], dict[tuple[str, str], str]]:
    """The font of each role, and the asset of each of its files by role and path."""
    fonts: dict[str, Font] = {}
    names: dict[tuple[str, str], str] = {}
    for layer in layers:
        for role in ("text", "display", "mono"):
            font: Font | None = getattr(layer.settings.fonts, role)
            if font:
                fonts[role] = font
                names |= {(role, file.file): assets.add_file(layer.file(file.file)) for file in font.files}
    return fonts, names


def _preloads(fonts: Mapping[str, Font], names: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """The fonts that the first screen is written in: asked for at once, so that text does not jump."""
    wanted = [(role, font.files[0].file) for role, font in fonts.items() if role != "mono" and font.files]
    return tuple(dict.fromkeys(names[key] for key in wanted))


def _image(layers: Sequence[_Layer], pick: Callable[[ThemeSettings], str | None], assets: Assets) -> str | None:
    """An image that a theme names; the last layer that names one wins."""
    for layer in reversed(layers):
        path = pick(layer.settings)
        if path:
            return assets.add_file(layer.file(path))
    return None


def _icon(layers: Sequence[_Layer], assets: Assets, palette: Palette) -> str:
    """The browser's tab's: the chain's own, or a monogram of its name."""
    icon = _image(layers, lambda settings: settings.icon, assets)
    title = next((layer.settings.name for layer in reversed(layers) if layer.settings.name), "")
    return icon or assets.add("icon.svg", stylesheet.monogram(title[:1].upper(), palette))


def _stylesheet(
    layers: Sequence[_Layer],
    assets: Assets,
    palette: Palette,
    fonts: Mapping[str, Font],
    font_assets: Mapping[tuple[str, str], str],
    tokens: Mapping[str, str],
) -> str:
    """The base's rules, then what each theme of the chain adds to them."""
    return "\n".join(
        [
            stylesheet.fonts_css(fonts, font_assets),
            stylesheet.palette_css(palette, fonts),
            stylesheet.rules_css(sorted((BASE_FOLDER / "styles").glob("*.css"))),
            stylesheet.tokens_css(tokens),
            *(_own_rules(layer, assets) for layer in layers),
        ]
    )


def _own_rules(layer: _Layer, assets: Assets) -> str:
    file = layer.folder / "styles.css"
    if not file.is_file():
        return ""
    css = stylesheet.compact(file.read_text("utf-8"))
    return stylesheet.with_urls(css, {url: assets.add_file(layer.file(url)) for url in stylesheet.urls(css)})
