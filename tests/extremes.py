"""Plans that no demo is: with next to nothing, with far too much, with names from everywhere, and with ill will."""

from __future__ import annotations

from typing import Any

GO_LIVE = "2027-03-01"

DANA = {"id": "dana", "name": "Dana Whitfield", "side": "buyer", "title": "VP Operations", "role": "champion"}
TOM = {"id": "tom", "name": "Tom Okafor", "side": "seller", "title": "Account Executive"}

# Each of these does something where a browser takes it for more than text.
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![x](https://evil.example/track.png)",
    "<style>*{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>",
    "</section></main></div><iframe src=javascript:alert(1)></iframe>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<b onclick=alert(1)>` **<i onfocus=alert(1) tabindex=0 autofocus>**",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "\u202etxt.exe\u202c \ufeff",
)


def plan(**fields: Any) -> dict[str, Any]:
    """A plan with these fields, as the mapping that `plan.yml` holds."""
    least = {"title": "Order platform", "buyer": {"name": "Harbour Foods"}, "go_live": {"date": GO_LIVE}}
    return {**least, **fields}


def milestones(count: int, **fields: Any) -> list[dict[str, Any]]:
    """So many milestones in six phases, each after the one before and due four days after it, owned by turns."""
    owners: tuple[dict[str, str], ...] = ({"buyer": "dana"}, {"seller": "tom"}, {"buyer": "dana", "seller": "tom"}, {})
    return [
        {
            "id": f"m{number}",
            "title": f"Milestone {number} of many, each with a title of its own",
            "phase": f"Phase {number * 6 // count + 1}",
            "owners": owners[number % len(owners)],
            "takes": f"{number % 9 + 1}d",
            "steps": [
                {"id": "one", "title": "Agree on a date", "owner": "dana"},
                {"id": "two", "title": "Write it down"},
            ],
            "done_when": ["Both sides have read it"],
            **fields,
        }
        for number in range(count)
    ]


LONG = (
    "A title that somebody pasted from a contract, " * 4
    + "with a word like Rindfleischetikettierungsüberwachungsaufgabe"
)

PLANS: dict[str, dict[str, Any]] = {
    "least": plan(access={"shared": True}),
    "empty-sections": plan(stakeholders=[DANA], milestones=[], success_criteria=[], documents=[], reviews=[]),
    "one-milestone": plan(stakeholders=[DANA, TOM], milestones=milestones(1)),
    "sixty-milestones": plan(
        stakeholders=[DANA, TOM],
        milestones=milestones(60, takes="2d"),
        share_forecast=True,
        show_missing_roles=True,
        blackouts=[{"from": "2026-12-21", "to": "2027-01-03"}],
    ),
    "no-dates": plan(
        stakeholders=[DANA, TOM],
        milestones=[{"id": "a", "title": "Kick-off", "after": []}, {"id": "b", "title": "Pilot", "after": []}],
        # Nobody works on any day, so no date can be counted back.
        blackouts=[{"to": "2027-12-31"}],
    ),
    "everything-done": plan(
        stakeholders=[DANA, TOM],
        milestones=milestones(8, started="2026-10-01", done="2026-10-02"),
        success_criteria=[
            {
                "id": "errors",
                "statement": "Errors",
                "baseline": "4 %",
                "current": "1 %",
                "target": "1.5 %",
                "status": "met",
            },
        ],
    ),
    "everything-late": plan(
        go_live={"date": "2026-10-30"},
        stakeholders=[DANA, TOM],
        milestones=milestones(8, due="2026-10-15", status="blocked", blocked={"by": "Waiting for everybody"}),
        success_criteria=[
            {"id": "errors", "statement": "Errors", "baseline": "4 %", "target": "1 %", "status": "missed"}
        ],
    ),
    "names-from-everywhere": plan(
        title='Rollout "Ångström" – 導入計画 – خطة العمل 🚀',
        buyer={"name": "O'Brien & Söhne «Straße» GmbH & Co. KG"},
        outcome='She said "yes" & <done> 👩‍👩‍👧‍👦',
        stakeholders=[
            {
                "id": "dana",
                "name": "دانا الخطيب",
                "side": "buyer",
                "title": "مديرة العمليات",
                "email": "dana@harbour.example",
            },
            {"id": "vp", "name": "田中 美咲", "side": "buyer", "reports_to": "dana"},
            {"id": "tom", "name": "🦊 Tom “Fox” O'Kafor-Łukasiewicz", "side": "seller"},
        ],
        milestones=[
            {
                "id": "a",
                "title": "الموافقة على الميزانية (CFO)",
                "phase": "مرحلة",
                "owners": {"buyer": "dana", "seller": "tom"},
            },
            {"id": "b", "title": "基幹システムとの接続試験を完了する", "owners": {"buyer": "vp"}},
        ],
    ),
    "long-titles": plan(
        title=LONG,
        label=LONG[:80],
        buyer={"name": LONG[:120]},
        outcome=LONG,
        stakeholders=[
            {**DANA, "name": LONG[:100], "title": LONG[:90], "role": "a-role-that-is-longer-than-any-badge-should-be"},
            TOM,
        ],
        milestones=[
            {
                "id": "a",
                "title": LONG,
                "phase": f"Phase: {LONG}",
                "owners": {"buyer": "dana"},
                "done_when": [LONG],
                "steps": [{"id": "s", "title": LONG, "owner": "dana", "due": "2026-11-01"}],
                "blocked": {"by": LONG, "owner": "dana"},
            }
        ],
        success_criteria=[{"id": "c", "statement": LONG, "baseline": LONG[:60], "target": LONG[:60], "owner": "dana"}],
        documents=[{"title": LONG, "url": "https://harbour.example/a"}],
    ),
}


def hostile(attack: str) -> dict[str, Any]:
    """A plan that holds `attack` in every field that a person reads."""
    return plan(
        title=f"Title {attack}",
        label=f"Label {attack}",
        outcome=attack,
        buyer={"name": f"Buyer {attack}"},
        seller={"name": f"Seller {attack}"},
        go_live={"date": GO_LIVE, "why": attack, "milestone": "a"},
        stakeholders=[
            {**DANA, "name": f"Dana {attack}", "title": attack, "reports_to": "vp"},
            {"id": "vp", "name": attack, "side": "buyer", "title": attack},
            TOM,
        ],
        success_criteria=[
            {"id": "c", "statement": attack, "baseline": attack, "current": attack, "target": attack, "owner": "dana"},
            {
                "id": "d",
                "statement": f"1 {attack}",
                "baseline": "4 %",
                "current": "3 %",
                "target": "1 %",
                "proven_by": "a",
            },
        ],
        milestones=[
            {
                "id": "a",
                "title": attack,
                "phase": attack,
                "owners": {"buyer": "dana", "seller": "tom"},
                "done_when": [attack],
                "steps": [{"id": "s", "title": attack, "owner": "dana"}],
                "blocked": {"by": attack, "owner": "dana"},
                "notes": attack,
            },
            {"id": "b", "title": f"Second {attack}", "phase": f"Phase {attack}"},
        ],
        documents=[{"title": attack, "url": "https://harbour.example/a"}],
        reviews=[{"on": "2026-11-20", "with": ["dana"], "note": attack}],
        pages=[{"file": "page.md", "title": f"Page {attack}"}],
    )
