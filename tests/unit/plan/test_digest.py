"""The digest changes with what was agreed to, and with nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dealroom.plan.digest import commitments_digest, is_digest, names_digest, short_digest
from dealroom.plan.model import Plan

PLAN = """
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01, why: Order freeze}
stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}, {id: tom, name: Tom Okafor, side: seller}]
success_criteria:
  - {id: error-rate, statement: Order error rate, baseline: 4.1 %, target: 1.5 %, owner: dana, proven_by: launch}
milestones:
  - id: pilot
    title: Pilot finished
    owners: {buyer: dana, seller: tom}
    done_when: [Report read, Ten users]
    due: 2026-12-04
  - {id: launch, title: Launch, owners: {seller: tom}, takes: 3w, after: pilot}
"""


def digest(text: str) -> str:
    return commitments_digest(Plan.model_validate(yaml.load(text, Loader=yaml.BaseLoader)))


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("date: 2027-03-01", "date: 2027-03-02"),
        ("due: 2026-12-04", "due: 2026-12-07"),
        ("due: 2026-12-04", ""),
        ("title: Pilot finished", "title: Pilot started"),
        ("{buyer: dana, seller: tom}", "{buyer: dana}"),
        ("owners: {seller: tom}", "owners: {seller: tom, buyer: dana}"),
        ("Ten users", "Twenty users"),
        ("id: launch, title: Launch", "id: launch, title: Launch, status: dropped"),
        ("target: 1.5 %", "target: 2 %"),
        ("baseline: 4.1 %, ", ""),
        ("proven_by: launch", "proven_by: pilot"),
        ("owner: dana", "owner: tom"),
    ],
)
def test_a_commitment_changes_it(written: str, changed: str) -> None:
    assert written in PLAN
    assert digest(PLAN.replace(written, changed)) != digest(PLAN)


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("title: Order platform rollout", "title: A new title"),
        ("why: Order freeze", "why: Another reason"),
        ("name: Dana Whitfield", "name: Dana Whitfield-Osei"),
        ("title: Launch", "title: Launch, started: 2026-11-16, notes: Well begun"),
        ("title: Launch", "title: Launch, steps: [{id: invite, title: Invite, due: 2026-12-01}]"),
        ("title: Launch", "title: Launch, audience: [dana]"),
        ("takes: 3w", "takes: 4w"),
        ("target: 1.5 %", "target: 1.5 %, current: 3.8 %"),
        ("[Report read, Ten users]", "[Ten users, Report read]"),
        ("title: Pilot finished", "title: 'Pilot   finished '"),
    ],
)
def test_what_is_no_commitment_does_not(written: str, changed: str) -> None:
    assert written in PLAN
    assert digest(PLAN.replace(written, changed)) == digest(PLAN)


def test_an_accent_typed_in_two_ways_is_one() -> None:
    assert digest(PLAN.replace("Launch", "Caf\u00e9")) == digest(PLAN.replace("Launch", "Cafe\u0301"))


def test_it_is_the_same_tomorrow_and_elsewhere() -> None:
    """The value is part of the format: agreements in people's plans hold it."""
    assert digest(PLAN) == "8c31ec722c146d2613e9d9c09eeb7fc6df5f4877dd54a5cb3d5d0a4dd28f744a"


@given(seed=st.integers())
def test_the_order_of_keys_and_lists_does_not_matter(seed: int) -> None:
    shuffled = _shuffled(yaml.load(PLAN, Loader=yaml.BaseLoader), random.Random(seed))
    assert commitments_digest(Plan.model_validate(shuffled)) == digest(PLAN)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        return [_shuffled(each, chance) for each in chance.sample(value, len(value))]
    return value


@pytest.mark.parametrize("length", [12, 13, 40, 64])
def test_a_shortened_digest_names_it(length: int) -> None:
    full = digest(PLAN)
    assert names_digest(full[:length], full)
    assert names_digest(f" {full[:length].upper()}… ", full)


@pytest.mark.parametrize("written", ["", "3f9c", "not a digest", "0" * 12, "g" * 64, "0" * 65])
def test_anything_else_does_not(written: str) -> None:
    assert not names_digest(written, digest(PLAN))


def test_the_short_form_is_a_digest() -> None:
    assert is_digest(short_digest(digest(PLAN)))
