"""Whether a history stands in an anchor, and when the anchor existed: what anybody can check who has the proof."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from asn1crypto import cms

from intranet_surat.services import signing_loop, timestamping
from intranet_surat.services.evidence import merkle
from intranet_surat.services.timestamping import TimestampUnavailable
from intranet_surat.services.verifying_roots import load_roots

FORMAT = 1
LATE = timedelta(days=7)
"""An anchor is stamped in the night after the act; whoever writes a history anew can have it stamped only later."""


def leaf(letter: str, head: str, count: int) -> bytes:
    """What a letter's history puts into the tree."""
    return rfc8785.dumps({"v": FORMAT, "letter": letter, "head": head, "acts": count})


def digest(told: Mapping[str, Any]) -> str:
    """The hash that is stamped, and that the next anchor names."""
    return hashlib.sha256(rfc8785.dumps(dict(told))).hexdigest()


def proves(told: Mapping[str, Any]) -> bool:
    """Whether the leaf of a proof stands in its anchor. Whether the anchor is stamped is asked of `stamped`."""
    try:
        found = told["leaf"]
        data = leaf(str(found["letter"]), str(found["head"]), int(found["acts"]))
        beside = [bytes.fromhex(each) for each in told["path"]]
        anchor = told["anchor"]
        return merkle.leads_to(data, int(told["index"]), int(anchor["letters"]), beside, bytes.fromhex(anchor["root"]))
    except (KeyError, TypeError, ValueError):
        return False


def stamped(digest_: str, token: bytes, roots: Sequence[bytes]) -> datetime:
    """When an anchor existed, by its token, judged at that time. Raises TimestampUnavailable when it proves nothing."""
    try:
        read = cms.ContentInfo.load(token, strict=True)
        when: datetime = read["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    except (ValueError, TypeError, KeyError, AttributeError):
        raise TimestampUnavailable("the token cannot be read") from None
    work = timestamping.examine(read, bytes.fromhex(digest_), "sha256", load_roots(roots), when)
    return signing_loop.finish(work)
