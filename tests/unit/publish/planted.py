"""Plans with random audiences in which every text, id and file is a marker, and who may read each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

SLUG = "harbour"
BUYERS = {"ann": "champion", "bob": "legal", "cem": "legal", "dee": None}
SELLERS = ("tom",)
EVERYBODY = frozenset({*BUYERS, *SELLERS})

Audience = tuple[str, ...] | None
Draw = Callable[[st.SearchStrategy[Any]], Any]

AUDIENCES = st.sampled_from(
    [None, None, ("ann",), ("ann", "bob"), ("role:legal",), ("role:champion", "dee"), ("tom",), ("bob", "cem", "dee")]
)

# Letters of two bytes each, which neither the client's texts nor base64 have: four of them do not meet by chance.
_LETTERS = "ăčďęğħīķłňőřşťůŵ"


def readers_of(*chain: Audience) -> frozenset[str]:
    """Who is in every one of these audiences, reckoned without the code under test."""
    seeing = set(EVERYBODY)
    for audience in chain:
        if audience is not None:
            seeing &= {*SELLERS, *(id for id, role in BUYERS.items() if id in audience or f"role:{role}" in audience)}
    return frozenset(seeing)


@dataclass
class Planted:
    """A plan to be written, and its markers. `readers` has for each who reads it; `internal` are nobody's.

    `past` are markers of what the history tells: nobody else may read them, but those who may need not.
    """

    plan: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    internal: set[str] = field(default_factory=set)
    past: dict[str, frozenset[str]] = field(default_factory=dict)
    _count: int = 0

    def text(self, *chain: Audience) -> str:
        """A marker for a text that people read."""
        # Times a prime: neighbours share few letters, and none are equal before 16⁵.
        word = "".join(_LETTERS[int(digit, 16)] for digit in f"{self._next() * 7919 % 16**5:05x}")
        return self._plant(f"{word}ž{word[::-1]}", chain)

    def name(self, *chain: Audience) -> str:
        """A marker for an id, an address or a file, of ASCII letters."""
        return self._plant(f"qx{self._next():04d}zqwv", chain)

    def notes(self) -> dict[str, Any]:
        """Internal notes at one level of the plan."""
        words = [f"internal{self._next():04d}qzx", f"internal{self._next():04d}qzx"]
        self.internal.update(words)
        return {"internal": {"note": words[0], words[1]: [words[0]]}}

    def old(self, *chain: Audience) -> str:
        """A marker for what a text said before."""
        word = f"past{self._next():04d}qzx"
        self.past[word] = readers_of(*chain)
        return word

    @property
    def markers(self) -> set[str]:
        return {*self.readers, *self.internal, *self.past}

    def write(self, folder: Path) -> None:
        """Write the plan, its pages and files."""
        folder.mkdir(parents=True, exist_ok=True)
        # JSON is YAML, and says every key once.
        (folder / "plan.yml").write_text(json.dumps(self.plan, ensure_ascii=False, indent=1), "utf-8")
        for name, content in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(content, "utf-8")

    def _plant(self, marker: str, chain: Iterable[Audience]) -> str:
        self.readers[marker] = readers_of(*chain)
        return marker

    def _next(self) -> int:
        self._count += 1
        return self._count


def found_in(markers: Iterable[str], text: str) -> set[str]:
    """Which markers occur in a text."""
    words = set(re.findall(r"\w+", text.replace("_", " ").replace("-", " ")))
    return {marker for marker in markers if marker in words or marker in text}


@st.composite
def planted_plans(draw: Draw) -> Planted:
    """Plans with up to four milestones, criteria, documents and pages each."""
    planted = Planted()
    people = [_person(planted, id, "buyer", role) for id, role in BUYERS.items()]
    people += [_person(planted, id, "seller", None) for id in SELLERS]
    milestones = [_milestone(draw, planted) for _ in range(draw(st.integers(0, 4)))]
    criteria = [_criterion(draw, planted, milestones) for _ in range(draw(st.integers(0, 3)))]
    documents = [_document(draw, planted) for _ in range(draw(st.integers(0, 3)))]
    pages = [_page(draw, planted) for _ in range(draw(st.integers(0, 2)))]
    go_live: dict[str, Any] = {"date": "2027-03-01", "why": planted.text(), **planted.notes()}
    if milestones and draw(st.booleans()):
        go_live["milestone"] = draw(st.sampled_from(milestones))["id"]
    planted.plan = {
        "title": planted.text(),
        "label": planted.text(),
        "outcome": planted.text(),
        "buyer": {"name": planted.text(), **planted.notes()},
        "go_live": go_live,
        "stakeholders": people,
        "milestones": milestones,
        "success_criteria": criteria,
        "documents": documents,
        "pages": pages,
        "reviews": [{"on": "2026-11-20", "with": ["ann"], "note": planted.text(), **planted.notes()}],
        "agreements": [{"by": "ann", "on": "2026-11-20", "of": "0123456789ab", **planted.notes()}],
        "access": {"shared": draw(st.booleans()), **planted.notes()},
        "forecast": planted.notes(),
        **planted.notes(),
    }
    planted.before = {**planted.plan, "milestones": [_earlier(planted, one) for one in milestones]}
    return planted


def _person(planted: Planted, id: str, side: str, role: str | None) -> dict[str, Any]:
    person = {"id": id, "side": side, "name": planted.text(), "title": planted.text(), **planted.notes()}
    return person | {"email": f"{planted.name()}@harbour.example"} | ({"role": role} if role else {})


def _milestone(draw: Draw, planted: Planted) -> dict[str, Any]:
    audience = draw(AUDIENCES)
    owner = draw(st.sampled_from(sorted(BUYERS)))
    milestone = {
        "id": planted.name(audience),
        "title": planted.text(audience),
        "phase": planted.text(audience),
        "owners": {"buyer": owner, "seller": "tom", **planted.notes()},
        "takes": draw(st.sampled_from(["5d", "2w", "2-4w"])),
        "done_when": [planted.text(audience), planted.text(audience)],
        "steps": [
            {"id": planted.name(audience), "title": planted.text(audience), "owner": owner, **planted.notes()}
            for _ in range(draw(st.integers(0, 2)))
        ],
        "notes": planted.text(audience),
        **planted.notes(),
    }
    state = draw(st.sampled_from(["open", "blocked", "done", "due"]))
    if state == "blocked":
        milestone["blocked"] = {"by": planted.text(audience), "owner": owner, **planted.notes()}
    elif state == "done":
        milestone |= {"started": "2026-10-05", "done": "2026-11-02"}
    elif state == "due":
        milestone["due"] = "2027-02-19"
    return milestone | ({"audience": list(audience)} if audience else {})


def _earlier(planted: Planted, milestone: dict[str, Any]) -> dict[str, Any]:
    """The same milestone as it was committed to before."""
    audience = tuple(milestone["audience"]) if "audience" in milestone else None
    return {**milestone, "title": planted.old(audience), "done_when": planted.old(audience), "due": "2027-02-05"}


def _criterion(draw: Draw, planted: Planted, milestones: list[dict[str, Any]]) -> dict[str, Any]:
    audience = draw(AUDIENCES)
    criterion = {
        "id": planted.name(audience),
        "statement": planted.text(audience),
        "baseline": planted.text(audience),
        "current": planted.text(audience),
        "target": planted.text(audience),
        "owner": draw(st.sampled_from(sorted(BUYERS))),
        **planted.notes(),
    }
    if milestones:
        criterion["proven_by"] = draw(st.sampled_from(milestones))["id"]
    return criterion | ({"audience": list(audience)} if audience else {})


def _document(draw: Draw, planted: Planted) -> dict[str, Any]:
    audience = draw(AUDIENCES)
    document = {"title": planted.text(audience), **planted.notes()}
    if draw(st.booleans()):
        file = f"files/{planted.name(audience)}.txt"
        planted.files[file] = planted.text(audience)
        document["file"] = file
    else:
        document["url"] = f"https://{planted.name(audience)}.example"
    return document | ({"audience": list(audience)} if audience else {})


def _page(draw: Draw, planted: Planted) -> dict[str, Any]:
    audience = draw(AUDIENCES)
    file = f"{planted.name(audience)}.md"
    lines = [f"# {planted.text(audience)}", "", planted.text(audience), ""]
    for _ in range(draw(st.integers(0, 3))):
        lines += _block(draw, planted, (audience,), depth=0)
        lines += [planted.text(audience), ""]
    planted.files[file] = "\n".join(lines)
    return {"file": file, **planted.notes()} | ({"audience": list(audience)} if audience else {})


def _block(draw: Draw, planted: Planted, around: tuple[Audience, ...], depth: int) -> list[str]:
    own = draw(AUDIENCES.filter(lambda audience: audience is not None))
    chain = (*around, own)
    attachment, note = f"files/{planted.name(*chain)}.txt", f"[^{planted.name(*chain)}]"
    planted.files[attachment] = planted.text(*chain)
    lines = [f'::: {{audience="{" ".join(own)}"}}', f"## {planted.text(*chain)}", ""]
    lines += [f"1. {planted.text(*chain)}{note}", f"2. [{planted.text(*chain)}]({attachment})", ""]
    lines += [f"{note}: {planted.text(*chain)}", ""]
    if depth < 1 and draw(st.booleans()):
        lines += _block(draw, planted, chain, depth + 1)
    return [*lines, planted.text(*chain), ":::", ""]
