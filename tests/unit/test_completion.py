"""What a shell offers while a command is typed."""

from pathlib import Path

from click.shell_completion import ShellComplete

from dealroom.cli.main import cli

SETTINGS = "seller: {name: Tessellate}\n"
PLAN = """\
title: Order platform
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer}
  - {id: tom, name: Tom Okafor, side: seller}
"""


def _workspace(folder: Path) -> Path:
    (folder / "dealroom.yml").write_text(SETTINGS, encoding="utf-8")
    for slug in ("acme", "harbour"):
        (folder / "plans" / slug).mkdir(parents=True)
        (folder / "plans" / slug / "plan.yml").write_text(PLAN, encoding="utf-8")
    return folder


def _offered(folder: Path, *words: str, incomplete: str = "") -> list[tuple[str, str | None]]:
    completion = ShellComplete(cli, {}, "dealroom", "_DEALROOM_COMPLETE")
    found = completion.get_completions(["-C", str(folder), *words], incomplete)
    return [(item.value, item.help) for item in found]


def test_plans_are_offered_by_name(tmp_path: Path) -> None:
    folder = _workspace(tmp_path)
    assert [name for name, _ in _offered(folder, "schedule")] == ["acme", "harbour"]
    assert [name for name, _ in _offered(folder, "build", incomplete="h")] == ["harbour"]


def test_a_plan_that_was_named_already_is_not_offered_again(tmp_path: Path) -> None:
    assert [name for name, _ in _offered(_workspace(tmp_path), "check", "acme")] == ["harbour"]


def test_people_of_the_named_plan_are_offered_with_who_they_are(tmp_path: Path) -> None:
    offered = _offered(_workspace(tmp_path), "access", "link", "acme")
    assert offered == [("dana", "Dana Whitfield, buyer"), ("tom", "Tom Okafor, seller")]


def test_nothing_is_offered_where_there_is_nothing(tmp_path: Path) -> None:
    assert _offered(tmp_path, "schedule") == []
    folder = _workspace(tmp_path)
    assert _offered(folder, "access", "link", "nobody") == []
    (folder / "plans" / "acme" / "plan.yml").write_text("title: [", encoding="utf-8")
    assert _offered(folder, "access", "link", "acme") == []
    (folder / "dealroom.yml").write_text("seller: [", encoding="utf-8")
    assert _offered(folder, "schedule") == []
