"""A page that is cleaned a second time comes out as if it were the first."""

from __future__ import annotations

from collections.abc import Callable

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.room.sanitise import _before, sanitise

PAGE = """<h1 id="case">Case</h1><p><a href="a.pdf">A</a> <img src="b.png"> <a href="a.pdf">A again</a>
<a title="no link">B</a><script>alert(1)</script></p>"""


def to_files(tag: str, url: str) -> str | None:
    return f"file:{tag}-{url}"


def test_every_link_is_asked_for_again_in_order() -> None:
    asked: list[list[tuple[str, str]]] = [[], []]

    def noting(calls: list[tuple[str, str]]) -> Callable[[str, str], str | None]:
        def rewrite(tag: str, url: str) -> str | None:
            calls.append((tag, url))
            return to_files(tag, url)

        return rewrite

    first, second = (sanitise(PAGE, id_prefix="again--", rewrite=noting(calls)) for calls in asked)

    assert first == second
    assert asked[0] == asked[1] == [("a", "a.pdf"), ("img", "b.png"), ("a", "a.pdf")]


def test_a_page_is_cleaned_once_while_its_links_lead_where_they_led(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned: list[str] = []
    real: Callable[..., str] = nh3.clean

    def counting(html: str, **how: object) -> str:
        cleaned.append(html)
        return real(html, **how)

    monkeypatch.setattr(nh3, "clean", counting)
    for target in (to_files, to_files, lambda _tag, _url: "#plan", to_files):
        sanitise(PAGE, id_prefix="once--", rewrite=target)

    assert len(cleaned) == 3


@given(st.lists(st.lists(st.sampled_from(["#plan", "https://a.example/", None]), min_size=3, max_size=3), min_size=2))
def test_what_was_cleaned_before_changes_nothing(rounds: list[list[str | None]]) -> None:
    for addresses in rounds:
        _before.cache_clear()
        fresh = sanitise(PAGE, id_prefix="p--", rewrite=_given(addresses))
        for others in rounds:
            sanitise(PAGE, id_prefix="p--", rewrite=_given(others))

        assert sanitise(PAGE, id_prefix="p--", rewrite=_given(addresses)) == fresh


def _given(addresses: list[str | None]) -> Callable[[str, str], str | None]:
    following = iter(addresses)
    return lambda _tag, _url: next(following)
