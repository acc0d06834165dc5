"""Passphrases: how they are generated, compared and judged.

Six words of the EFF's large word list give 6 × log2(7776) = 77.5 bits. The list stands beside this file instead
of coming from a package because it is part of the derivation: were one word to change, so would passphrases in
use. It is the EFF's, CC BY 3.0 US: https://www.eff.org/dice
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import count, islice

from dealroom.seal.errors import WeakPassphrase

GENERATED_WORDS = 6
# In bytes of UTF-8, normalised. Nobody types more; a longer text is refused before any work is spent on it.
LONGEST = 1024

_LIST_SIZE = 7776  # five dice: 6 ** 5
# Guesses. Each costs a derivation of 64 MiB; a rack of graphics cards that does 10,000 a second needs three years.
_STRENGTH_FLOOR = 10**12
# zxcvbn refuses more than this many characters, since its time grows steeply with them.
_LONGEST_JUDGED = 72

# Format characters that copying brings along and nobody sees: soft hyphen, zero-width and bidirectional marks.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Halves of a surrogate pair, which have no bytes in UTF-8; browsers replace them like this by themselves.
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_SPACES_AND_DASHES = re.compile(
    "["
    "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\\-\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u301c\u3030\u30a0"
    "]+"
)


def normalise(passphrase: str) -> str:
    """The form in which passphrases are compared, so that phones and mail programs may change their looks.

    NFKC; invisible format characters dropped; lower case; NFKC again; every run of white space and dashes becomes
    one space; trimmed. docs/format.md names the characters.
    """
    whole = _HALF_CHARACTERS.sub("\ufffd", passphrase)
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", whole))
    lowered = unicodedata.normalize("NFKC", visible.lower())
    return _SPACES_AND_DASHES.sub(" ", lowered).strip(" ")


@cache
def word_list() -> Sequence[str]:
    """The 7,776 words of the EFF's large list, in its order."""
    text = resources.files("dealroom.seal").joinpath("eff_large_wordlist.txt").read_text(encoding="ascii")
    return text.split()


def generate(stream: Callable[[int], bytes], words: int = GENERATED_WORDS) -> str:
    """`words` words drawn without bias from a stream of random-looking bytes, with a space between.

    `stream(n)` gives block n of the stream, of an even size. Two bytes are one draw: their low 13 bits, thrown
    away when they are 7,776 or more.
    """
    listed = word_list()
    return " ".join(listed[number] for number in islice(_draws(stream), words))


def _draws(stream: Callable[[int], bytes]) -> Iterator[int]:
    for block in count():
        data = stream(block)
        for position in range(0, len(data), 2):
            number = int.from_bytes(data[position : position + 2], "big") & 0x1FFF
            if number < _LIST_SIZE:
                yield number


def check_strength(passphrase: str, known: Sequence[str] = ()) -> None:
    """Refuse a passphrase that a seller chose and an attacker would guess.

    `known` are words an attacker would try first, such as the names of the buyer and of the person.

    Raises:
        WeakPassphrase: below 10 ** 12 guesses by zxcvbn's estimate, or too long; the hint gives zxcvbn's reason.
    """
    from zxcvbn import zxcvbn

    text = normalise(passphrase)
    if len(text.encode()) > LONGEST:
        raise WeakPassphrase("the passphrase is too long", "choose one that a person would type")
    if not text:
        raise WeakPassphrase("the passphrase is empty", "choose four or more unrelated words")
    # Without its spaces: zxcvbn takes each for a symbol that an attacker would have to guess.
    joined = text.replace(" ", "")[:_LONGEST_JUDGED]
    judged = zxcvbn(joined, user_inputs=[normalise(word) for word in known])
    if judged["guesses"] < _STRENGTH_FLOOR:
        reason = judged["feedback"]["warning"].rstrip(".") or f"some {judged['guesses']:,.0f} guesses find it"
        raise WeakPassphrase(
            f"the passphrase is too easy to guess: {reason[0].lower()}{reason[1:]}",
            "choose four or more unrelated words, or leave it out to have one generated",
        )
