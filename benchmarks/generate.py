"""Write a workspace of many believable plans, always the same for the same number of them.

    python -m benchmarks.generate DIR --rooms 1000

Each plan has 20 milestones, 10 stakeholders, 6 success criteria and two Markdown pages of 3 KB.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

# Everything follows from this and from a plan's number; another seed gives other plans of the same size.
SEED = 20270301

PHASES = ("Align", "Validate", "Commit", "Launch")
MILESTONES_A_PHASE = 5
ROLES = ("champion", "economic-buyer", "technical-lead", "security", "legal", "procurement")
FIRST = ("Dana", "Priya", "Tom", "Aisha", "Luis", "Mei", "Jonas", "Ingrid", "Kofi", "Nora", "Samir", "Elif")
LAST = ("Whitfield", "Okafor", "Lindqvist", "Moreau", "Castellanos", "Brandt", "Ferreira", "Novak", "Iyer", "Hale")
WORDS = (
    "order",
    "plant",
    "dispatch",
    "invoice",
    "review",
    "scope",
    "security",
    "contract",
    "budget",
    "pilot",
    "rollout",
    "training",
    "data",
    "interface",
    "migration",
    "weekend",
    "capacity",
    "forecast",
    "dock",
    "driver",
    "shift",
    "window",
    "approval",
    "supplier",
    "quality",
    "release",
    "baseline",
)

PAGE_BYTES = 3_000
BUYER_PEOPLE, SELLER_PEOPLE = 6, 4
CRITERIA = 6

SETTINGS = """\
seller:
  name: Tessellate
  website: tessellate.example
calendar: US-MA
base_url: https://rooms.tessellate.example
"""


def main() -> None:
    """Write the workspace that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rooms", type=int, default=1000)
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.rooms)


def generate(folder: Path, rooms: int) -> None:
    """Write `rooms` plans into a new workspace in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dealroom.yml").write_text(SETTINGS)
    _write_key(folder / ".dealroom" / "key")
    for number in range(rooms):
        rng = random.Random(f"{SEED} {number}")
        plan = folder / "plans" / f"deal-{number:05}"
        plan.mkdir(parents=True, exist_ok=True)
        (plan / "plan.yml").write_text(plan_text(rng, number))
        for name in ("business-case", "rollout"):
            (plan / f"{name}.md").write_text(page_text(rng, name))


def _write_key(path: Path) -> None:
    """A fixed key in the form of the seal package, so that every run seals the same bytes."""
    from dealroom.seal.keys import create_key

    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        create_key(path, lambda size: hashlib.sha256(f"{SEED}".encode()).digest()[:size])


def plan_text(rng: random.Random, number: int) -> str:
    """A `plan.yml` of about 6 KB."""
    go_live = date(2027, 3, 1) + timedelta(days=rng.randrange(200))
    go_live -= timedelta(days=max(0, go_live.weekday() - 4))
    buyer = f"{rng.choice(LAST)} {rng.choice(('Foods', 'Logistics', 'Mutual', 'Energy', 'Textiles'))} {number}"
    people = [f"p{index}" for index in range(BUYER_PEOPLE + SELLER_PEOPLE)]
    parts = [
        f"title: {_sentence(rng, 5)}\n",
        f"outcome: {_sentence(rng, 14)}\n",
        f"buyer: {{name: {buyer}, website: buyer{number}.example, calendar: DE-BY}}\n",
        f"go_live: {{date: {go_live}, why: {_sentence(rng, 9)}}}\n\nstakeholders:\n",
        *(_person(rng, index) for index in range(len(people))),
        "\nsuccess_criteria:\n",
        *(_criterion(rng, index) for index in range(CRITERIA)),
        "\nmilestones:\n",
        *(_milestone(rng, index) for index in range(len(PHASES) * MILESTONES_A_PHASE)),
        "\npages: [business-case.md, rollout.md]\n",
    ]
    return "".join(parts)


def _person(rng: random.Random, index: int) -> str:
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    side = "buyer" if index < BUYER_PEOPLE else "seller"
    role = ROLES[index] if index < BUYER_PEOPLE else "account-executive"
    return f"  - {{id: p{index}, name: {name}, side: {side}, title: {_sentence(rng, 2)}, role: {role}}}\n"


def _criterion(rng: random.Random, index: int) -> str:
    baseline = rng.randrange(20, 60) / 10
    return (
        f"  - id: criterion-{index}\n    statement: {_sentence(rng, 6)}\n    baseline: {baseline} %\n"
        f"    target: {baseline / 2:.1f} %\n    current: {baseline - 0.2:.1f} %\n    owner: p{index % BUYER_PEOPLE}\n"
        f"    proven_by: m19\n"
    )


def _milestone(rng: random.Random, index: int) -> str:
    owners = f"{{buyer: p{rng.randrange(BUYER_PEOPLE)}, seller: p{BUYER_PEOPLE + rng.randrange(SELLER_PEOPLE)}}}"
    lines = [
        f"  - id: m{index}",
        f"    phase: {PHASES[index // MILESTONES_A_PHASE]}",
        f"    title: {_sentence(rng, 4)}",
        f"    owners: {owners}",
        f"    takes: {rng.randrange(1, 6)}d",
        f"    done_when: [{_sentence(rng, 5)}, {_sentence(rng, 4)}]",
    ]
    return "\n".join(lines) + "\n"


def page_text(rng: random.Random, name: str) -> str:
    """A Markdown page of about 3 KB: headings, paragraphs with emphasis, a list and a table."""
    parts = [f"# {name.replace('-', ' ').capitalize()}\n"]
    while sum(map(len, parts)) < PAGE_BYTES:
        parts.append(f"\n## {_sentence(rng, 4)}\n\n{_paragraph(rng)}\n\n")
        parts.append("".join(f"- {_sentence(rng, 7)}\n" for _ in range(3)))
        parts.append("\n| Step | Effort | Result |\n|---|---|---|\n")
        parts.append(
            "".join(f"| {_sentence(rng, 2)} | {rng.randrange(1, 9)} days | {_sentence(rng, 3)} |\n" for _ in "ab")
        )
    return "".join(parts)


def _paragraph(rng: random.Random) -> str:
    return " ".join(f"{_sentence(rng, 9)} **{rng.choice(WORDS)}** {_sentence(rng, 5).lower()}." for _ in range(3))


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize()


if __name__ == "__main__":
    main()
