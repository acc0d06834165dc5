"""The report over a plan: what counts for it, and where each finding is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dealroom.diagnostics import Diagnostic, Place, Severity
from dealroom.errors import UsageProblem
from dealroom.health.report import Selection, report, settings_report
from dealroom.health_settings import HealthSettings
from dealroom.plan.read import LoadedPlan, read_plan
from dealroom.workspace import Settings
from dealroom.yaml_source import parse
from tests.unit.health.plans import SETTINGS, TODAY

THIN = """\
title: Rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer, title: VP Operations}
  - {id: tom, name: Tom Okafor, side: seller}
milestones:
  - {id: pilot, title: Pilot finished, owners: {seller: tom}}
  - {id: launch, title: Launch, owners: {seller: tom}}
"""


def load(text: str, root: Path) -> LoadedPlan:
    folder = root / "plans" / "harbour"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    return read_plan(folder, root)


def settings(**health: object) -> Settings:
    return SETTINGS.model_copy(update={"health": HealthSettings.model_validate(health)})


def codes(found: list[Diagnostic]) -> list[str]:
    return [each.code for each in found]


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = report(load(THIN, tmp_path), SETTINGS, TODAY)
    assert [(each.code, each.place.line, each.place.column) for each in found] == [
        ("no-measurable-criterion", None, None),
        ("no-agreement", None, None),
        ("map-not-needed", None, None),
        ("go-live-without-reason", 3, 1),
        ("single-contact", 4, 1),
        ("no-economic-buyer", 4, 1),
        ("seller-only-plan", 7, 1),
        ("no-security-review", 7, 1),
        ("no-legal-review", 7, 1),
        ("no-procurement", 7, 1),
    ]


def test_a_plan_that_could_not_be_read_has_no_health(tmp_path: Path) -> None:
    assert report(load("title: [", tmp_path), SETTINGS, TODAY) == []


def test_a_plan_that_says_only_what_it_must_is_looked_at(tmp_path: Path) -> None:
    bare = "title: T\nbuyer: {name: B}\ngo_live: {date: 2027-03-01}\n"
    assert "single-contact" in codes(report(load(bare, tmp_path), SETTINGS, TODAY))


def test_the_plan_ignores_a_rule_for_a_reason(tmp_path: Path) -> None:
    text = THIN + "ignore: {no-procurement: They buy through our framework contract}\n"
    assert "no-procurement" not in codes(report(load(text, tmp_path), SETTINGS, TODAY))


def test_the_workspace_ignores_rules(tmp_path: Path) -> None:
    found = report(load(THIN, tmp_path), settings(ignore=["no-agreement", "single-contact"]), TODAY)
    assert not {"no-agreement", "single-contact"}.intersection(codes(found))


def test_a_rule_that_does_not_exist_cannot_be_ignored(tmp_path: Path) -> None:
    found = report(load(THIN + "ignore: {no-procuremnt: typo}\n", tmp_path), SETTINGS, TODAY)
    assert found[-1] == Diagnostic(
        "unknown-rule",
        Severity.WARNING,
        "no rule is called `no-procuremnt`",
        Place("plans/harbour/plan.yml", 10, 10, 23, "ignore: {no-procuremnt: typo}"),
        "did you mean `no-procurement`?",
    )


def test_nor_in_the_settings() -> None:
    source = parse("seller: {name: T}\nhealth:\n  ignore: [no-agreement, overdo]\n", "dealroom.yml")
    (found,) = settings_report(settings(ignore=["no-agreement", "overdo"]), source)
    assert (found.code, str(found.place), found.hint) == (
        "unknown-rule",
        "dealroom.yml:3:26",
        "did you mean `overdue`?",
    )


def test_one_run_selects_and_ignores(tmp_path: Path) -> None:
    loaded = load(THIN, tmp_path)
    chosen = Selection(select=frozenset({"no-agreement", "single-contact"}), ignore=frozenset({"single-contact"}))
    assert codes(report(loaded, SETTINGS, TODAY, chosen)) == ["no-agreement"]


def test_a_selection_of_no_rule_is_a_mistake() -> None:
    with pytest.raises(UsageProblem, match="there is no rule `overdo`") as caught:
        Selection(ignore=frozenset({"overdo"}))
    assert caught.value.hint == "did you mean `overdue`?"


def test_a_live_deal_is_left_in_peace(tmp_path: Path) -> None:
    live = THIN.replace("owners: {seller: tom}", "owners: {seller: tom}, done: 2026-11-20")
    assert report(load(live, tmp_path), SETTINGS, TODAY) == []


def test_the_approvals_matter_until_the_signature(tmp_path: Path) -> None:
    signed = THIN.replace("{id: pilot, title: Pilot finished,", "{id: order, title: Contract signed, done: 2026-11-20,")
    assert not {"no-security-review", "no-legal-review", "no-procurement", "no-economic-buyer"}.intersection(
        codes(report(load(signed, tmp_path), SETTINGS, TODAY))
    )


@pytest.mark.parametrize(
    ("health", "code"),
    [
        ({"buyer_share": "60 %"}, "low-buyer-share"),
        ({"buyer_share": {"max": "40"}}, "high-buyer-share"),
        ({"plan_length": "3"}, "too-long"),
        ({"simple_deal": {"people": "9", "milestones": "9"}}, "map-not-needed"),
        ({"review_cadence": "2d"}, "not-reviewed"),
        ({"quarter_end": "9w"}, "go-live-on-quarter-end"),
    ],
)
def test_a_threshold_is_a_setting(health: dict[str, object], code: str, tmp_path: Path) -> None:
    healthy = (Path(__file__).parents[2] / "health" / "no-agreement" / "fixed.yml").read_text(encoding="utf-8")
    loaded = load(healthy.replace(", next: 2026-11-27", ""), tmp_path)
    assert codes(report(loaded, SETTINGS, TODAY)) == []
    assert codes(report(loaded, settings(**health), TODAY)) == [code]


@pytest.mark.parametrize(
    ("go_live", "quarter_ends", "found"),
    [
        ("2027-03-31", ((3, 31),), True),
        ("2027-03-28", ((3, 31),), True),
        ("2027-03-27", ((3, 31),), False),
        ("2027-04-01", ((3, 31),), False),
        ("2028-02-29", ((2, 29),), True),
        ("2027-02-28", ((2, 29),), True),
        ("2027-12-31", ((12, 31),), True),
        ("2027-12-31", ((1, 2),), True),
        ("2027-03-31", (), False),
    ],
)
def test_quarter_ends_are_the_sellers(
    go_live: str, quarter_ends: tuple[tuple[int, int], ...], found: bool, tmp_path: Path
) -> None:
    text = THIN.replace("2027-03-01", go_live)
    sellers = SETTINGS.model_copy(update={"fiscal_quarter_ends": quarter_ends})
    assert ("go-live-on-quarter-end" in codes(report(load(text, tmp_path), sellers, TODAY))) is found


@pytest.mark.parametrize("today", [date(2000, 1, 1), date(2199, 12, 31)])
def test_any_day_will_do(today: date, tmp_path: Path) -> None:
    assert report(load(THIN, tmp_path), SETTINGS, today)


def test_a_date_after_go_live_needs_to_wait_for_it(tmp_path: Path) -> None:
    late = Selection(select=frozenset({"due-after-latest-finish"}))
    text = THIN + "  - {id: value-review, title: Value review, owners: {buyer: dana}, due: 2027-06-01}\n"
    (found,) = report(load(text, tmp_path), SETTINGS, TODAY, late)
    assert found.message == "`value-review` is due on 2027-06-01; go-live needs it by 2027-03-01"
    assert found.hint == (
        "if it comes after go-live, name that milestone, `go_live: {milestone: launch}`, and write `after: launch` here"
    )
    named = text.replace("date: 2027-03-01", "date: 2027-03-01, milestone: launch")
    (found,) = report(load(named, tmp_path), SETTINGS, TODAY, late)
    assert found.hint == "if it comes after go-live, write `after: launch`; else bring the date forward"
    waiting = named.replace(", due:", ", after: launch, due:")
    assert report(load(waiting, tmp_path), SETTINGS, TODAY, late) == []
