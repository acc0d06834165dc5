"""What a seller shows a server that takes replies, to fetch them. docs/format.md, "The endpoint"."""

from hashlib import sha256

from dealroom.seal.encoding import b64u_encode
from dealroom.seal.keys import WorkspaceKey


def replies_token(key: WorkspaceKey) -> str:
    """The seller's token, base64url. Secret."""
    return b64u_encode(key.derive("replies token"))


def token_digest(token: str) -> bytes:
    """What a server compares: SHA-256 of the token's text. Whoever reads it cannot fetch with it."""
    return sha256(token.encode()).digest()


def fetch_digest(key: WorkspaceKey) -> str:
    """The digest of the seller's token, as a server is given it: base64url."""
    return b64u_encode(token_digest(replies_token(key)))
