"""A new workspace works on whatever day it is started."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealroom.plan.read import read_plans
from dealroom.plan.starters import EXAMPLE, starter_files
from dealroom.publish.check import check_all
from dealroom.workspace import Workspace, find_workspace

SATURDAY = 5


def start(root: Path, today: date, seller: str = "Tessellate") -> Workspace:
    for name, text in starter_files(today, seller).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return find_workspace(root)


@pytest.mark.parametrize("days", range(0, 371, 7 * 5 + 1))
def test_there_is_nothing_to_find_in_it(days: int, tmp_path: Path) -> None:
    today = date(2026, 11, 22) + timedelta(days=days)
    workspace = start(tmp_path, today)
    assert check_all(workspace, today=today) == []


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_go_live_is_a_working_day_about_fourteen_weeks_ahead(tmp_path: Path, today: date) -> None:
    (loaded,) = read_plans(start(tmp_path, today))
    assert loaded.plan is not None
    go_live = loaded.plan.go_live.date
    assert go_live.weekday() < SATURDAY
    assert 98 <= (go_live - today).days <= 98 + 2 * 7
    assert all(each.due is None or each.due > today for each in loaded.plan.milestones)


@pytest.mark.parametrize("seller", ['O\'Neil & Söhne: "GmbH"', "no", "{x}", "# 1", "Tess <today+8>"])
def test_any_name_of_a_seller_is_kept(seller: str, tmp_path: Path) -> None:
    assert start(tmp_path, date(2026, 11, 22), seller).settings.seller.name == seller


def test_it_has_a_page_and_ignores_the_key() -> None:
    files = starter_files(date(2026, 11, 22), "Tessellate")
    assert f"plans/{EXAMPLE}/business-case.md" in files
    assert ".dealroom/" in files["gitignore"].splitlines()
    assert "<" not in files[f"plans/{EXAMPLE}/plan.yml"]
