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

# What makes a finding; one of the first arguments is its code.
MAKERS = {"error", "warning", "Diagnostic", "PydanticCustomError", "_report"}


def codes_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if name in MAKERS and texts and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(texts[0])):
                yield str(texts[0])


def test_every_code_in_the_sources_is_explained() -> None:
    printed = {code for path in SOURCES for code in codes_in(path.read_text(encoding="utf-8"))}
    # Many are made elsewhere than in a plain call, so this is most of them.
    assert len(printed) > len(FILE_FAULTS) / 2
    assert printed - {*FILE_FAULTS, *BY_CODE} == set()
