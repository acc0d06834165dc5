"""Every rule has a folder: `trips.yml`, a smallest plan that trips it and nothing else, `finding.txt`, what is then
said, and `fixed.yml`, the fix that clears it.

`pytest tests/health --update-sessions` writes `finding.txt` anew.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from dealroom.company import Company
from dealroom.diagnostics import Diagnostic
from dealroom.diagnostics.render import render_full
from dealroom.health.report import report
from dealroom.health.rule import Rule
from dealroom.health.rules import BY_CODE, RULES
from dealroom.plan.read import read_plan
from dealroom.workspace import Settings

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 23)
SETTINGS = Settings(seller=Company(name="Tessellate"))


def findings(plan_file: Path, root: Path) -> list[Diagnostic]:
    folder = root / "plans" / "harbour-foods"
    folder.mkdir(parents=True)
    (folder / "plan.yml").write_bytes(plan_file.read_bytes())
    loaded = read_plan(folder, root)
    assert loaded.plan is not None, loaded.diagnostics
    return report(loaded, SETTINGS, TODAY)


def test_every_rule_has_a_folder_and_every_folder_a_rule() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir() and not folder.name.startswith("_")}
    assert folders == set(BY_CODE)


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_the_plan_trips_this_rule_alone(code: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = findings(FOLDER / code / "trips.yml", tmp_path)
    expected = FOLDER / code / "finding.txt"
    if request.config.getoption("--update-sessions"):
        expected.write_text(render_full(found), encoding="utf-8")
    assert {each.code for each in found} == {code}
    assert render_full(found) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_the_fix_clears_it(code: str, tmp_path: Path) -> None:
    assert findings(FOLDER / code / "fixed.yml", tmp_path) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_all_that_a_seller_needs(rule: Rule) -> None:
    assert rule.fault.endswith(".")
    assert rule.reason.endswith(".")
    assert not rule.fix.endswith(".")
    assert isinstance(yaml.safe_load(rule.example), dict), "the example is a part of plan.yml"
