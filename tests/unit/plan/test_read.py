"""Plans are read from their folders, each with all of its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealroom.errors import Problem
from dealroom.fields import Duration
from dealroom.plan.folders import plan_slugs, stray_files
from dealroom.plan.model import Plan, Status
from dealroom.plan.read import LoadedPlan, read_plan, read_plans
from dealroom.workspace import Workspace, find_workspace

SMALLEST = "title: Rollout\nbuyer: {name: Harbour Foods}\ngo_live: {date: 2027-03-01}\n"

EVERY_FIELD = """\
title: Order platform rollout
label: Success Plan
outcome: Cut order errors below **1.5 %** before the peak season
buyer: {name: Harbour Foods, website: harbour.example, logo: files/harbour.svg, calendar: DE-BY, internal: {crm: 12}}
seller:
  name: Tessellate
  calendar: {holidays: US-CA, weekend: [saturday, sunday], blackouts: [{from: 2026-12-21, why: Year end}]}
go_live: {date: 2027-03-01, why: Order freeze on 15 March, milestone: live}
stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer, title: VP Operations, role: champion, email: dana@harbour.example}
  - {id: tom, name: Tom Okafor, side: seller, reports_to: lea, internal: Leaves in May}
  - {id: lea, name: Lea Brandt, side: seller}
success_criteria:
  - id: error-rate
    statement: Order error rate
    baseline: 4.10 %
    target: 1.5 %
    current: 3.8 %
    owner: dana
    proven_by: value-review
    status: open
    audience: role:champion
milestones:
  - id: pilot
    phase: Validate
    title: Pilot finished
    owners: {buyer: dana, seller: tom}
    takes: 2-6w
    after: []
    due: 2026-12-18
    started: 2026-11-16
    done_when: [Questionnaire accepted, Report read]
    steps: [{id: stores, title: Choose the stores, owner: tom, due: 2026-12-04, done: 2026-12-03}]
    status: blocked
    blocked: {by: Waiting for the DPA, owner: dana, since: 2026-11-18}
    notes: One store a week
    audience: [dana, tom]
    internal: [anything, {at: all}]
  - {id: live, title: Live, takes: {min: 10d, likely: 12d, max: 30d}, after: pilot, done_when: Orders flow}
  - {id: value-review, title: Results looked at, due: 2027-05-03}
documents:
  - {title: SOC 2 report, file: files/soc2.pdf, audience: [dana]}
  - {title: Product tour, url: "https://video.example/tour", kind: video}
pages:
  - business-case.md
  - {file: pricing.md, title: Prices, audience: [dana]}
reviews: [{on: 2026-11-20, with: [dana, tom], note: Moved the pilot a week, next: 2026-11-27}]
agreements: [{by: dana, on: 2026-11-20, of: 3f9c0d5b7a11}]
blackouts: [{from: 2026-12-24, to: 2027-01-01}]
forecast: {spread: none}
share_forecast: true
show_missing_roles: true
access: {shared: true}
theme: tessellate
lang: de
path: deals/harbour
ignore: {no-economic-buyer: Dana signs herself}
internal: Only for us
"""

FILES = ("business-case.md", "pricing.md", "files/soc2.pdf", "files/harbour.svg")


def write_plan(root: Path, text: str, slug: str = "harbour") -> Path:
    folder = root / "plans" / slug
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# A page\n")
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    return folder


def loaded(root: Path, text: str) -> LoadedPlan:
    return read_plan(write_plan(root, text), root)


def plan_of(root: Path, text: str) -> Plan:
    found = loaded(root, text)
    assert found.plan is not None, found.diagnostics
    return found.plan


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    return find_workspace(tmp_path)


def test_every_field_is_read(tmp_path: Path) -> None:
    found = loaded(tmp_path, EVERY_FIELD)
    assert found.diagnostics == ()
    plan = found.plan
    assert plan is not None
    assert plan.go_live.date == date(2027, 3, 1)
    assert plan.success_criteria[0].baseline == "4.10 %"
    pilot, live, review = plan.milestones
    assert pilot.takes == Duration(10, 20.0, 30)
    assert pilot.after == ()
    assert pilot.state is Status.BLOCKED
    assert live.takes == Duration(10, 12.0, 30)
    assert live.done_when == ("Orders flow",)
    assert review.after is None
    assert plan.predecessors() == {"pilot": (), "live": ("pilot",), "value-review": ()}
    assert [page.file for page in plan.pages] == ["business-case.md", "pricing.md"]
    assert plan.access.shared


def test_no_field_of_the_model_is_missing_from_that_plan() -> None:
    """Whoever adds a field adds it to the plan above."""
    written = yaml.safe_load(EVERY_FIELD)
    assert set(written) == {info.alias or name for name, info in Plan.model_fields.items()}


def test_what_is_left_out_has_a_sensible_absence(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SMALLEST)
    assert plan.label is None
    assert plan.milestones == ()
    assert plan.seller is None


def test_a_key_without_a_value_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    text = SMALLEST + "outcome:\nmilestones:\nstakeholders: ~\npages: null\nreviews: [{on: 2026-11-20, with: }]\n"
    plan = plan_of(tmp_path, text)
    assert plan.model_copy(update={"reviews": ()}) == plan_of(tmp_path, SMALLEST)


def test_all_plans_are_read_by_name(workspace: Workspace) -> None:
    for slug in ("zebra", "acme", "harbour"):
        write_plan(workspace.root, SMALLEST, slug)
    for ignored in (".hidden", "_drafts"):
        write_plan(workspace.root, SMALLEST, ignored)
    (workspace.plans / "notes").mkdir()
    (workspace.plans / "README.md").write_text("# Ours\n")
    assert plan_slugs(workspace) == ("acme", "harbour", "zebra")
    assert [plan.slug for plan in read_plans(workspace)] == ["acme", "harbour", "zebra"]


def test_plans_are_read_in_the_order_asked_and_once(workspace: Workspace) -> None:
    for slug in ("acme", "harbour"):
        write_plan(workspace.root, SMALLEST, slug)
    asked = ["plans/harbour/", "acme", "harbour", "./plans/acme/plan.yml"]
    assert [plan.slug for plan in read_plans(workspace, asked)] == ["harbour", "acme"]


def test_a_plan_that_is_not_there_is_a_problem_with_the_nearest_name(workspace: Workspace) -> None:
    write_plan(workspace.root, SMALLEST, "harbour-foods")
    with pytest.raises(Problem) as caught:
        read_plans(workspace, ["harbor-foods"])
    assert (caught.value.message, caught.value.hint) == (
        "there is no plan `harbor-foods`",
        "did you mean `harbour-foods`?",
    )


@pytest.mark.parametrize("slug", ["", "..", "../plans/harbour", "/etc", "harbour/../harbour"])
def test_a_path_is_no_name_of_a_plan(slug: str, workspace: Workspace) -> None:
    write_plan(workspace.root, SMALLEST)
    with pytest.raises(Problem):
        read_plans(workspace, [slug])


def test_a_workspace_without_plans_has_none(workspace: Workspace) -> None:
    assert read_plans(workspace) == ()
    assert list(stray_files(workspace)) == []


def test_one_broken_plan_does_not_stop_the_others(workspace: Workspace) -> None:
    write_plan(workspace.root, "title: [", "broken")
    write_plan(workspace.root, SMALLEST, "fine")
    broken, fine = read_plans(workspace)
    assert broken.plan is None
    assert broken.diagnostics
    assert fine.plan is not None


def test_a_plan_beside_the_folders_is_told_where_to_go(workspace: Workspace) -> None:
    write_plan(workspace.root, SMALLEST)
    (workspace.plans / "Big Deal.yaml").write_text(SMALLEST)
    (stray,) = stray_files(workspace)
    assert (stray.code, stray.hint) == ("stray-plan", "move it to plans/big-deal/plan.yml")


def test_a_folder_whose_name_is_no_id_is_told_a_better_one(workspace: Workspace) -> None:
    write_plan(workspace.root, SMALLEST, "Müller & Söhne")
    (found,) = read_plans(workspace)
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["invalid-slug"]
    assert "`muller-sohne`" in (found.diagnostics[0].hint or "")


def test_a_draft_keeps_what_can_be_understood(tmp_path: Path) -> None:
    text = SMALLEST.replace("title: Rollout", "title: []") + "milestones: [{id: pilot, title: Pilot, takes: soon}]\n"
    found = loaded(tmp_path, text)
    assert found.plan is None
    assert found.draft is not None
    assert found.draft.milestones[0].id == "pilot"


def _mutations() -> st.SearchStrategy[tuple[int, str, Any]]:
    odd = st.sampled_from(
        [
            None,
            "",
            "x",
            "no",
            "2027-02-30",
            "role:",
            "../x",
            "[",
            "dana",
            [],
            {},
            [None],
            {"id": "x"},
            ["a", "a"],
            "é" * 99,
        ]
    )
    return st.tuples(st.integers(0, 10_000), st.sampled_from(["replace", "remove", "rename", "repeat"]), odd)


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in nested mappings and lists, as what holds it and its key."""
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [spot for key, below in items for spot in [(value, key), *_spots(below)]]


@given(st.lists(_mutations(), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_a_plan_with_random_slips_is_a_model_or_has_errors_inside_the_file(
    tmp_path: Path, mutations: list[tuple[int, str, Any]]
) -> None:
    data = yaml.safe_load(EVERY_FIELD)
    for where, kind, odd in mutations:
        spots = _spots(data)
        if not spots:
            break
        holder, key = spots[where % len(spots)]
        if kind == "replace":
            holder[key] = odd
        elif kind == "remove":
            del holder[key]
        elif kind == "rename" and isinstance(holder, dict):
            holder[f"{key}x"] = holder.pop(key)
        elif isinstance(holder, list):
            holder.append(holder[key])
    assert_model_or_error(tmp_path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


@given(st.integers(0, len(EVERY_FIELD) - 1), st.integers(0, 8), st.sampled_from(["", *"[]{}:-'\"#&*!|>%@`,\t\n "]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_plan_with_a_slip_of_the_keyboard_is_a_model_or_has_errors_inside_the_file(
    tmp_path: Path, at: int, dropped: int, typed: str
) -> None:
    assert_model_or_error(tmp_path, EVERY_FIELD[:at] + typed + EVERY_FIELD[at + dropped :])


def assert_model_or_error(root: Path, text: str) -> None:
    found = loaded(root, text)
    errors = [each for each in found.diagnostics if each.severity == "error"]
    assert (found.plan is None) == bool(errors)
    lines = found.source.text.splitlines()
    for each in found.diagnostics:
        if each.place.line is not None and each.place.column is not None:
            assert 1 <= each.place.line <= len(lines) + 1
            assert 1 <= each.place.column <= len(each.place.text) + 1
