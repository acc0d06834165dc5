"""Where a workspace is, and what its settings may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.company import CalendarSettings
from dealroom.errors import Problem
from dealroom.workspace import BrokenSettings, Workspace, find_workspace


def workspace(root: Path, settings: str = "seller: {name: Tessellate}\n") -> Workspace:
    (root / "dealroom.yml").write_text(settings, encoding="utf-8")
    return find_workspace(root)


def faults(root: Path, settings: str) -> list[tuple[str, int | None]]:
    with pytest.raises(BrokenSettings) as caught:
        workspace(root, settings)
    return [(found.code, found.place.line) for found in caught.value.diagnostics]


def test_it_is_found_from_any_folder_inside_it(tmp_path: Path) -> None:
    (tmp_path / "plans" / "harbour" / "files").mkdir(parents=True)
    found = workspace(tmp_path)
    assert find_workspace(tmp_path / "plans" / "harbour" / "files") == found
    assert found.root == tmp_path.resolve()
    assert (found.plans, found.themes) == (found.root / "plans", found.root / "themes")
    assert (found.site, found.state) == (found.root / "site", found.root / ".dealroom")


def test_the_nearest_one_counts(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    workspace(tmp_path)
    assert workspace(inner, "seller: {name: Marlow}\n").settings.seller.name == "Marlow"


def test_no_workspace_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        find_workspace(tmp_path)
    assert "dealroom init" in (caught.value.hint or "")


def test_a_settings_file_with_the_other_ending_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "dealroom.yaml").write_text("seller: {name: Tessellate}\n")
    with pytest.raises(Problem) as caught:
        find_workspace(tmp_path)
    assert caught.value.hint == "rename the file"


def test_only_the_sellers_name_is_required(tmp_path: Path) -> None:
    settings = workspace(tmp_path).settings
    assert settings.lang == "en"
    assert settings.publish == ()
    assert settings.fiscal_quarter_ends == ((3, 31), (6, 30), (9, 30), (12, 31))


def test_every_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    settings = workspace(
        tmp_path,
        """\
seller: {name: Tessellate, website: tessellate.example, logo: logo.svg}
theme: tessellate
calendar: NO
lang: pt-BR
base_url: https://rooms.tessellate.example
publish: [../public, {folder: /srv/rooms}, file:///mnt/rooms]
replies: {endpoint: https://rooms.tessellate.example/replies, email: deals@tessellate.example}
markdown_extensions: [footnotes, {toc: {permalink: true, toc_depth: 3, title: no}}]
fiscal_quarter_ends: [01-31, 04-30, 07-31, 10-31]
health: {ignore: [no-agreement], buyer_share: 30 %}
""",
    ).settings
    assert settings.calendar == CalendarSettings(holidays="NO")
    assert settings.lang == "pt-BR"
    assert [target.folder for target in settings.publish] == ["../public", "/srv/rooms", "/mnt/rooms"]
    assert settings.replies.email == "deals@tessellate.example"
    assert settings.markdown_extensions == (
        "footnotes",
        {"toc": {"permalink": True, "toc_depth": 3, "title": "no"}},
    )
    assert settings.fiscal_quarter_ends[0] == (1, 31)


@pytest.mark.parametrize("written", ["publish: ../public", "publish: {folder: ../public}", "publish: [../public]"])
def test_one_target_needs_no_list(written: str, tmp_path: Path) -> None:
    (target,) = workspace(tmp_path, f"seller: {{name: Tessellate}}\n{written}\n").settings.publish
    assert target.folder == "../public"


@pytest.mark.parametrize("written", ["{no-agreement: why}", "[{no-agreement: why}]", "[[no-agreement]]"])
def test_what_health_ignores_is_a_list_of_codes(written: str, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        workspace(tmp_path, f"seller: {{name: Tessellate}}\nhealth: {{ignore: {written}}}\n")
    assert "a list of codes is expected here" in str(caught.value)
    assert "write `[no-agreement, too-long]`" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("calender: DE", "unknown-key"),
        ("calendar: Deutschland", "unknown-calendar"),
        ("lang: [de, en]", "wrong-type"),
        ("base_url: rooms.example", "invalid-url"),
        ("base_url: mailto:a@b.example", "invalid-url"),
        ("publish: https://rooms.example/", "unknown-target"),
        ("publish: {url: ftp}", "unknown-target"),
        ("publish: {branch: gh-pages}", "unknown-target"),
        ("publish: {folder: ../public, git: origin}", "unknown-target"),
        ("publish: {folder: ../public, branch: gh-pages}", "conflicting-fields"),
        ("replies: {endpoint: http://rooms.example}", "invalid-url"),
        ("replies: {email: nobody}", "invalid-email"),
        ("fiscal_quarter_ends: [02-30]", "wrong-type"),
        ("fiscal_quarter_ends: [13-01]", "wrong-type"),
        ("markdown_extensions: {toc: always}", "wrong-type"),
        ("markdown_extensions: [[toc]]", "wrong-type"),
        ("markdown_extensions: footnotes", "wrong-type"),
    ],
)
def test_a_wrong_setting_stops_with_its_line(line: str, code: str, tmp_path: Path) -> None:
    assert faults(tmp_path, f"seller: {{name: Tessellate}}\n{line}\n") == [(code, 2)]


def test_an_endpoint_on_this_machine_may_be_plain_http(tmp_path: Path) -> None:
    line = "replies: {endpoint: http://127.0.0.1:8700/replies}"
    assert workspace(tmp_path, f"seller: {{name: Tessellate}}\n{line}\n").settings.replies.endpoint


def test_all_that_is_wrong_with_the_settings_is_told_at_once(tmp_path: Path) -> None:
    settings = "seller: {nam: Tessellate, logo: logo.svg}\ntheme: My Brand\nlang: German please\n"
    assert faults(tmp_path, settings) == [("unknown-key", 1), ("invalid-id", 2), ("invalid-lang", 3)]


def test_a_logo_has_to_lie_in_the_workspace(tmp_path: Path) -> None:
    assert faults(tmp_path, "seller: {name: Tessellate, logo: ../logo.svg}\n") == [("outside-folder", 1)]
    assert faults(tmp_path, "seller: {name: Tessellate, logo: logo.svg}\n") == [("missing-file", 1)]


def test_the_sellers_calendar_stands_beside_the_seller(tmp_path: Path) -> None:
    with pytest.raises(BrokenSettings) as caught:
        workspace(tmp_path, "seller: {name: Tessellate, calendar: DE}\n")
    assert caught.value.diagnostics[0].hint == "write `calendar:` beside `seller:`, not inside it"


def test_broken_settings_show_their_findings_in_full(tmp_path: Path) -> None:
    with pytest.raises(BrokenSettings, match="error\\[unknown-key\\]"):
        workspace(tmp_path, "seller: {name: Tessellate}\ncalender: DE\n")


def test_empty_settings_say_what_is_missing(tmp_path: Path) -> None:
    assert faults(tmp_path, "") == [("empty-file", None)]
