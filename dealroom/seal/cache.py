"""The derivation cache: what Argon2id gave, encrypted, in one file that may be deleted at any time.

Each line is base64 of: 16 bytes that name the derivation (an HMAC, so that nothing of a passphrase can be tried
against the file) ‖ its 32-byte result under AES-256-GCM ‖ the tag. Lines are only ever appended, each batch in
one write that starts a line of its own; so processes do not disturb each other, and a torn line costs only itself.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dealroom.seal.keys import WorkspaceKey

_NAME_SIZE = 16
_LINE = 88  # characters of base64 for 16 + 32 + 16 bytes
# Every record has a key of its own, so that the nonce may be constant.
_NONCE = bytes(12)


class DerivationCache:
    """Derived keys by the identity of their derivation (bytes that are secret, and stay in memory)."""

    def __init__(self, key: WorkspaceKey, path: Path | None) -> None:
        self._names = key.derive("cache names")
        self._keys = key.derive("cache keys")
        self._path = path
        self._records: dict[bytes, bytes] | None = None

    def get(self, identity: bytes) -> bytes | None:
        """The remembered result; None when there is none, or none that can be read."""
        name = self._name(identity)
        record = self._read().get(name)
        if record is None:
            return None
        try:
            return AESGCM(self._record_key(name)).decrypt(_NONCE, record, name)
        except InvalidTag:
            return None

    def add(self, results: Mapping[bytes, bytes]) -> None:
        """Remember results. A cache that cannot be written is no reason to fail: it only costs time next time."""
        if not results:
            return
        lines = []
        for identity, result in results.items():
            name = self._name(identity)
            record = AESGCM(self._record_key(name)).encrypt(_NONCE, result, name)
            self._read()[name] = record
            lines.append(base64.b64encode(name + record))
        if self._path is not None:
            with suppress(OSError):
                _append(self._path, b"\n" + b"\n".join(lines) + b"\n")

    def _name(self, identity: bytes) -> bytes:
        return hmac.digest(self._names, identity, "sha256")[:_NAME_SIZE]

    def _record_key(self, name: bytes) -> bytes:
        return hmac.digest(self._keys, name, "sha256")

    def _read(self) -> dict[bytes, bytes]:
        """The file's records, read once. What is not a whole line is passed over."""
        if self._records is None:
            self._records = {}
            data = b""
            if self._path is not None:
                with suppress(OSError):
                    data = self._path.read_bytes()
            for line in data.split(b"\n"):
                if len(line) == _LINE:
                    with suppress(binascii.Error):
                        record = base64.b64decode(line, validate=True)
                        self._records[record[:_NAME_SIZE]] = record[_NAME_SIZE:]
        return self._records


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
