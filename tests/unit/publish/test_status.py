"""How every deal stands: what needs attention comes first, nothing that is broken stops it, nothing is stale."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish import status as module
from dealroom.publish.status import PlanStatus, Step, statuses
from dealroom.workspace import Workspace, open_workspace

TODAY = date(2027, 2, 1)

HEALTHY = """\
title: {title}
buyer: {{name: Harbour}}
go_live: {{date: {go_live}, why: Peak season}}
forecast: {{spread: none}}
stakeholders:
  - {{id: priya, name: Priya Nair, side: buyer}}
  - {{id: tom, name: Tom Okafor, side: seller}}
milestones:
  - {{id: review, title: Security review, owners: {{buyer: priya}}, takes: 5d, due: {due}, started: 2027-01-28}}
  - id: contract
    title: Contract signed
    owners: {{buyer: priya, seller: tom}}
    takes: 3d
    steps: [{{id: draft, title: Draft the contract, owner: tom, due: 2027-02-05}}]
  - {{id: old, title: Old idea, status: dropped}}
reviews: [{{on: 2027-01-25, with: [priya, tom]}}, {{on: 2027-03-01, with: [priya]}}]
agreements: [{{by: priya, on: 2027-01-25, of: 0123456789ab}}]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "dealroom.yml").write_text("seller: {name: Northbay}\n", "utf-8")
    return open_workspace(tmp_path)


def write(workspace: Workspace, slug: str, text: str) -> None:
    (workspace.plans / slug).mkdir(parents=True, exist_ok=True)
    (workspace.plans / slug / "plan.yml").write_text(text, "utf-8")


def healthy(title: str = "Rollout", go_live: str = "2027-03-01", due: str = "2027-02-12") -> str:
    return HEALTHY.format(title=title, go_live=go_live, due=due)


def one(workspace: Workspace, slug: str, today: date = TODAY) -> PlanStatus:
    (found,) = statuses(workspace, today, [slug])
    return found


def test_what_a_healthy_deal_says(workspace: Workspace) -> None:
    write(workspace, "harbour", healthy())
    found = one(workspace, "harbour")
    assert (found.title, found.buyer, found.status) == ("Rollout", "Harbour", "on-track")
    assert (found.done, found.total) == (0, 2)
    assert (found.go_live, found.days_to_go_live) == ("2027-03-01", 28)
    assert found.p_on_time == 1.0
    assert found.next_buyer == Step("Security review", "Priya Nair", "2027-02-12")
    assert found.next_seller == Step("Draft the contract", "Tom Okafor", "2027-02-05")
    assert found.days_since_review == 7, "a review that is still to come does not count"
    assert sum(share for _, share in found.distribution) == pytest.approx(1)


def test_what_needs_attention_comes_first(workspace: Workspace) -> None:
    write(workspace, "fine", healthy())
    write(workspace, "broken", "title: [\n")
    write(workspace, "late", healthy(due="2027-01-15"))
    write(workspace, "hopeless", healthy(go_live="2027-02-03", due="2027-02-02"))
    found = statuses(workspace, TODAY, ["fine", "broken", "late", "hopeless"])
    assert [(status.slug, status.status) for status in found] == [
        ("broken", "broken"),
        ("late", "stalled"),
        ("hopeless", "late"),
        ("fine", "on-track"),
    ]
    assert found[0].worst
    assert "plan.yml:" in found[0].reason


def test_a_plan_without_working_days_is_a_line_too(workspace: Workspace) -> None:
    write(workspace, "never", healthy() + "blackouts: [{from: 2026-01-01}]\n")
    assert one(workspace, "never").slug == "never"


def test_asking_again_computes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workspace, "harbour", healthy())
    write(workspace, "broken", "title: [\n")
    first = statuses(workspace, TODAY, ["harbour", "broken"])
    monkeypatch.setattr(module, "status_of", lambda *_: pytest.fail("computed again"))
    assert statuses(workspace, TODAY, ["harbour", "broken"]) == first


def test_a_change_another_day_or_other_settings_compute_again(workspace: Workspace) -> None:
    write(workspace, "harbour", healthy())
    assert one(workspace, "harbour").title == "Rollout"
    write(workspace, "harbour", healthy(title="Rollout, renamed"))
    assert one(workspace, "harbour").title == "Rollout, renamed"
    assert one(workspace, "harbour", date(2027, 2, 2)).days_to_go_live == 27
    settings = workspace.root / "dealroom.yml"
    settings.write_text(
        "seller: {name: Northbay}\ncalendar: {blackouts: [{from: 2027-02-01, to: 2027-12-31}]}\n", "utf-8"
    )
    assert one(open_workspace(workspace.root), "harbour").status != "on-track"


def test_a_damaged_cache_is_no_cache(workspace: Workspace) -> None:
    write(workspace, "harbour", healthy())
    first = one(workspace, "harbour")
    (cache,) = (workspace.state / "cache").iterdir()
    for damage in ("", "[]", '{"harbour": 3}', cache.read_text("utf-8").replace('"slug"', '"slag"')):
        cache.write_text(damage, "utf-8")
        assert one(workspace, "harbour") == first


def test_a_cache_that_cannot_be_written_is_no_fault(workspace: Workspace) -> None:
    write(workspace, "harbour", healthy())
    (workspace.root / ".dealroom").write_text("in the way", "utf-8")
    assert one(workspace, "harbour").status == "on-track"


def test_processes_give_what_one_process_gives(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    slugs = [f"deal-{number}" for number in range(6)]
    for number, slug in enumerate(slugs):
        write(workspace, slug, healthy(title=f"Rollout {number}", go_live=f"2027-03-0{number + 1}"))
    alone = statuses(workspace, TODAY, slugs)
    monkeypatch.setattr(module, "PARALLEL_FROM", 2)
    assert os.cpu_count() == 1 or statuses(workspace, TODAY, slugs, cached=False) == alone


def test_of_a_plan_with_nothing_in_it_no_chance_is_told(workspace: Workspace) -> None:
    write(workspace, "new", "title: New\nbuyer: {name: Harbour}\ngo_live: {date: 2027-03-01}\n")
    assert one(workspace, "new").p_on_time is None


def test_two_plans_with_the_same_path_are_both_broken_until_one_has_another(workspace: Workspace) -> None:
    write(workspace, "harbour", f"{healthy()}path: rollout\n")
    assert one(workspace, "harbour").status == "on-track"

    write(workspace, "inlet", f"{healthy()}path: rollout\n")
    message = "the plans harbour and inlet have the same path `rollout` (plans/harbour/plan.yml:18:7)"
    assert (one(workspace, "harbour").status, one(workspace, "harbour").reason) == ("broken", message)
    assert [found.status for found in statuses(workspace, TODAY, ["harbour", "inlet"])] == ["broken", "broken"]

    write(workspace, "inlet", f"{healthy()}path: other\n")
    assert [found.status for found in statuses(workspace, TODAY, ["harbour", "inlet"])] == ["on-track", "on-track"]


def test_a_path_that_is_not_free_is_an_error(workspace: Workspace) -> None:
    write(workspace, "harbour", f"{healthy()}path: assets/rollout\n")
    assert one(workspace, "harbour").reason.startswith("`assets/rollout` is where dealroom keeps files of its own")


def test_a_process_that_is_ended_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workspace, "harbour", healthy())
    monkeypatch.setattr(module, "PARALLEL_FROM", 1)
    monkeypatch.setattr(module, "status_of", lambda *_: os._exit(9))
    with pytest.raises(Problem, match="was ended from outside"):
        statuses(workspace, TODAY, ["harbour"])
