"""What a milestone, a step or a person stands for: security, legal, procurement, the signature, the economic buyer.

People are known by their `role` and their title; milestones by their phase, title, id and what "done" means; steps by
their title and id. The words are English and those of the plan's language; `words` lists them. A word that means
something else in its phrase ("social security", "sign-off") does not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from dealroom.health.words import Topic, Vocabulary, vocabulary
from dealroom.plan.model import Milestone, Stakeholder

__all__ = ["Topic", "is_economic_buyer", "is_signature", "topics_in"]

# Topics that a step or a person of the plan can stand for; each has a rule that asks for it.
APPROVALS = (Topic.SECURITY, Topic.LEGAL, Topic.PROCUREMENT)

# What NFKD takes off Latin letters.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_BETWEEN_WORDS = re.compile(r"(?:[^\w\n]|_)+")

ECONOMIC_BUYER_ROLES = frozenset({"economic-buyer", "budget-owner", "budget-holder", "decision-maker"})


def topics_in(texts: Iterable[str], lang: str) -> frozenset[Topic]:
    """The approvals that any of `texts` speaks of."""
    patterns = _patterns(lang)
    text = patterns.without_stops(plain("\n".join(texts)))
    return frozenset(topic for topic in APPROVALS if patterns.of(topic).search(text))


def is_signature(milestone: Milestone, lang: str) -> bool:
    """Whether the milestone is the signature of the contract; a non-disclosure agreement or a pilot's is not."""
    return any(_speaks_of(Topic.SIGNATURE, text, lang) for text in (milestone.title, milestone.id))


def is_economic_buyer(person: Stakeholder, lang: str) -> bool:
    """Whether the person releases the budget, by role or, without one that says so, by title."""
    if person.role in ECONOMIC_BUYER_ROLES:
        return True
    return bool(person.title) and _speaks_of(Topic.ECONOMIC_BUYER, person.title or "", lang)


def plain(text: str) -> str:
    """Small letters without accents, words apart by one space, lines kept: the form that the words are written in."""
    letters = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _BETWEEN_WORDS.sub(" ", letters.casefold()).strip()


def _speaks_of(topic: Topic, text: str, lang: str) -> bool:
    patterns = _patterns(lang)
    return patterns.of(topic).search(patterns.without_stops(plain(text), topic)) is not None


class _Patterns:
    """The words of English and one more language, ready to search."""

    def __init__(self, words: Vocabulary) -> None:
        self._topics = {topic: _any_of(words.topics[topic]) for topic in Topic}
        everywhere = words.stops[None]
        self._stops: dict[Topic | None, re.Pattern[str]] = {None: _any_of(everywhere)}
        for topic in Topic:
            self._stops[topic] = _any_of([*everywhere, *words.stops.get(topic, ())])

    def of(self, topic: Topic) -> re.Pattern[str]:
        return self._topics[topic]

    def without_stops(self, text: str, topic: Topic | None = None) -> str:
        # A full stop stands in for the phrase, so that what surrounds it does not close up into a new one.
        return self._stops[topic].sub(" . ", text)


@lru_cache
def _patterns(lang: str) -> _Patterns:
    return _Patterns(vocabulary(lang))


def _any_of(alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b")
