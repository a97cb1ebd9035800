"""The way pyHanko's CSC client goes out: its calls become calls of `Outbound`, their failures errors of a provider."""

from __future__ import annotations

import json
from functools import partial
from types import TracebackType
from typing import Any, Self

from intranet_surat.services import signing_loop
from intranet_surat.services.outbound import Answer, Outbound
from intranet_surat.services.outbound_destinations import OutboundError
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    Refused,
    SigningError,
    WrongSecret,
)

CSC = "csc"
PATH = "/csc/v1/"
SIGNS = "signatures/signHash"
"""The one call after which a signature may exist though no answer came."""

_WRONG = {"invalid_pin", "invalid_otp"}


class Door:
    """What pyHanko takes for an aiohttp session; it knows `post` only, and only one service."""

    def __init__(self, outbound: Outbound, destination: str, token: str) -> None:
        self._outbound = outbound
        self._destination = destination
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, url: str, *, json: Any, **_: Any) -> _Asked:
        """A call to the path of ``url``; its headers and time limits are ours."""
        return _Asked(self, url.removeprefix(PATH), json)

    async def ask(self, endpoint: str, body: Any) -> dict[str, Any]:
        """Call an endpoint and answer its JSON. Raises an error of a provider."""
        call = partial(
            self._outbound.request,
            self._destination,
            "POST",
            PATH + endpoint,
            headers=self._headers,
            body=json.dumps(body).encode(),
        )
        try:
            answer = await signing_loop.aside(call)
        except OutboundError as error:
            raise _lost(endpoint, error.sent, error.detail) from None
        return _read(endpoint, answer)


class _Asked:
    """The context manager that a call is for pyHanko."""

    def __init__(self, door: Door, endpoint: str, body: Any) -> None:
        self._door, self._endpoint, self._body = door, endpoint, body
        self._answer: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        self._answer = await self._door.ask(self._endpoint, self._body)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Nothing is open."""

    async def json(self) -> dict[str, Any]:
        """What came."""
        return self._answer


def _read(endpoint: str, answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if answer.status == 200 and isinstance(told, dict):
        return told
    error = str(told.get("error", ""))[:100] if isinstance(told, dict) else ""
    detail = f"{endpoint}: HTTP {answer.status} {error}".rstrip()
    if answer.status in {401, 403}:
        raise Misconfigured(detail=detail)
    if answer.status == 429:
        raise RateLimited(detail=detail, retry_after=answer.retry_after)
    if error in _WRONG:
        raise WrongSecret(WrongSecret.wrong_code if error == "invalid_otp" else "", detail=detail)
    if 400 <= answer.status < 500 and error:
        raise Refused(detail=detail)
    # Neither an answer of the protocol nor a refusal: whether it did what was asked, nobody knows.
    raise _lost(endpoint, sent=True, detail=detail)


def _lost(endpoint: str, sent: bool, detail: str) -> SigningError:
    if sent and endpoint == SIGNS:
        return OutcomeUnknown(detail=detail)
    return ProviderUnavailable(detail=detail)
