"""Palettes kept between runs: deriving one loads a colour library, which takes longer than building a room."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

from dealroom.room import palette as palettes
from dealroom.room.palette import Palette, palette


def cached_palette(brand: str, accent: str | None, paper: str | None, folder: Path | None) -> Palette:
    """`palette(brand, accent, paper)`, from a file in `folder` where it is known. The folder may vanish at any time."""
    if folder is None:
        return palette(brand, accent, paper)
    # The file is named after how a palette is made, too, so that a newer dealroom does not take an older's colours.
    recipe = Path(palettes.__file__).read_bytes()
    name = hashlib.sha256(recipe + repr((brand, accent, paper)).encode()).hexdigest()[:32]
    file = folder / f"palette-{name}.json"
    known = _read(file)
    if known:
        return known
    made = palette(brand, accent, paper)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(asdict(made)), "utf-8")
        temporary.replace(file)
    except OSError:
        # A cache that cannot be written costs time, nothing else.
        return made
    return made


def _read(file: Path) -> Palette | None:
    try:
        data = json.loads(file.read_text("utf-8"))
        return Palette(light=dict(data["light"]), dark=dict(data["dark"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
