"""The stream of events, as the HTML standard has it."""

from __future__ import annotations

import asyncio

from dealroom.serve.events import Hub, encode


def test_an_event_is_one_line_of_data() -> None:
    assert encode("state", {"text": "one\ntwo"}) == b'event: state\ndata: {"text": "one\\ntwo"}\n\n'


def test_a_page_hears_the_present_state_first_and_then_what_concerns_it() -> None:
    async def listen() -> list[bytes]:
        hub = Hub()
        stream = hub.stream("room acme", "state", lambda: "now")
        heard = [await anext(stream)]
        hub.publish("room blue", "state", "not for this page")
        hub.publish("room acme", "state", "changed")
        heard.append(await anext(stream))
        assert hub.topics() == {"room acme"}
        hub.close()
        heard += [message async for message in stream]
        assert not hub.topics()
        return heard

    first, second = asyncio.run(listen())
    assert first == b'retry: 500\n\nevent: state\ndata: "now"\n\n'
    assert second == b'event: state\ndata: "changed"\n\n'
