"""A theme's colours as a page to look at: every text on its ground, with its contrast, in both schemes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealroom.room.theme_report import ThemeReport

TEMPLATE = Path(__file__).parent.parent / "theme" / "sheets" / "contrast.html"


def contrast_sheet(reports: Sequence[ThemeReport]) -> str:
    """One HTML page that needs nothing else."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(reports=reports)
