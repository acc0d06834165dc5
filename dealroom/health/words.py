"""The words that say what a milestone, a step or a person stands for, by language.

Each is a regular expression for whole words in plain form: small letters, no accents, one space between words, no
apostrophes or hyphens. Repetitions are bounded, so that a text of any length takes time in proportion.

English counts in every plan, because sellers mix it in; the other languages only in plans written in them, because a
word may mean something else elsewhere (`firma` is a signature in Spanish, a company in German).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a text can speak of."""

    SECURITY = "security"
    LEGAL = "legal"
    PROCUREMENT = "procurement"
    SIGNATURE = "signature"
    ECONOMIC_BUYER = "economic buyer"


Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of each topic, and the phrases taken out before they are looked for: under `None`, for all topics."""

    topics: Mapping[Topic, Words]
    stops: Mapping[Topic | None, Words]


def vocabulary(lang: str) -> Vocabulary:
    """English and, where there are words for it, the language of `lang` (`de`, `de-AT`)."""
    own = LANGUAGES.get(lang.lower().replace("_", "-").partition("-")[0], ENGLISH)
    if own is ENGLISH:
        return ENGLISH
    return Vocabulary(
        topics={topic: [*ENGLISH.topics[topic], *own.topics[topic]] for topic in Topic},
        stops={
            key: [*ENGLISH.stops.get(key, ()), *own.stops.get(key, ())] for key in {*ENGLISH.stops, *own.stops, None}
        },
    )


# What people sign on the way; signing it ends nothing.
_PRELIMINARY = r"(?:nda|non disclosure|confidentiality|letter of intent|loi|mou|pilot|poc|proof of concept|trial|dpa)"

ENGLISH = Vocabulary(
    topics={
        Topic.SECURITY: (
            r"(?:info|cyber)?security|infosec|ciso|soc ?2|tisax|caiq|fedramp|hipaa|cyber essentials",
            r"iso ?(?:iec )?2700\d",
            r"pen(?:etration)? ?test\w*|vulnerabilit\w+|threat model\w*",
            r"data protection|privacy|gdpr|dpia|dpo|data processing",
        ),
        Topic.LEGAL: (
            r"legal|counsel|lawyers?|attorneys?|solicitors?|redlin\w+|msa|dpa|contracting",
            r"contracts? (?:review|negotiation|terms|language)\w*|terms and conditions",
            r"(?:review|negotiat|agree|approv)\w* (?:of )?(?:the )?(?:master |services? )*(?:contract|agreement|terms)",
            r"(?:contract|agreement)s? (?:is |are )?(?:reviewed|negotiated|agreed|approved)",
        ),
        Topic.PROCUREMENT: (
            r"procur\w+|purchasing|purchase (?:order|requisition|request)s?|sourcing|category manager|tender\w*|rf[ip]",
            r"(?:vendor|supplier) (?:onboarding|registration|set ?up|approval|management|master|assessment|risk)\w*",
            r"commercial (?:terms|negotiation|review)s?|commercials (?:agreed|negotiated)",
            r"po (?:number|raised|issued|approved|received)|(?:senior|lead|strategic|it|category) buyer",
        ),
        Topic.SIGNATURE: (
            r"signatures?|signing|countersign\w*|docusign|closed won|deal closed?",
            r"sign(?:s|ed)?",
            r"(?:contract|agreement|order form|msa) (?:is )?(?:fully )?(?:executed|execution|closed?)",
            r"(?:purchase order|po) (?:issued|placed|raised|received)|order placed",
        ),
        Topic.ECONOMIC_BUYER: (
            r"cfo|ceo|chief financial officer|chief executive(?: officer)?|managing director|general manager",
            r"finance director|(?:director|head|vp|vice president|svp|evp) (?:of )?finance|(?<!vice )president",
            r"(?:^|(?<=\n))(?:co )?(?:owner|founder|proprietor)",
        ),
    },
    stops={
        None: (
            r"social security|job security|food security|security (?:deposit|guards?|desk)|security of supply",
            r"legal (?:entity|name)|legal holidays?",
            r"(?:data|crowd|event|out|open) sourcing",
            r"(?:economic|technical|user) buyer",
        ),
        Topic.SIGNATURE: (
            r"sign(?:ed|s|ing)? ?(?:off|on|in|up|out)s?|(?:e|electronic|digital|qualified|e?mail) ?signatures?",
            r"code signing|single sign on|signed urls?",
            rf"sign\w* (?:of )?(?:the |an? |our )?(?:mutual )?{_PRELIMINARY}",
            rf"{_PRELIMINARY} (?:agreement |contract )?(?:is )?(?:counter)?sign\w*|signs? of",
        ),
        Topic.ECONOMIC_BUYER: (
            r"[\w ]{0,80}\b(?:assistant|office of|chief of staff|secretary|deputy)\b[\w ]{0,80}",
            r"vice president|(?:product|process|system|data|project) owner",
        ),
    },
)

GERMAN = Vocabulary(
    topics={
        Topic.SECURITY: (
            r"(?:it ?|informations|daten|cyber|system)?sicherheits?(?:pr\w+|frei\w+|frage\w+|konzept|beauf\w+)?",
            r"datenschutz\w*|dsgvo|dsb|isb|bsi|auftragsverarbeitung\w*|penetrationstests?|schwachstellen\w*",
        ),
        Topic.LEGAL: (
            r"rechts(?:abteilung|pruf|frei|anw|berat|ab)\w*|rechtlich\w*|recht|jurist\w*|justizi?ar\w*|syndikus\w*",
            r"vertrags?(?:pruf|verhandl|entwurf|freigabe|bedingung)\w*|vertrag gepruft|avv|anwalt\w*|anwaltin",
        ),
        Topic.PROCUREMENT: (
            r"\w*einkauf(?:s\w*|er|erin)?|beschaffung\w*|bestellung(?:en)?|bestellfreigabe|vergabe\w*|ausschreibung\w*",
            r"lieferanten(?:anlage|freigabe|prufung|management|registrierung|bewertung)",
        ),
        Topic.SIGNATURE: (
            r"(?:vertrags)?unterschrift\w*|(?:vertrags)?unterzeich\w+|unterschrieben\w*|vertrags(?:ab)?schluss\w*",
        ),
        Topic.ECONOMIC_BUYER: (
            r"(?:finanz)?vorstand\w*|finanzchef\w*|finanzleit\w+|geschaftsfuhr\w+|geschaftsleit\w+",
            r"leit\w+ (?:der )?finanz\w+|kaufmannische\w* leit\w+|inhaber(?:in)?",
        ),
    },
    stops={
        None: (r"rechts (?:oben|unten)|arbeitssicherheit|einkaufswagen",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:assisten\w+|referent\w+|sekretar\w+)\b[\w ]{0,80}",),
    },
)

FRENCH = Vocabulary(
    topics={
        Topic.SECURITY: (
            r"(?:cyber ?)?securite|rssi|rgpd|protection des donnees|donnees personnelles|tests? d intrusion",
        ),
        Topic.LEGAL: (
            r"juridiques?|juristes?|avocate?s?",
            r"(?:revue|relecture|negociation|validation) (?:du |des |de )?contrats?|contrat (?:relu|valide|negocie)",
        ),
        Topic.PROCUREMENT: (
            r"achats?|acheteu(?:r|se)s?|approvisionnements?|referencement|bons? de commande|appel d offres",
        ),
        Topic.SIGNATURE: (r"signatures?|signe(?:e|r|s|es)?|contresigne\w*",),
        Topic.ECONOMIC_BUYER: (
            r"daf|pdg|dg|direct(?:eur|rice)s? (?:administrati(?:f|ve) et )?(?:financi(?:er|ere)|general|generale)",
            r"(?<!vice )presidente?|gerante?",
        ),
    },
    stops={
        None: (r"securite (?:sociale|au travail|incendie)",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:assistante?|secretaire|adjointe?)\b[\w ]{0,80}",),
    },
)

DUTCH = Vocabulary(
    topics={
        Topic.SECURITY: (
            r"(?:informatie|data|gegevens)?beveiligings?\w*|gegevensbescherming|avg|pentests?|privacy\w*|securitycheck",
        ),
        Topic.LEGAL: (
            r"juridische?|(?:bedrijfs)?jurist(?:e|en)?|advoca(?:at|ten)|verwerkersovereenkomst",
            r"contract(?:beoordeling|onderhandeling|review)\w*",
        ),
        Topic.PROCUREMENT: (
            r"inkoop\w*|inkoper\w*|aanbesteding\w*|leveranciers(?:registratie|beoordeling|beheer)|bestelling(?:en)?",
        ),
        Topic.SIGNATURE: (r"(?:contract)?ondertek\w+|handtekening\w*|tekenen|getekend",),
        Topic.ECONOMIC_BUYER: (
            r"(?:financieel|algemeen) directeur|directeur financien|bestuursvoorzitter|(?:^|(?<=\n))eigena(?:ar|resse)",
        ),
    },
    stops={
        None: (r"sociale beveiliging|digitale handtekening(?:en)?",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:assistent\w*|secretar\w+)\b[\w ]{0,80}",),
    },
)

SPANISH = Vocabulary(
    topics={
        Topic.SECURITY: (r"(?:ciber)?seguridad|rgpd|proteccion de datos|privacidad|prueba de penetracion",),
        Topic.LEGAL: (r"legal(?:es)?|juridic[oa]s?|abogad[oa]s?|(?:revision|negociacion) (?:del? )?contrato",),
        Topic.PROCUREMENT: (
            r"compras|comprador[ae]?s?|adquisici(?:on|ones)|licitaci(?:on|ones)|orden de compra|pedido de compra",
            r"(?:alta|homologacion) de proveedor\w*|aprovisionamiento",
        ),
        Topic.SIGNATURE: (r"firmas?|firmad[oa]|firmar",),
        Topic.ECONOMIC_BUYER: (
            r"director[a]? (?:financier[oa]|general)|gerente general|consejer[oa] delegad[oa]|(?<!vice )president[ea]",
        ),
    },
    stops={
        None: (r"seguridad (?:social|laboral|alimentaria)",),
        Topic.SIGNATURE: (r"firmas? (?:digital|electronica|de correo)\w*",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:asistente|secretari[oa]|adjunt[oa])\b[\w ]{0,80}",),
    },
)

ITALIAN = Vocabulary(
    topics={
        Topic.SECURITY: (r"(?:ciber)?sicurezza|protezione dei dati|riservatezza|penetration test",),
        Topic.LEGAL: (
            r"legal[ei]|giuridic\w+|avvocat\w+|(?:revisione|negoziazione) (?:del )?contratto|contrattualistica",
        ),
        Topic.PROCUREMENT: (
            r"acquisti|approvvigionament[oi]|gara d appalto|ordine d acquisto|(?:albo|qualifica) fornitori",
        ),
        Topic.SIGNATURE: (r"firma|firmato|firmare|sottoscrizione",),
        Topic.ECONOMIC_BUYER: (
            r"dirett(?:ore|rice) (?:finanziari[oa]|generale)|amministrat(?:ore|rice) (?:delegat[oa]|unic[oa])|titolare",
        ),
    },
    stops={
        None: (r"sicurezza (?:sociale|sul lavoro|alimentare)",),
        Topic.SIGNATURE: (r"firma (?:digitale|elettronica)",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:assistente|segretari[oa])\b[\w ]{0,80}",),
    },
)

PORTUGUESE = Vocabulary(
    topics={
        Topic.SECURITY: (r"(?:ciber)?seguranca|lgpd|rgpd|protecao de dados|privacidade|teste de intrusao",),
        Topic.LEGAL: (r"legal|juridic[oa]s?|advogad[oa]s?|(?:revisao|negociacao) (?:do )?contrato",),
        Topic.PROCUREMENT: (
            r"compras|comprador[ae]?s?|aquisic(?:ao|oes)|suprimentos|licitac(?:ao|oes)|ordem de compra",
            r"(?:cadastro|homologacao) de fornecedor\w*",
        ),
        Topic.SIGNATURE: (r"assinaturas?|assinad[oa]|assinar",),
        Topic.ECONOMIC_BUYER: (r"diretora? (?:financeir[oa]|geral)|(?<!vice )presidente|socio gerente",),
    },
    stops={
        None: (r"seguranca (?:social|no trabalho|alimentar)",),
        Topic.SIGNATURE: (r"assinaturas? (?:digital|eletronica|mensal|anual)\w*",),
        Topic.ECONOMIC_BUYER: (r"[\w ]{0,80}\b(?:assistente|secretari[oa])\b[\w ]{0,80}",),
    },
)

LANGUAGES: Mapping[str, Vocabulary] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "nl": DUTCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
}
