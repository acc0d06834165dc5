"""What a title stands for: the words that count, and the odd ones that only look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.health.recognition import Topic, is_economic_buyer, is_signature, plain, topics_in
from dealroom.health.words import LANGUAGES
from dealroom.plan.model import Milestone, Side, Stakeholder


def signature(title: str, lang: str = "en", id: str = "last") -> bool:
    return is_signature(Milestone(id=id, title=title), lang)


def economic_buyer(title: str | None, role: str | None = None, lang: str = "en") -> bool:
    return is_economic_buyer(Stakeholder(id="p", name="P", side=Side.BUYER, title=title, role=role), lang)


@pytest.mark.parametrize(
    ("topic", "text", "lang"),
    [
        (Topic.SECURITY, "Security questionnaire completed", "en"),
        (Topic.SECURITY, "InfoSec sign-off", "en"),
        (Topic.SECURITY, "Penetration-test report read", "en"),
        (Topic.SECURITY, "ISO/IEC 27001 evidence accepted", "en"),
        (Topic.SECURITY, "data-protection-officer Data Protection Officer", "en"),
        (Topic.SECURITY, "IT-Sicherheitsprüfung bestanden", "de"),
        (Topic.SECURITY, "Datenschutz-Folgenabschätzung", "de-AT"),
        (Topic.SECURITY, "Validation par le RSSI", "fr"),
        (Topic.SECURITY, "Revisión de seguridad", "es"),
        (Topic.LEGAL, "Legal reviews contract", "en"),
        (Topic.LEGAL, "general-counsel", "en"),
        (Topic.LEGAL, "Redlines closed", "en"),
        (Topic.LEGAL, "Master services agreement: review the agreement", "en"),
        (Topic.LEGAL, "Vertragsprüfung durch die Rechtsabteilung", "de"),
        (Topic.LEGAL, "Relecture du contrat", "fr"),
        (Topic.LEGAL, "Contractbeoordeling", "nl"),
        (Topic.PROCUREMENT, "Procurement negotiates terms", "en"),
        (Topic.PROCUREMENT, "Head of Purchasing", "en"),
        (Topic.PROCUREMENT, "Vendor onboarding form returned", "en"),
        (Topic.PROCUREMENT, "Strategic Buyer", "en"),
        (Topic.PROCUREMENT, "Freigabe durch den Einkauf", "de"),
        (Topic.PROCUREMENT, "Bon de commande émis", "fr"),
        (Topic.PROCUREMENT, "Inkooporder geplaatst", "nl"),
        (Topic.PROCUREMENT, "Ordine d'acquisto", "it"),
    ],
)
def test_an_approval_is_recognised(topic: Topic, text: str, lang: str) -> None:
    assert topic in topics_in([text], lang)


@pytest.mark.parametrize(
    ("topic", "text", "lang"),
    [
        (Topic.SECURITY, "Job security of the night shift discussed", "en"),
        (Topic.SECURITY, "Arbeitssicherheit unterwiesen", "de"),
        (Topic.SECURITY, "Sécurité sociale raccordée", "fr"),
        (Topic.SECURITY, "Budget secured", "en"),
        (Topic.LEGAL, "Legal entity names collected", "en"),
        (Topic.LEGAL, "Illegal characters removed", "en"),
        (Topic.LEGAL, "Rechtzeitig geschult", "de"),
        (Topic.PROCUREMENT, "Data sourcing finished", "en"),
        (Topic.PROCUREMENT, "Outsourcing partner informed", "en"),
        (Topic.PROCUREMENT, "economic-buyer", "en"),
        (Topic.PROCUREMENT, "Einkaufswagen getestet", "de"),
    ],
)
def test_a_word_that_means_something_else_is_not(topic: Topic, text: str, lang: str) -> None:
    assert topic not in topics_in([text], lang)


def test_a_word_counts_only_in_its_language() -> None:
    assert signature("Firma del contrato", "es")
    assert not signature("Firma besucht", "de")


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("Contract signature", "en"),
        ("Sign the order form", "en"),
        ("Contract signed by both sides", "en"),
        ("Vertragsunterzeichnung", "de"),
        ("Signature du contrat", "fr"),
        ("Contract ondertekend", "nl"),
        ("Assinatura do contrato", "pt"),
    ],
)
def test_a_signature_is_recognised(title: str, lang: str) -> None:
    assert signature(title, lang)


@pytest.mark.parametrize(
    "title",
    [
        "Design signed off",
        "User acceptance sign-off",
        "Single sign-on works",
        "Mutual NDA signed",
        "Sign the pilot agreement",
        "E-signature rolled out to all sites",
        "Redesign of the order form",
        "Digital signage installed",
        "Assigned to the project",
    ],
)
def test_what_only_sounds_like_one_is_not(title: str) -> None:
    assert not signature(title)


@pytest.mark.parametrize(
    ("title", "role", "lang"),
    [
        ("CFO", None, "en"),
        ("Group CFO & Managing Director", None, "en"),
        ("VP, Finance", None, "en"),
        ("President", None, "en"),
        ("Owner", None, "en"),
        ("Head of Plant 4", "economic-buyer", "en"),
        ("Geschäftsführerin", None, "de"),
        ("Directrice financière", None, "fr"),
        ("Amministratore delegato", None, "it"),
    ],
)
def test_an_economic_buyer_is_recognised_by_role_or_title(title: str, role: str | None, lang: str) -> None:
    assert economic_buyer(title, role, lang)


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("Vice President Operations", "en"),
        ("Assistant to the CFO", "en"),
        ("Product Owner", "en"),
        ("Finance Business Partner", "en"),
        ("Assistenz der Geschäftsführung", "de"),
        (None, "en"),
    ],
)
def test_who_only_works_near_one_is_not(title: str | None, lang: str) -> None:
    assert not economic_buyer(title, lang=lang)


@given(st.text(), st.sampled_from([*LANGUAGES, "ja", ""]))
def test_any_text_in_any_language_has_an_answer(text: str, lang: str) -> None:
    assert topics_in([text], lang) <= set(Topic)


@given(st.text())
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)
