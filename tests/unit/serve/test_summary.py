"""What the preview's list says of a plan."""

from __future__ import annotations

from pathlib import Path

from dealroom.plan.read import read_plan
from dealroom.serve.summary import Summary, summarise
from tests.unit.health.plans import SETTINGS, TODAY

SELLERS_PLAN = """\
title: Rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}, {id: tom, name: Tom Okafor, side: seller}]
milestones: [{id: launch, title: Launch, owners: {seller: tom}}]
"""


def summary(text: str, root: Path) -> Summary:
    folder = root / "plans" / "harbour"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    return summarise(read_plan(folder, root), SETTINGS, TODAY, people=(), path="r/", known=None)


def test_an_error_of_health_leaves_a_room_to_open(tmp_path: Path) -> None:
    listed = summary(SELLERS_PLAN, tmp_path)
    assert "seller-only-plan" in {each.code for each in listed.diagnostics}
    assert (listed.standing_label, listed.errors, listed.findings) == ("Draft", 0, len(listed.diagnostics))


def test_a_plan_that_cannot_be_read_is_broken(tmp_path: Path) -> None:
    listed = summary(SELLERS_PLAN + "titel: x\n", tmp_path)
    assert (listed.standing_label, listed.errors, listed.findings) == ("Broken", 1, 0)
