"""The rules in words, and the page that is made of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from dealroom.diagnostics.codes import FILE_FAULTS
from dealroom.health.handbook import WIDTH, explain, page, summary
from dealroom.health.rule import Rule
from dealroom.health.rules import BY_CODE, RULES
from dealroom.health_settings import HealthSettings

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_the_handbook_is_current() -> None:
    written = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert written == page(), "run `dealroom explain --format markdown > docs/rules.md`"


def test_the_defaults_on_the_page_are_the_defaults() -> None:
    block = next(block for block in page().split("```yaml\n") if "review_cadence" in block).partition("```")[0]
    assert HealthSettings.model_validate(yaml.load(block, Loader=yaml.BaseLoader)["health"]) == HealthSettings()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_fits_a_terminal(rule: Rule) -> None:
    text = explain(rule)
    prose = [line for line in text.splitlines() if not line.startswith("    ")]
    assert max(len(line) for line in prose) <= WIDTH
    for part in (rule.code, rule.severity, "For example", "What to do"):
        assert part in text


def test_every_code_is_listed_on_a_line() -> None:
    health, files = summary().split("\n\n")
    assert [line.split()[0] for line in health.splitlines()[1:]] == list(BY_CODE)
    assert [line.split()[0] for line in files.splitlines()[1:]] == list(FILE_FAULTS)


def test_the_findings_about_files_are_those_of_the_guide() -> None:
    guide = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) \| (.*?) \|$", guide, re.MULTILINE)
    assert {code: (wrong, remedy) for code, wrong, remedy in rows} == FILE_FAULTS


def test_no_code_means_two_things() -> None:
    assert not set(FILE_FAULTS).intersection(BY_CODE)


def test_every_setting_that_a_rule_names_exists() -> None:
    for rule in RULES:
        value: object = HealthSettings()
        for name in (rule.setting or "").split(".") if rule.setting else ():
            value = getattr(value, name)


@pytest.mark.parametrize(("written", "days"), [("14", 14), ("14d", 14), ("2w", 14), (" 3 w ", 21), ("0", 0)])
def test_days_are_written_in_days_or_weeks(written: str, days: int) -> None:
    assert HealthSettings.model_validate({"review_cadence": written}).review_cadence == days


@pytest.mark.parametrize(
    "wrong",
    [
        {"review_cadence": "weekly"},
        {"review_cadence": "99999"},
        {"buyer_share": "120 %"},
        {"buyer_share": {"min": "80", "max": "20"}},
        {"plan_length": "0"},
        {"plan_length": "many"},
        {"plan_length": ["1"]},
        {"cadence": "14"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        HealthSettings.model_validate(wrong)
