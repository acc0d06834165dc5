"""The seller's answers to one person's replies, closed to others who share the view.

A view is read by everybody who may read the same; an answer is for who asked. So each person's answers lie in the page
under a key that follows from their reply key, which only their slots hold:

    salt  first 16 bytes of HMAC-SHA256 over the padded answers, under a key of its own
    id    16 bytes that follow from the reply key alone: by them a reader finds the own box
    box   AES-256-GCM with a key that follows from the salt too, and so encrypts these bytes only

Same answers, same bytes. docs/format.md has the derivations.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dealroom.seal.access import Credential
from dealroom.seal.encoding import FORMAT, b64u_encode, fields, hkdf, padme

# Bytes of plaintext. Most people's answers fit, so that the size does not tell who asks much.
SMALLEST = 2048

_ID_SIZE = 16
_SALT_SIZE = 16
_KEY_SIZE = 32
# A key encrypts one box only.
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class AnswersBox:
    """One person's answers as they stand in a page, each part in base64url."""

    id: str
    salt: str
    box: str


def seal_answers(credential: Credential, room: str, answers: bytes) -> AnswersBox:
    """Close `answers`, a JSON text in UTF-8, for the person of a credential."""
    person = credential.person
    whose = (room, person.kind, person.id)
    # White space at the end of a JSON text means nothing.
    padded = answers.ljust(padme(max(SMALLEST, len(answers))), b" ")
    reply_key = credential.reply_key
    salting = hkdf(reply_key, fields(FORMAT, "answers salt", *whose), _KEY_SIZE)
    salt = hmac.new(salting, padded, sha256).digest()[:_SALT_SIZE]
    key = hkdf(reply_key, fields(FORMAT, "answers", *whose), _KEY_SIZE, salt=salt)
    id = hkdf(reply_key, fields(FORMAT, "answers id", *whose), _ID_SIZE)
    box = AESGCM(key).encrypt(_NONCE, padded, fields(FORMAT, "answers box", *whose))
    return AnswersBox(b64u_encode(id), b64u_encode(salt), b64u_encode(box))
