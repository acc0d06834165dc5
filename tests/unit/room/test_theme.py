from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.room.locale import load_locale
from dealroom.room.render import ClientAssets, LockedRoom, render_lock, render_room
from dealroom.room.theme import Theme, load_theme
from dealroom.room.theme_settings import ThemeProblem
from tests.unit.room.rooms import SELLER, content, plan

CLIENT = ClientAssets("main-1.js")


def write(folder: Path, name: str, settings: str = "", **files: str) -> Path:
    """A theme in the folder of themes; the names of files have `__` for a slash and `_` for a dot."""
    theme = folder / name
    theme.mkdir(exist_ok=True)
    (theme / "theme.yml").write_text(settings or "{}", "utf-8")
    for written, text in files.items():
        file = theme / written.replace("__", "/").replace("_", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def problem(folder: Path, name: str) -> tuple[str, str | None]:
    with pytest.raises(ThemeProblem) as found:
        load_theme(folder, name)
    return found.value.message, found.value.hint


def room(theme: Theme) -> str:
    return render_room(content(plan()), theme).html.decode()


def stylesheet(theme: Theme) -> str:
    return dict(theme.assets())[theme.stylesheet].decode()


def test_without_a_name_it_is_the_base(tmp_path: Path) -> None:
    assert load_theme(tmp_path).name == "base"


def test_a_brand_colour_is_enough(tmp_path: Path) -> None:
    theme = load_theme(write(tmp_path, "harbour", "colours: {brand: '#0b6470'}"), "harbour")
    assert "--brand:#0b6470;" in stylesheet(theme)


def test_a_theme_overrides_one_block_and_keeps_the_rest(tmp_path: Path) -> None:
    override = '{% extends "base/room.html" %}{% block footer %}<p>Thank you, {{ room.buyer.name }}</p>{% endblock %}'
    page = room(load_theme(write(tmp_path, "harbour", templates__room_html=override), "harbour"))
    assert "<p>Thank you, Harbour Foods</p>" in page
    assert 'class="go-live"' in page
    assert 'class="foot"' not in page


def test_a_theme_builds_on_another(tmp_path: Path) -> None:
    write(tmp_path, "parent", "colours: {brand: '#0b6470'}\ntexts: {next.title: To do}", styles_css=".foot{color:red}")
    write(tmp_path, "child", "extends: parent\ntexts: {lock.heading: Hello}")
    theme = load_theme(tmp_path, "child")
    assert theme.texts == {"en": {"next.title": "To do", "lock.heading": "Hello"}}
    assert "--brand:#0b6470;" in stylesheet(theme)
    assert ".foot{color:red}" in stylesheet(theme)


def test_files_that_styles_ask_for_are_assets_named_after_their_content(tmp_path: Path) -> None:
    write(tmp_path, "harbour", styles_css='.lock{background:url("waves.svg")}', waves_svg="<svg/>")
    theme = load_theme(tmp_path, "harbour")
    (name,) = [name for name, data in theme.assets() if data == b"<svg/>"]
    assert name.startswith("waves-")
    assert f"url('{name}')" in stylesheet(theme)


def test_an_unknown_theme_offers_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "harbour")
    assert problem(tmp_path, "harbor") == (f"there is no theme `harbor` in {tmp_path.name}/", "did you mean `harbour`?")


def test_a_circle_of_themes_is_told(tmp_path: Path) -> None:
    write(tmp_path, "one", "extends: two")
    write(tmp_path, "two", "extends: one")
    assert problem(tmp_path, "one") == (
        "themes extend each other in a circle: one → two → one",
        "remove one `extends:`",
    )


def test_a_missing_file_offers_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "harbour", "logo: logo.png", logo_svg="<svg/>")
    assert problem(tmp_path, "harbour") == (
        "harbour/theme.yml: there is no file `logo.png`",
        "did you mean `logo.svg`?",
    )


def test_a_file_outside_the_theme_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    message, _ = problem(write(tmp_path, "harbour", "logo: ../key"), "harbour")
    assert message == "harbour/theme.yml: `../key` is outside the folder harbour/"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("colurs: {brand: red}", "did you mean `colours`?"),
        ("colours: {brand: reddish}", "`reddish` is not a colour"),
        ("fonts: {text: {family: 'x;}'}}", "`x;}` is not a font's name"),
        ("tokens: {radius: 'red;}body{display:none'}", "is not a plain CSS value"),
        ("tokens: {radius: 'url(//evil.example)'}", "is not a plain CSS value"),
    ],
)
def test_settings_that_do_not_fit_are_told_with_their_place(tmp_path: Path, settings: str, said: str) -> None:
    message, _ = problem(write(tmp_path, "harbour", settings), "harbour")
    assert said in message
    assert f"{tmp_path.name}/harbour/theme.yml:1:" in message


def test_a_fault_in_a_template_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "harbour", templates__room_html='{% extends "base/room.html" %}\n{% block footer %}\n{{ room. }}\n')
    with pytest.raises(ThemeProblem) as found:
        room(load_theme(tmp_path, "harbour"))
    assert "harbour/templates/room.html:3: " in found.value.message


def test_a_template_that_asks_for_what_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    override = '{% extends "base/room.html" %}\n{% block footer %}{{ room.price }}{% endblock %}'
    write(tmp_path, "harbour", templates__room_html=override)
    with pytest.raises(ThemeProblem) as found:
        room(load_theme(tmp_path, "harbour"))
    assert "harbour/templates/room.html:2: " in found.value.message
    assert "price" in found.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [("{name} done", "it may use `{done}` and `{total}`"), ("{done", "it may use `{done}` and `{total}`")],
)
def test_a_text_with_values_that_it_does_not_get_is_told(tmp_path: Path, text: str, hint: str) -> None:
    write(tmp_path, "harbour", f"texts: {{stand.progress: '{text}'}}")
    with pytest.raises(ThemeProblem) as found:
        load_theme(tmp_path, "harbour")
    (finding,) = found.value.diagnostics
    assert (finding.code, finding.hint) == ("invalid-text", hint)
    assert str(finding.place) == f"{tmp_path.name}/harbour/theme.yml:1:25"


def test_a_theme_speaks_several_languages(tmp_path: Path) -> None:
    template = '{% extends "base/room.html" %}{% block footer %}{{ texts["hosts.title"] }}{% endblock %}'
    write(
        tmp_path,
        "harbour",
        "texts: {hosts.title: Au quai}\nlang: fr",
        texts__de_yml="hosts.title: Am Kai",
        templates__room_html=template,
    )
    theme = load_theme(tmp_path, "harbour", texts={"de": {"next.title": "Was ansteht"}})
    assert theme.texts == {
        "fr": {"hosts.title": "Au quai"},
        "de": {"hosts.title": "Am Kai", "next.title": "Was ansteht"},
    }
    assert theme.diagnostics == ()


def test_a_text_that_no_template_asks_for_is_told(tmp_path: Path) -> None:
    theme = load_theme(write(tmp_path, "harbour", "texts: {next.titel: To do}"), "harbour")
    assert [found.code for found in theme.diagnostics] == ["unknown-text"]


def test_a_template_is_compiled_once_and_again_when_it_changed(tmp_path: Path) -> None:
    override = '{{% extends "base/room.html" %}}{{% block footer %}}{}{{% endblock %}}'
    cache = tmp_path / "cache"
    themes = tmp_path / "themes"
    themes.mkdir()
    for said in ("Thank you", "Thank you", "Many thanks"):
        write(themes, "harbour", templates__room_html=override.format(said))
        assert said in room(load_theme(themes, "harbour", cache=cache))
    assert list(cache.glob("template-*"))


def test_a_cache_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert room(load_theme(tmp_path, cache=tmp_path / "file" / "cache"))


def test_the_sellers_own_logo_stands_in_for_one_that_a_theme_lacks(tmp_path: Path) -> None:
    (tmp_path / "seller.svg").write_text("<svg/>")
    theme = load_theme(tmp_path, None, seller_logo=tmp_path / "seller.svg")
    page = render_lock(theme, SELLER, LockedRoom("room", "{}"), CLIENT, locale=load_locale("en"))
    assert f'src="../assets/{theme.logo}" alt="Tessellate"' in page.decode()


@pytest.mark.parametrize("name", [None, "tessellate", "marlow-finch"])
def test_the_same_theme_gives_the_same_bytes_and_stays_small(name: str | None) -> None:
    first, second = (load_theme(Path("themes"), name) for _ in range(2))
    assert first.assets() == second.assets()
    css = stylesheet(first)
    assert "http" not in css
    for file, data in first.assets():
        assert len(data) < 70_000, file
