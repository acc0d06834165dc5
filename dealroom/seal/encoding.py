"""How values become bytes: base64url, length-prefixed fields, canonical JSON, padded sizes."""

import base64
import binascii
import json
import re
import struct

FORMAT = "dealroom/1"

_TO_URL = bytes.maketrans(b"+/", b"-_")
_LENGTH = struct.Struct(">I").pack
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


def b64u_encode(data: bytes) -> str:
    """`data` in base64url without padding (RFC 4648, section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def b64u_decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Only the one spelling that `b64u_encode` gives is taken: no padding, no stray bits.

    Raises:
        ValueError: `text` is not base64url.
    """
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if b64u_encode(data) != text:
        raise ValueError("not base64url")
    return data


def fields(*parts: str | bytes | int) -> bytes:
    """`parts` as one byte string that no other parts give: each is led by its length (4 bytes, big-endian).

    Text is UTF-8; a whole number is 8 bytes, big-endian.
    """
    pieces = []
    for part in parts:
        if isinstance(part, str):
            data = part.encode()
        elif isinstance(part, int):
            data = part.to_bytes(8, "big")
        else:
            data = part
        pieces.append(_LENGTH(len(data)))
        pieces.append(data)
    return b"".join(pieces)


def hkdf(secret: bytes, info: bytes, size: int, *, salt: bytes = b"") -> bytes:
    """HKDF-SHA256 (RFC 5869). `size` is in bytes, at most 8,160."""
    # Who only reads a key derives nothing.
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt or None, info=info).derive(secret)


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys and no white space, in UTF-8: the same value gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def padme(size: int) -> int:
    """The padded size of `size` bytes: at most 12 % more, and it tells only O(log log size) bits of it.

    Source: Padmé, in Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication
    with PURBs", PoPETs 2019, algorithm 1.
    """
    if size <= 1:
        return size
    exponent = size.bit_length() - 1
    zero_bits = exponent - exponent.bit_length()
    mask = (1 << zero_bits) - 1
    return (size + mask) & ~mask
