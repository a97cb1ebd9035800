"""Makes the stand-in for a demo: people with their demo passphrase, a seal for the agency, a clock that stamps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo import keys, regency
from intranet_surat.demo.authority import tokens
from intranet_surat.demo.authority.issuing import Authority
from intranet_surat.demo.bsre.accounts import Account, Register
from intranet_surat.demo.bsre.server import StandIn
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.timestamping import Place, Stamper
from intranet_surat.services.verifying_roots import load_roots

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PASSWORD = "aplikasi-uji-coba"  # noqa: S105  known to everybody on purpose
SUBSCRIBER = "UJI-COBA-SEGEL"
ACTIVATION = "246810"
SEAL_MAIL = "segel@serangkab.example"


def nik_of(number: int) -> str:
    """The invented NIK of the person with that number in the list of signatories."""
    return f"32000000000{number:05}"


class OwnClock(Stamper):
    """Stamps with the authority's clock without a line to it: BSrE has a time-stamping authority of its own."""

    def __init__(self, authority: Authority, clock: Callable[[], datetime]) -> None:
        known = [each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer)]
        super().__init__(Outbound(), [Place("", "/")], load_roots(known), clock)
        self._made = authority, clock

    def _send(self, place: Place, body: bytes) -> bytes:  # noqa: ARG002 - there is one
        authority, clock = self._made
        return tokens.answer(authority, body, clock())


def make(authority: Authority, clock: Callable[[], datetime], *, small: bool = False) -> StandIn:
    """The stand-in with an account for everybody who signs letters in the demo, known by e-mail and invented NIK."""
    signing = {each.id for each in regency.signatories(small=small)}
    people = [each for each in regency.people(small=small).values() if each.id in signing]
    accounts = [
        Account(each.name, each.email, nik_of(number), keys.PASSPHRASE) for number, each in enumerate(people, start=1)
    ]
    seal = Account("Segel Pemerintah Kabupaten", SEAL_MAIL, SUBSCRIBER, "")
    return StandIn(Register(authority, accounts, seal, ACTIVATION), PASSWORD, clock, OwnClock(authority, clock))


def beside(other: App, bsre: StandIn) -> App:
    """One application: what BSrE's paths ask goes to the stand-in, everything else to ``other``."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        mine = str(environ.get("PATH_INFO", "")).startswith(("/api/", "/bsre/"))
        return (bsre if mine else other)(environ, start_response)

    return answer
