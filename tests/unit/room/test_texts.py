"""Files of texts: what is taken from them, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.room.texts import WrittenTexts, asked_by, read_texts


def written(folder: Path, asked: frozenset[str] = frozenset(), **files: str) -> WrittenTexts:
    for name, text in files.items():
        (folder / name.replace("__", "-").replace("_", ".")).write_text(text, "utf-8")
    return read_texts(folder, "texts", asked)


def findings(texts: WrittenTexts) -> list[str]:
    return [f"{found.code} {found.place} {found.message} ({found.hint})" for found in texts.diagnostics]


def test_a_file_is_named_after_its_language(tmp_path: Path) -> None:
    texts = written(tmp_path, de_yml="next.title: Was ansteht", pt__br_json='{"next.title": "O que vem"}')
    assert texts == WrittenTexts({"de": {"next.title": "Was ansteht"}, "pt-BR": {"next.title": "O que vem"}})


def test_no_folder_has_no_texts(tmp_path: Path) -> None:
    assert read_texts(tmp_path / "texts", "texts", frozenset()) == WrittenTexts({})


def test_keys_may_be_nested(tmp_path: Path) -> None:
    assert written(tmp_path, de_yml="next: {title: Was ansteht}").texts == {"de": {"next.title": "Was ansteht"}}


def test_an_empty_text_is_one(tmp_path: Path) -> None:
    assert written(tmp_path, en_yml="lock.line: ''").texts == {"en": {"lock.line": ""}}


def test_a_text_that_nothing_asks_for_offers_the_nearest(tmp_path: Path) -> None:
    texts = written(tmp_path, de_yml="next.title: A\nnext.titel: B")
    assert findings(texts) == [
        "unknown-text texts/de.yml:2:13 nothing asks for a text `next.titel` (did you mean `next.title`?)"
    ]


@pytest.mark.parametrize("key", ["role.fleet-manager", "hosts.title", "pages.minutes.few"])
def test_roles_a_themes_own_texts_and_other_plurals_are_known(tmp_path: Path, key: str) -> None:
    assert findings(written(tmp_path, frozenset({"hosts.title"}), pl_yml=f"{key}: Text")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{name} left", "uses `{name}`, which has no value here (it may use `{date}`)"),
        ("{date!r}", "uses `{date}`, which has no value here (it may use `{date}`)"),
        ("{date:>9999999}", "uses `{date}`, which has no value here (it may use `{date}`)"),
        ("{date.__class__}", "uses `{date.__class__}`, which has no value here (it may use `{date}`)"),
        ("{date", "has a brace that is not closed (it may use `{date}`)"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_left_out(tmp_path: Path, text: str, message: str) -> None:
    texts = written(tmp_path, de_yml=f'stand.reviewed: "{text}"')
    assert findings(texts) == [f"invalid-text texts/de.yml:1:17 the text `stand.reviewed` {message}"]
    assert texts.texts == {"de": {}}


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    texts = written(tmp_path, de_yml="next.title: [a]", English_yml="next.title: A")
    assert [found.code for found in texts.diagnostics] == ["invalid-lang", "wrong-type"]


def test_templates_tell_which_texts_they_ask_for(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "people.html").write_text("{{ texts[\"hosts.title\"] }} {{ texts['hosts.line'].format() }}")
    assert asked_by([tmp_path, tmp_path / "nowhere"]) == {"hosts.title", "hosts.line"}
