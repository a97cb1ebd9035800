"""The wet path as a provider: a method that is chosen like the others and never signs a file itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intranet_surat.services.providers.base import (
    Capabilities,
    Refused,
    Signer,
    SignerState,
    SignerStatus,
    SignResult,
)
from intranet_surat.services.secret import Secret

NOTHING = Capabilities(identity=frozenset(), secrets=frozenset())


@dataclass(frozen=True, slots=True)
class WetInk:
    """Ink on paper. The scan and its confirmation are acts of the flow."""

    id: str = "basah"
    title: str = "Tanda tangan basah"
    capabilities: Capabilities = NOTHING

    def status(self, signer: Signer, now: datetime) -> SignerStatus:  # noqa: ARG002 - the same for everybody
        """Never ready for an electronic signature; says what to do instead."""
        return SignerStatus(SignerState.WET)

    def sign(
        self,
        pdf: bytes,  # noqa: ARG002 - ink needs none of this
        signer: Signer,  # noqa: ARG002
        secret: Secret,  # noqa: ARG002
        *,
        reason: str,  # noqa: ARG002
        location: str,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
        field: str = "",  # noqa: ARG002
    ) -> SignResult:
        """Raises Refused: ink is not made by software."""
        raise Refused(SignerState.WET.sentence)
