"""A theme to start from: the package's example, with the brand's name and colour in it."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from dealroom.diagnostics.wording import quoted
from dealroom.errors import Problem
from dealroom.fields import ID_PATTERN, as_id
from dealroom.room.locale import DEFAULT_LANG

STARTER = Path(__file__).parent.parent / "theme" / "starter"

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

# In the logo's own units: before the name, and for each of its letters at that size.
_BEFORE_NAME, _LETTER = 40, 12


def write_starter(themes: Path, name: str, brand: str, title: str, lang: str = DEFAULT_LANG) -> tuple[Path, ...]:
    """Write the theme into `themes/NAME`, which must not be there yet. Gives the files.

    Raises Problem: the name or the colour cannot be used, or there is such a theme.
    """
    if not re.fullmatch(ID_PATTERN, name) or name == "base":
        suggestion = as_id(name)
        hint = "use lower-case letters, digits and hyphens"
        hint += f": {quoted(suggestion)}" if suggestion and suggestion != name else ""
        raise Problem(f"{quoted(name)} cannot be a theme's name", hint)
    if not _COLOUR.fullmatch(brand):
        raise Problem(f"{quoted(brand)} is not a colour", "write it like '#0b6e7f', in quotes")
    folder = themes / name
    if folder.exists():
        raise Problem(f"there is a theme {quoted(name)} already", "name another; nothing was written")
    in_markup, in_yaml = escape(title), title.replace("\\", "\\\\").replace('"', '\\"')
    values = {"name": name, "brand": brand, "title": in_markup, "yaml": in_yaml}
    values["width"] = str(_BEFORE_NAME + _LETTER * len(title))
    written: list[Path] = []
    for source in sorted(path for path in STARTER.rglob("*") if path.is_file()):
        file = folder / source.relative_to(STARTER).with_name(source.name.replace("LANG", lang))
        text = source.read_text("utf-8")
        if source.suffix in {".yml", ".svg"}:
            text = Template(text).substitute(values)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        written.append(file)
    return tuple(written)
