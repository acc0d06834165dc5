"""A film for tests: WebM with one VP8 key frame after another, which is what a lossy WebP picture holds."""

from __future__ import annotations

import struct

# Element ids of Matroska, https://www.rfc-editor.org/rfc/rfc9559
_EBML, _DOC_TYPE, _SEGMENT, _INFO, _SCALE, _DURATION = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _NUMBER, _UID, _TYPE, _CODEC = 0x1654AE6B, 0xAE, 0xD7, 0x73C5, 0x83, 0x86
_VIDEO, _WIDTH, _HEIGHT, _CLUSTER, _TIME, _BLOCK = 0xE0, 0xB0, 0xBA, 0x1F43B675, 0xE7, 0xA3
_CUES, _CUE, _CUE_TIME, _CUE_PLACE, _CUE_TRACK, _CUE_AT = 0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF7, 0xF1

_EVERY = 1000  # milliseconds a frame is shown
_KEY_FRAME = 0x80


def film(webp: bytes, width: int, height: int, frames: int) -> bytes:
    """A film that shows the picture in `webp` for `frames` seconds, with an index to seek by."""
    picture = _vp8(webp)
    info = _element(
        _INFO, _element(_SCALE, _number(1_000_000)), _element(_DURATION, struct.pack(">d", frames * _EVERY))
    )
    video = _element(_VIDEO, _element(_WIDTH, _number(width)), _element(_HEIGHT, _number(height)))
    track = _element(
        _TRACK,
        _element(_NUMBER, _number(1)),
        _element(_UID, _number(1)),
        _element(_TYPE, _number(1)),
        _element(_CODEC, b"V_VP8"),
        video,
    )
    clusters = [_cluster(picture, number * _EVERY) for number in range(frames)]
    head = info + _element(_TRACKS, track)
    # The index names places behind itself: its own size is the same whatever the places are.
    size = len(_cues(clusters, 0))
    body = head + _cues(clusters, len(head) + size) + b"".join(clusters)
    return _element(_EBML, _element(_DOC_TYPE, b"webm")) + _element(_SEGMENT, body)


def _cluster(picture: bytes, time: int) -> bytes:
    return _element(
        _CLUSTER, _element(_TIME, _number(time)), _element(_BLOCK, bytes([0x81, 0, 0, _KEY_FRAME]), picture)
    )


def _cues(clusters: list[bytes], start: int) -> bytes:
    cues, place = [], start
    for number, cluster in enumerate(clusters):
        at = _element(_CUE_PLACE, _element(_CUE_TRACK, _number(1)), _element(_CUE_AT, _number(place)))
        cues.append(_element(_CUE, _element(_CUE_TIME, _number(number * _EVERY)), at))
        place += len(cluster)
    return _element(_CUES, *cues)


def _vp8(webp: bytes) -> bytes:
    place = 12
    while webp[place : place + 4] != b"VP8 ":
        place += 8 + struct.unpack_from("<I", webp, place + 4)[0]
    size = struct.unpack_from("<I", webp, place + 4)[0]
    return webp[place + 8 : place + 8 + size]


def _element(id: int, *content: bytes) -> bytes:
    body = b"".join(content)
    # A size in eight bytes, whatever it is.
    return id.to_bytes((id.bit_length() + 7) // 8, "big") + (1 << 56 | len(body)).to_bytes(8, "big") + body


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
