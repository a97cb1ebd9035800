"""Asks time-stamping authorities (RFC 3161), in the order of the settings, and believes no answer unread.

What a token says is compared with what was asked: the nonce, the hash, our own clock, and a chain to the
configured roots. Where tokens are put stands in `signing_pades` and `evidence`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

from intranet_surat.services import signing_loop, verifying_roots
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination, OutboundError
from intranet_surat.services.verifying_roots import Roots, load_roots

if TYPE_CHECKING:
    from intranet_surat.services.house import House

logger = logging.getLogger(__name__)

SKEW = timedelta(minutes=10)
"""How far an authority's clock may be from ours; farther, one of the two is wrong and the token proves nothing."""
LARGEST = 64 * 1024
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class TimestampUnavailable(TimestampRequestError):
    """No authority gave a token that can be believed. ``detail`` is English, for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Place:
    """Where one authority is asked: a destination of the outbound client, and a path there."""

    destination: str
    path: str


def place(url: str) -> Place:
    """Where the authority at an address of the settings is asked."""
    return Place(destination(url).name, urlsplit(url).path or "/")


def destination(url: str) -> Destination:
    """The destination of an address of the settings; what comes back is signed, so that it may come without TLS."""
    return Destination.at(
        f"tsa:{urlsplit(url).netloc}",
        url,
        internal=True,
        timeout=10.0,
        connect_timeout=5.0,
        max_bytes=LARGEST,
        signed=True,
    )


class Stamper(TimeStamper):
    """pyHanko's way to ask for a token, over our one door to the network; raises TimestampUnavailable."""

    def __init__(
        self, outbound: Outbound, places: Sequence[Place], roots: Roots, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._outbound = outbound
        self._places = tuple(places)
        self._roots = roots
        self._clock = clock

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over ``message_digest`` from the first authority that gives a good one."""
        problems = []
        for place in self._places:
            try:
                return await self._ask(place, message_digest, md_algorithm)
            except OutboundError as error:
                problems.append(f"{place.destination}: {error.detail}")
            except Exception as error:  # noqa: BLE001 - the answer is a stranger's: anything may come out of its parser
                problems.append(f"{place.destination}: {type(error).__name__}: {error}")
            logger.warning("no timestamp from %s", problems[-1])
        raise TimestampUnavailable("; ".join(problems) or "no authority is configured")

    async def _ask(self, place: Place, digest: bytes, algorithm: str) -> cms.ContentInfo:
        nonce, request = self.request_cms(digest, algorithm)
        answer = await signing_loop.aside(self._send, place, request.dump())
        token = handle_tsp_response(tsp.TimeStampResp.load(answer, strict=True), nonce)
        await examine(token, digest, algorithm, self._roots, self._clock())
        return token

    def _send(self, place: Place, body: bytes) -> bytes:
        headers = {"Content-Type": _QUERY, "Accept": _REPLY}
        answer = self._outbound.request(place.destination, "POST", place.path, headers=headers, body=body)
        if answer.status != 200 or answer.headers.get("content-type", "").partition(";")[0].strip() != _REPLY:
            raise TimestampUnavailable(f"status {answer.status}, no timestamp reply")
        return answer.body


async def examine(token: cms.ContentInfo, digest: bytes, algorithm: str, roots: Roots, now: datetime) -> datetime:
    """When a token says that something with ``digest`` existed. Raises TimestampUnavailable unless it is good now."""
    told = await validate_tst_signed_data(
        token["content"], verifying_roots.offline(roots, now), lambda used: digest if used == algorithm else b""
    )
    if not (told["intact"] and told["valid"]):
        raise TimestampUnavailable("the token is not over what was sent, or its signature is wrong")
    if told.get("validation_path") is None or told.get("trust_problem_indic") is not None:
        raise TimestampUnavailable(f"the token's certificate is not good: {told.get('trust_problem_indic')}")
    when: datetime = told["timestamp"]
    if abs(when - now) > SKEW:
        raise TimestampUnavailable(f"the authority says {when.isoformat()}, our clock {now.isoformat()}")
    return when


def stamper(
    outbound: Outbound, places: Sequence[Place], roots: Sequence[bytes], clock: Callable[[], datetime]
) -> Stamper | None:
    """Who asks the authorities in their order; None when none is configured."""
    return Stamper(outbound, places, load_roots(roots), clock) if places else None


def of_house(house: House) -> Stamper | None:
    """The one of the settings, by the clock of the house."""
    return stamper(house.outbound, house.settings.timestamps, house.roots, house.clock)
