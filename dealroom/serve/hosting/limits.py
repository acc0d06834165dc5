"""How many replies an address may send, and a room may get: a flood costs its sender, not the others."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

# A person sends a few replies a day. An office behind one address reads many rooms, and someone may try a few times.
A_MINUTE_AND_ADDRESS = 30
A_MINUTE_AND_ROOM = 60

# One customer of a provider has a whole /64 of IPv6 addresses.
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts requests of the last minute in this process; a server beside it counts its own.

    Memory is bounded by the requests of one minute. Addresses are kept as digests under a key that nobody has.
    """

    address: RateLimitItem
    room: RateLimitItem
    _counter: FixedWindowRateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def address_may(self, address: str) -> bool:
        """Whether one more request from this address is let in; it counts if so."""
        return self._counter.hit(self.address, self._digest(_network(address)))

    def room_may(self, room: str) -> bool:
        """Whether the room takes one more reply; it counts if so."""
        return self._counter.hit(self.room, room)

    def _digest(self, network: str) -> str:
        return hashlib.blake2s(network.encode(), key=self._salt, digest_size=16).hexdigest()


def make_limits(address: int = A_MINUTE_AND_ADDRESS, room: int = A_MINUTE_AND_ROOM) -> Limits:
    """So many requests a minute from an address, and so many replies a minute to a room."""
    return Limits(parse(f"{address}/minute"), parse(f"{room}/minute"))


def _network(address: str) -> str:
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped:
            return str(number.ipv4_mapped)
        return str(ipaddress.ip_network((number, _IPV6_PREFIX), strict=False))
    return str(number)
