"""`theme.yml`: a brand, checked for form.

name: Tessellate
colours: {brand: "#0b6e7f", accent: "#b4543a", paper: "#faf7f2"}
logo: logo.svg
logo_dark: logo-dark.svg
icon: icon.svg
fonts:
  text: {family: Geist, files: [{file: fonts/geist.woff2, weight: 100 900}]}
texts: {lock.heading: Come in}
lang: en
extends: another-theme
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from dealroom.diagnostics import Diagnostic, has_errors
from dealroom.diagnostics.render import render_full
from dealroom.errors import Problem
from dealroom.fields import Colour, Id, Lang, Text, Written
from dealroom.yaml_source import Source, read
from dealroom.yaml_source.validate import validate

# What a family name may be made of; it is written into a stylesheet.
_FAMILY = re.compile(r"[\w \-]{1,80}")
_WEIGHT = re.compile(r"[1-9]\d{0,2}0?( [1-9]\d{2,3})?")
# A token is one value of a stylesheet: nothing that ends it, nothing that fetches.
_TOKEN = re.compile(r"(?!.*(?://|url\())[\w#%.,() \-/]{1,120}", re.IGNORECASE)


def _checked(pattern: re.Pattern[str], value: object, message: str, hint: str) -> str:
    text = str(value).strip()
    if not pattern.fullmatch(text):
        raise PydanticCustomError("unknown-value", message, {"text": text, "hint": hint})
    return text


def _family(value: object) -> str:
    return _checked(_FAMILY, value, "`{text}` is not a font's name", "use letters, digits and spaces")


def _weight(value: object) -> str:
    return _checked(_WEIGHT, value, "`{text}` is not a font weight", "write 400, or a range like 100 900")


def _token(value: object) -> str:
    return _checked(_TOKEN, value, "`{text}` is not a plain CSS value", "put longer rules into styles.css")


Family = Annotated[str, BeforeValidator(_family)]
Weight = Annotated[str, BeforeValidator(_weight)]
Token = Annotated[str, BeforeValidator(_token)]


class ThemeProblem(Problem):
    """A theme cannot be used. The message names the file, and the line where there is one.

    `diagnostics` are the findings in its theme.yml, when it is those; the message then shows them in full.
    """

    def __init__(self, message: str, hint: str | None = None, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message, hint)
        self.diagnostics = diagnostics


class Colours(Written):
    """`brand` is enough. `accent` is the buyer's side, `paper` the light page's ground."""

    brand: Colour | None = None
    accent: Colour | None = None
    paper: Colour | None = None


class FontFile(Written):
    """One file of a family, `woff2`, beside theme.yml."""

    file: Text
    weight: Weight = "400"
    style: Literal["normal", "italic"] = "normal"


class Font(Written):
    """A family and the files it comes in. Without files it is a font of the reader's own system."""

    family: Family
    files: tuple[FontFile, ...] = ()


class Fonts(Written):
    """`text` is for reading, `display` for headings, `mono` for dates and figures."""

    text: Font | None = None
    display: Font | None = None
    mono: Font | None = None


class ThemeSettings(Written):
    """A theme as written. Everything may be left out; `extends` names the theme it builds on, else the base.

    `lang` is the language of `texts`, where it is not the workspace's.
    """

    name: Text | None = None
    extends: Id | None = None
    colours: Colours = Colours()
    logo: Text | None = None
    logo_dark: Text | None = None
    icon: Text | None = None
    fonts: Fonts = Fonts()
    tokens: dict[Id, Token] = Field(default_factory=dict)
    texts: dict[Text, Text] = Field(default_factory=dict)
    lang: Lang | None = None


def read_theme_settings(file: Path, display_name: str) -> tuple[ThemeSettings, Source]:
    """Read a `theme.yml`. Raises ThemeProblem that shows everything that is wrong with it, and where."""
    source = read(file, display_name)
    settings, diagnostics = validate(ThemeSettings, source)
    refuse_errors(display_name, diagnostics)
    if settings is None:
        raise ThemeProblem(f"{display_name} cannot be used")
    return settings, source


def refuse_errors(display_name: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Raise ThemeProblem that shows these findings, if one of them is an error."""
    if has_errors(diagnostics):
        message = f"{display_name} cannot be used\n\n{render_full(diagnostics)}".rstrip()
        raise ThemeProblem(message, diagnostics=diagnostics)
