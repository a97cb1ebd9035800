"""pyHanko's own validation for long-term archives (ETSI EN 319 102-1, 5.6.3), as a judge that is not ours.

Two of its modules ask the machine's clock whatever time they are told; here they are given the test's. Where an
intermediate authority has ended it knows no way back, which is why ours follows the timestamps by itself.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime

from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import ades_past, poe
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, NonRevokedStatusAssertion
from pyhanko_certvalidator.registry import SimpleTrustManager

from intranet_surat.services import signing_loop, verifying_longterm
from intranet_surat.services.evidence import algorithms, longterm
from intranet_surat.services.verifying_roots import load_roots

_given = ContextVar("given", default=None)


class _Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return _given.get() or datetime.now(tz)


ades_past.datetime = poe.datetime = _Clock


def judged(pdf, roots, now):
    """The sub-indication for each signature of the file, ``OK`` when it passes."""
    reader, known = longterm._reader(pdf), load_roots(roots)
    last = reader.embedded_timestamp_signatures[-1:]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(known.anchors)),
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=verifying_longterm._TOLD),
        algorithm_usage_policy=algorithms.shipped(),
    )
    spec = SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=LocalKnowledge(
            known_certs=[*known.between, *known.anchors],
            nonrevoked_assertions=[NonRevokedStatusAssertion(each.signer_cert.sha256, at=now) for each in last],
        ),
    )
    timing = ValidationTimingInfo(validation_time=now, best_signature_time=now, point_in_time_validation=True)
    token = _given.set(now)
    try:
        return [
            signing_loop.finish(ades_lta_validation(each, PdfSignatureValidationSpec(spec), timing)).ades_subindic.name
            for each in reader.embedded_regular_signatures
        ]
    finally:
        _given.reset(token)
