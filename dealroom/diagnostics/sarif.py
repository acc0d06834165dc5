"""Findings in SARIF 2.1.0 (OASIS Standard, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning.

One run with one driver. Each code that was found is a rule; those that have more to say than their name bring a
`RuleText`. Paths are relative to the repository, `%SRCROOT%`; columns count characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dealroom.diagnostics import Diagnostic, Place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a viewer shows about a code: a sentence, the reason, and all of it in Markdown."""

    fault: str
    reason: str
    markdown: str


def render_sarif(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, RuleText], version: str, prefix: str = ""
) -> str:
    """The findings as a SARIF log, indented JSON with a line end.

    `rules` describes codes; a code it lacks is described by its name. `version` is dealroom's own. `prefix` is the way
    from the repository's root to the workspace, such as `deals/`.
    """
    codes = {code: index for index, code in enumerate(sorted({each.code for each in diagnostics}))}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "dealroom",
                        "version": version,
                        "rules": [_rule(code, rules.get(code), diagnostics) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(diagnostic, codes[diagnostic.code], prefix) for diagnostic in diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str, text: RuleText | None, diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    level = next(each.severity for each in diagnostics if each.code == code)
    rule: dict[str, Any] = {"id": code, "defaultConfiguration": {"level": str(level)}}
    if text is None:
        return rule | {"shortDescription": {"text": code.replace("-", " ")}}
    return rule | {
        "shortDescription": {"text": text.fault},
        "fullDescription": {"text": text.reason},
        "help": {"text": text.reason, "markdown": text.markdown},
    }


def _result(diagnostic: Diagnostic, index: int, prefix: str) -> dict[str, Any]:
    text = f"{diagnostic.message}\n{diagnostic.hint}" if diagnostic.hint else diagnostic.message
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": str(diagnostic.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(diagnostic.place, prefix)}],
    }


def _location(place: Place, prefix: str) -> dict[str, Any]:
    location: dict[str, Any] = {
        "artifactLocation": {"uri": quote(prefix + place.file, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
    }
    # A finding about a whole file has no region (section 3.29.4 of the standard).
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.end_column}
    if place.line is not None:
        location["region"] = {name: number for name, number in region.items() if number is not None}
    return location
