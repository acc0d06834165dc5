"""Who may open a room, and with what: the credentials of each person, all derived from the workspace key."""

import base64
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from dealroom.seal.encoding import b64u_encode
from dealroom.seal.errors import CannotSeal
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.passphrase import GENERATED_WORDS, check_strength, generate

Kind = Literal["buyer", "seller", "shared"]

LINK_SECRET_SIZE = 32
# What stands before the secret in a link's fragment, so that a plain `#anchor` is never taken for a secret.
LINK_FRAGMENT = "k="

# 120 bits: not to be guessed, and 24 letters of base32 without padding. Lower case, since some file systems and
# people do not tell cases apart.
_ROOM_ID_SIZE = 15
# Bytes; 32 draws, of which six words take six or seven.
_STREAM_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with access. The `shared` person is whoever has the room's shared passphrase."""

    id: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Credential:
    """What one person opens a room with; link and passphrase open the same view.

    `chosen` says that a seller chose the passphrase, which makes its room use the heavier derivation. `reply_key`
    is known to this person's slots alone and proves who sent a reply.
    """

    person: Person
    view: str
    link_secret: bytes = field(repr=False)
    passphrase: str = field(repr=False)
    reply_key: bytes = field(repr=False)
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How a person's credential is made.

    A new `epoch` gives a new link and passphrase. `without` are the ids, in order, of people who must not have it:
    another credential for each set of them. A `chosen_passphrase` takes the place of the generated one of `words`
    words; `known` are words that someone who guesses it would try first, beside the person's name.
    """

    epoch: int = 1
    without: tuple[str, ...] = ()
    words: int = GENERATED_WORDS
    chosen_passphrase: str | None = field(default=None, repr=False)
    known: tuple[str, ...] = ()


DEFAULT_TERMS = Terms()


# Asked a dozen times a room, of the rooms that are being made together.
@lru_cache(maxsize=128)
def room_id(key: WorkspaceKey, slug: str) -> str:
    """24 letters and digits that name the room of a plan without telling which; also its path unless set."""
    return base64.b32encode(key.derive("room id", slug, size=_ROOM_ID_SIZE)).decode("ascii").lower()


def credential_for(key: WorkspaceKey, room: str, person: Person, view: str, terms: Terms = DEFAULT_TERMS) -> Credential:
    """The credential of `person` in `room` (its id).

    Raises:
        WeakPassphrase: the chosen passphrase is below the strength floor.
        CannotSeal: fewer words than are safe.
    """
    chosen = terms.chosen_passphrase
    if terms.words < GENERATED_WORDS:
        raise CannotSeal(
            f"a generated passphrase of {terms.words} words would be guessed", f"use {GENERATED_WORDS} words or more"
        )
    if chosen is not None:
        check_strength(chosen, known=(person.id, person.name, *person.name.split(), *terms.known))

    # A stakeholder may happen to have the id of the shared person.
    whose = (room, "shared" if person.kind == "shared" else "person", person.id, terms.epoch, *terms.without)

    def stream(block: int) -> bytes:
        return key.derive("passphrase", *whose, block, size=_STREAM_BLOCK)

    return Credential(
        person=person,
        view=view,
        link_secret=key.derive("link", *whose, size=LINK_SECRET_SIZE),
        passphrase=generate(stream, terms.words) if chosen is None else chosen,
        reply_key=key.derive("reply key", *whose),
        chosen=chosen is not None,
    )


def link_url(base_url: str, room_path: str, link_secret: bytes) -> str:
    """The personal link. The secret is in the fragment, which a browser never sends to the host."""
    start = f"{base_url.rstrip('/')}/" if base_url else ""
    return f"{start}{quote(room_path.strip('/'))}/#{LINK_FRAGMENT}{b64u_encode(link_secret)}"
