"""SARIF logs against the JSON Schema of SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from dealroom.diagnostics import Diagnostic, Place, Severity, error, warning
from dealroom.diagnostics.sarif import render_sarif
from dealroom.health.handbook import sarif_rules
from dealroom.health.rules import RULES

SCHEMA = Path(__file__).parents[2] / "vectors" / "sarif-2.1.0.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def log_of(diagnostics: list[Diagnostic], prefix: str = "") -> Any:
    return json.loads(render_sarif(diagnostics, sarif_rules(), "1.2.3", prefix))


def test_a_finding_names_its_rule_and_its_place(validator: Draft4Validator) -> None:
    place = Place("plans/müller & co/plan.yml", 12, 5, 9, "  due: 2026-11-13")
    log = log_of([warning("overdue", "`pilot` was due on 2026-11-13", place, "agree on a new date")], "deals/")
    validator.validate(log)
    (run,) = log["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "overdue"
    assert result["message"] == {"text": "`pilot` was due on 2026-11-13\nagree on a new date"}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "deals/plans/m%C3%BCller%20%26%20co/plan.yml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 12, "startColumn": 5, "endColumn": 9},
            }
        }
    ]


def test_the_rules_of_health_bring_their_texts(validator: Draft4Validator) -> None:
    log = log_of([Diagnostic(rule.code, rule.severity, "found", Place("plans/a/plan.yml")) for rule in RULES])
    validator.validate(log)
    texts = {rule["id"]: rule["help"]["text"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert texts == {rule.code: " ".join(rule.reason.split()) for rule in RULES}


def test_a_code_without_texts_is_described_by_its_name(validator: Draft4Validator) -> None:
    log = log_of([error("no-such-code", "something is wrong", Place("dealroom.yml", 1, 1, 4))])
    validator.validate(log)
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule == {
        "id": "no-such-code",
        "defaultConfiguration": {"level": "error"},
        "shortDescription": {"text": "no such code"},
    }


def test_no_finding_is_a_log_without_results(validator: Draft4Validator) -> None:
    log = log_of([])
    validator.validate(log)
    assert log["runs"][0]["results"] == []


PLACES = st.builds(
    Place,
    file=st.text(min_size=1).filter(lambda text: text.isprintable()),
    line=st.integers(1, 10**6),
    column=st.none() | st.integers(1, 10**4),
)
DIAGNOSTICS = st.builds(
    Diagnostic,
    code=st.sampled_from(["overdue", "unknown-key", "no-agreement"]),
    severity=st.sampled_from(Severity),
    message=st.text(min_size=1),
    place=PLACES | st.just(Place("dealroom.yml")),
    hint=st.none() | st.text(min_size=1),
)


@given(diagnostics=st.lists(DIAGNOSTICS, max_size=4))
def test_any_findings_make_a_valid_log(validator: Draft4Validator, diagnostics: list[Diagnostic]) -> None:
    log = log_of(diagnostics)
    assert not list(validator.iter_errors(log))
    assert len(log["runs"][0]["results"]) == len(diagnostics)
