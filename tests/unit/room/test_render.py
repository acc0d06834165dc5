from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import pytest

from dealroom.room.locale import load_locale
from dealroom.room.render import ClientAssets, LockedRoom, render_front, render_lock, render_room
from dealroom.room.theme import load_theme
from tests.unit.room.rooms import DANA, PRIYA, SELLER, TOM, Elements, base_theme, content, html, plan

FULL: dict[str, Any] = {
    "title": "Order platform rollout",
    "label": "Joint Execution Plan",
    "outcome": "Cut order errors below 1.5 %",
    "buyer": {"name": "Harbour Foods", "logo": "files/harbour.svg"},
    "go_live": {"date": "2027-03-01", "why": "Order freeze on 15 March", "milestone": "launch"},
    "stakeholders": [DANA, PRIYA, TOM],
    "success_criteria": [
        {
            "id": "errors",
            "statement": "Order errors",
            "baseline": "4.1 %",
            "current": "3.8 %",
            "target": "1.5 %",
            "owner": "dana",
            "proven_by": "launch",
        }
    ],
    "milestones": [
        {
            "id": "security-review",
            "phase": "Validate",
            "title": "Security review passed",
            "owners": {"buyer": "priya", "seller": "tom"},
            "takes": "2w",
            "due": "2026-12-18",
            "status": "blocked",
            "done_when": ["Questionnaire accepted"],
            "steps": [{"id": "send", "title": "Send it", "owner": "tom", "due": "2026-12-04", "done": "2026-12-03"}],
            "blocked": {"by": "Waiting for the DPA", "owner": "priya", "since": "2026-11-18"},
            "notes": "Call on Friday",
        },
        {"id": "launch", "phase": "Go-live", "title": "Launch", "owners": {"buyer": "dana"}},
    ],
    "documents": [{"title": "Product tour", "url": "https://video.example/tour", "kind": "video"}],
    "reviews": [{"on": "2026-11-20", "with": ["dana"], "note": "Moved the pilot", "next": "2026-11-27"}],
    "agreements": [{"by": "dana", "on": "2026-11-20", "of": "3f9c"}],
}

ACTING = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'[x](javascript:alert(1))"

LOCKED = LockedRoom("mrumtjuynl72hk6usa7urh4c", "{}")


@pytest.mark.parametrize(
    "said",
    [
        "Joint Execution Plan",
        "Order platform rollout",
        "Cut order errors below 1.5 %",
        "1 March 2027",
        "Order freeze on 15 March",
        "Security review passed",
        "18 December 2026",
        "Questionnaire accepted",
        "Send it",
        "Waiting for the DPA",
        "Priya Nair can clear this",
        "Call on Friday",
        "4.1 %",
        "Champion",
        "Product tour",
        "Moved the pilot",
        "Dana Whitfield agreed to the plan",
    ],
)
def test_the_room_says_what_the_plan_says(said: str) -> None:
    assert said in html(plan(**FULL)).replace("&nbsp;", " ").replace("\xa0", " ")


def test_milestones_carry_what_the_browser_needs() -> None:
    found = [attributes for tag, attributes in Elements(html(plan(**FULL))).found if "data-milestone" in attributes]
    first = found[0]
    assert (first["id"], first["data-state"]) == ("milestone-security-review", "blocked")
    assert (first["data-finish"], first["data-buyer"], first["data-seller"]) == ("2026-12-18", "priya", "tom")


def test_every_anchor_leads_somewhere_and_no_id_is_there_twice() -> None:
    elements = Elements(html(plan(**FULL)))
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href.startswith("#")} <= set(ids)
    for names in elements.values("aria-labelledby"):
        assert set(names.split()) <= set(ids)


@pytest.mark.parametrize("name", [None, "tessellate", "marlow-finch"])
def test_nothing_in_a_page_needs_a_laxer_policy(name: str | None) -> None:
    theme = load_theme(Path("themes"), name)
    locale = load_locale("en", theme.texts)
    room = render_room(content(plan(**FULL), texts=theme.texts), theme).html.decode()
    lock = render_lock(theme, SELLER, LOCKED, ClientAssets("main.js"), locale=locale).decode()
    for tag, attributes in [*Elements(room).found, *Elements(lock).found]:
        assert tag not in {"style", "iframe", "object"}
        assert not [attribute for attribute in attributes if attribute == "style" or attribute.startswith("on")]
        if tag == "script":
            assert attributes.get("src") or attributes.get("type") == "application/json"
        for attribute in ("src", "href", "srcset"):
            address = attributes.get(attribute) or ""
            assert tag == "a" or "//" not in address


def test_text_that_acts_is_shown_and_does_nothing() -> None:
    written = plan(
        title=ACTING,
        label=ACTING,
        outcome=ACTING,
        buyer={"name": ACTING},
        go_live={"date": "2027-03-01", "why": ACTING},
        stakeholders=[{**DANA, "name": ACTING, "title": ACTING}],
        success_criteria=[{"id": "c", "statement": ACTING, "baseline": ACTING, "target": ACTING}],
        milestones=[
            {
                "id": "m",
                "phase": ACTING,
                "title": ACTING,
                "notes": ACTING,
                "done_when": ACTING,
                "steps": [{"id": "s", "title": ACTING}],
                "blocked": {"by": ACTING},
            }
        ],
        documents=[{"title": ACTING, "url": 'https://x.example/"onmouseover=alert(1)'}],
        reviews=[{"on": "2026-11-20", "note": ACTING}],
    )
    for tag, attributes in Elements(html(written)).found:
        assert tag not in {"script", "style"}
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript")
        assert tag != "img" or attributes.get("src") is None or "logo" in (attributes.get("class") or "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"milestones": [{"id": "only", "title": "Only one"}]},
        {"milestones": [{"id": f"m{number}", "title": f"Milestone {number}"} for number in range(60)]},
        {"milestones": [{"id": "past", "title": "Done", "status": "done"}], "go_live": {"date": "2000-01-03"}},
        {"title": "x" * 200, "buyer": {"name": "مؤسسة الميناء"}, "milestones": [{"id": "m", "title": "🚀 " * 60}]},
    ],
)
def test_little_and_much_make_a_room(fields: dict[str, Any]) -> None:
    assert html(plan(**fields)).count("data-milestone=") == len(fields.get("milestones", ()))


@pytest.mark.parametrize(
    ("fields", "blocked"),
    [
        ({"blocked": {"by": "The DPA"}}, True),
        ({"status": "blocked"}, True),
        ({"blocked": {"by": "The DPA"}, "status": "done"}, False),
        ({"blocked": {"by": "The DPA"}, "status": "dropped"}, False),
        ({}, False),
    ],
)
def test_what_is_blocked_is_told_where_the_plan_stands(fields: dict[str, Any], blocked: bool) -> None:
    assert ('class="blocked"' in html(plan(milestones=[{"id": "m", "title": "Review", **fields}]))) is blocked


def test_the_same_content_gives_the_same_bytes() -> None:
    assert html(plan(**FULL)) == html(plan(**FULL))


def test_the_lock_page_has_the_hooks_of_the_client() -> None:
    descriptor = '{"format":"dealroom/1","room":"\\u003cx"}'
    client = ClientAssets("main-1.js", ("chunk-2.js",))
    page = render_lock(
        base_theme(),
        SELLER,
        LockedRoom("mrumtjuynl72hk6usa7urh4c", descriptor, 7),
        client,
        locale=load_locale("en"),
        assets="../../assets/",
    ).decode()
    elements = Elements(page)
    assert elements.found[0] == ("html", {"lang": "en", "dir": "ltr", "data-state": "locked"})
    assert {
        "dealroom-room",
        "dealroom-texts",
        "lock",
        "unlock",
        "passphrase",
        "reveal",
        "unlock-message",
        "room",
    } <= set(elements.values("id"))
    assert f'id="dealroom-room">{descriptor}</script>' in page
    assert "Keep this room open on this device for 7 days" in page
    # Two rooms of one seller are two accounts for a password manager.
    assert elements.values("value") == ["Tessellate (mrumtj)"]
    assert "../../assets/main-1.js" in elements.values("src")
    assert "../../assets/chunk-2.js" in elements.values("href")


def test_the_lock_and_the_front_page_tell_nothing_of_a_deal() -> None:
    theme, locale = base_theme(), load_locale("en")
    for page in (
        render_lock(theme, SELLER, LOCKED, ClientAssets("main.js"), locale=locale),
        render_front(theme, locale=locale),
    ):
        assert b"Harbour" not in page
        assert b"Plan" not in page


@pytest.mark.parametrize("name", ["tessellate", "marlow-finch"])
def test_what_is_fetched_before_the_room_opens_is_small(name: str) -> None:
    theme = load_theme(Path("themes"), name)
    page = render_lock(theme, SELLER, LOCKED, ClientAssets("main.js"), locale=load_locale("en", theme.texts))
    css = dict(theme.assets())[theme.stylesheet]
    # Kilobytes that the room's own texts, colours and styles may take of the 90 that a locked room may.
    assert len(zlib.compress(css)) < 14_000
    assert len(zlib.compress(page)) < 4_000


@pytest.mark.parametrize(
    ("endpoint", "source"),
    [
        ("https://Rooms.example/replies", "connect-src 'self' https://rooms.example;"),
        ("http://127.0.0.1:8000/replies", "connect-src 'self' http://127.0.0.1:8000;"),
        ("https://rooms.example;script-src/replies", "connect-src 'self';"),
        (None, "connect-src 'self';"),
    ],
)
def test_a_page_may_ask_nobody_but_its_host_and_the_server_of_replies(endpoint: str | None, source: str) -> None:
    locked = LockedRoom("mrumtjuynl72hk6usa7urh4c", "{}", replies=endpoint)
    page = render_lock(base_theme(), SELLER, locked, ClientAssets("main.js"), locale=load_locale("en")).decode()
    assert source in page.replace("&#39;", "'")
