"""By what the holder of a certificate is recognised where no data about people are kept: hashes of what it shows.

Whom we expect while we hold a person's data, `verifying.is_by` compares. The NIK is never among these: a hash of so
few digits hides nothing.
"""

from __future__ import annotations

import hashlib

from intranet_surat.services.providers.base import Signer
from intranet_surat.services.verifying_facts import SignatureFacts


def of(signer: Signer) -> frozenset[str]:
    """The marks of whom we expect."""
    serials = {_mark("serial", each) for each in (signer.person, signer.nip) if each}
    return frozenset(serials | ({_mark("email", signer.email)} if signer.email else set()) | {_called(signer.name)})


def shown(signature: SignatureFacts) -> frozenset[str]:
    """The marks of who signed. The name counts only where the certificate has no mail address: names recur."""
    emails = {_mark("email", each) for each in signature.emails}
    return frozenset((emails or {_called(signature.signer)}) | {_mark("serial", signature.subject_serial)})


def _called(name: str) -> str:
    """A name without the degrees behind it and however it is spaced."""
    return _mark("name", "".join(filter(str.isalnum, name.partition(",")[0])))


def _mark(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value.casefold()}".encode()).hexdigest()[:32]
