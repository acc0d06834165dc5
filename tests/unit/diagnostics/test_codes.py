"""Every code that dealroom can print is one that `dealroom explain` knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dealroom
from dealroom.diagnostics.codes import FILE_FAULTS
from dealroom.health.rules import BY_CODE

SOURCES = sorted(Path(dealroom.__file__).parent.rglob("*.py"))

# What makes a finding; the first argument is its code.
MAKERS = {"error", "warning", "Diagnostic", "PydanticCustomError"}


def codes_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[0].value
            if name in MAKERS and isinstance(code, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
                yield code


def test_every_code_in_the_sources_is_explained() -> None:
    printed = {code for path in SOURCES for code in codes_in(path.read_text(encoding="utf-8"))}
    # Many are made elsewhere than in a plain call, so this is most of them.
    assert len(printed) > len(FILE_FAULTS) / 2
    assert printed - {*FILE_FAULTS, *BY_CODE} == set()
