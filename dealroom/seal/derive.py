"""Passphrases become keys: Argon2id (RFC 9106), on all cores, once ever for each passphrase."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from dealroom.seal.cache import DerivationCache
from dealroom.seal.encoding import fields
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.passphrase import normalise

DERIVED_SIZE = 32

# Derivations between two writes of the cache, about a second of work: no more is lost when a build is interrupted.
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """The cost of one derivation. `memory` is in KiB."""

    memory: int
    iterations: int
    parallelism: int

    def weakness(self) -> str | None:
        """Why these settings are not to be used, or None when they are fine."""
        if self.memory < GENERATED.memory or self.iterations < GENERATED.iterations or self.parallelism < 1:
            return f"memory {self.memory} KiB, iterations {self.iterations}: too weak"
        if self.memory > HEAVIEST.memory or self.iterations > HEAVIEST.iterations:
            return f"memory {self.memory} KiB, iterations {self.iterations}: too heavy"
        if self.parallelism > HEAVIEST.parallelism:
            return f"parallelism {self.parallelism}: too high"
        return None


# OWASP's first choice. Six generated words have 77 bits already: a word more is worth 7,776 times, a heavier
# function about 9, and a builder derives thousands.
GENERATED = Settings(memory=19_456, iterations=2, parallelism=1)
# A chosen passphrase is weaker, so that each guess must cost more: 0.2 s in a browser, RFC 9106's second choice
# but for its four lanes, which browsers would run one after another.
CHOSEN = Settings(memory=65_536, iterations=3, parallelism=1)
# A page that asks for more would only make a phone run out of memory or patience.
HEAVIEST = Settings(memory=262_144, iterations=10, parallelism=4)


@dataclass(frozen=True, slots=True)
class Derivation:
    """One passphrase to derive from: with the salt of its room (16 bytes) and the settings of its room."""

    passphrase: str = field(repr=False)
    salt: bytes
    settings: Settings


def derive(derivation: Derivation) -> bytes:
    """32 bytes of Argon2id (version 1.3) over the normalised passphrase in UTF-8."""
    settings = derivation.settings
    function = Argon2id(
        salt=derivation.salt,
        length=DERIVED_SIZE,
        iterations=settings.iterations,
        lanes=settings.parallelism,
        memory_cost=settings.memory,
    )
    return function.derive(normalise(derivation.passphrase).encode())


class Deriver:
    """Derives on all cores, and remembers results in an encrypted file when it is given one.

    The file may be deleted at any time, and several processes may use it at once.
    """

    def __init__(self, key: WorkspaceKey, cache: Path | None = None) -> None:
        self._cache = DerivationCache(key, cache)

    def derive_all(
        self, derivations: Iterable[Derivation], progress: Callable[[int, int], None] | None = None
    ) -> dict[Derivation, bytes]:
        """The result of each derivation. `progress(done, total)` counts those that take work, a batch at a time."""
        wanted = list(dict.fromkeys(derivations))
        known = {one: result for one in wanted if (result := self._cache.get(identity(one))) is not None}
        missing = [one for one in wanted if one not in known]
        if not missing:
            return known
        return known | self._derive(missing, progress or (lambda _done, _total: None))

    def _derive(self, missing: list[Derivation], progress: Callable[[int, int], None]) -> dict[Derivation, bytes]:
        """Derive on all cores, none of which waits for another, and remember results while the rest is under way."""
        fresh: dict[Derivation, bytes] = {}
        unsaved: dict[bytes, bytes] = {}
        # Threads suffice: Argon2id runs without the interpreter's lock.
        pool = ThreadPoolExecutor(max_workers=os.cpu_count())
        try:
            for one, result in zip(missing, pool.map(derive, missing), strict=True):
                fresh[one] = unsaved[identity(one)] = result
                if len(unsaved) == _BATCH:
                    self._cache.add(unsaved)
                    unsaved = {}
                    progress(len(fresh), len(missing))
        finally:
            # Whoever interrupts waits for those under way, and not for all that were asked for.
            pool.shutdown(cancel_futures=True)
            self._cache.add(unsaved)
        progress(len(fresh), len(missing))
        return fresh


def identity(derivation: Derivation) -> bytes:
    """By what the cache knows a derivation. Secret."""
    settings = derivation.settings
    return fields(
        normalise(derivation.passphrase),
        derivation.salt,
        settings.memory,
        settings.iterations,
        settings.parallelism,
    )
