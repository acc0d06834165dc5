"""A change touches exactly the rooms that depend on what was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.publish.changes import EVERYTHING, Changes, Sources, classify

ROOT = Path("/deals")
SHARED = frozenset({ROOT / "dealroom.yml", ROOT / "brand/logo.svg", ROOT / "texts"})
SOURCES = Sources(ROOT / "plans", ROOT / "themes", SHARED)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("plans/acme/plan.yml", Changes(plans=frozenset({"acme"}))),
        ("plans/acme/files/soc2.pdf", Changes(plans=frozenset({"acme"}))),
        ("plans/acme", Changes(plans=frozenset({"acme"}))),
        ("themes/cobalt/styles.css", Changes(themes=frozenset({"cobalt"}))),
        ("dealroom.yml", EVERYTHING),
        ("brand/logo.svg", EVERYTHING),
        ("texts/de.yml", EVERYTHING),
        ("texts", EVERYTHING),
        ("texts/.de.yml.swp", Changes()),
        ("plans", EVERYTHING),
        ("README.md", Changes()),
        ("site/index.html", Changes()),
        (".dealroom/key", Changes()),
        ("plans-old/acme/plan.yml", Changes()),
        ("plans/acme/.plan.yml.swp", Changes()),
        ("plans/acme/plan.yml~", Changes()),
        ("plans/acme/4913", Changes()),
        ("plans/acme/.git/index", Changes()),
        ("plans/_aside/plan.yml", Changes()),
    ],
)
def test_classify(path: str, expected: Changes) -> None:
    assert classify([ROOT / path], SOURCES) == expected


def test_many_changes_are_one() -> None:
    paths = [ROOT / "plans/a/plan.yml", ROOT / "plans/b/x.md", ROOT / "themes/cobalt/theme.yml"]

    assert classify(paths, SOURCES) == Changes(frozenset({"a", "b"}), frozenset({"cobalt"}))


def test_changes_add_up() -> None:
    both = Changes(plans=frozenset({"acme"})) | Changes(plans=frozenset({"blue"}), themes=frozenset({"northbay"}))
    assert both == Changes(frozenset({"acme", "blue"}), frozenset({"northbay"}))
    assert (both | EVERYTHING).everything
