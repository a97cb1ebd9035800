"""The signature of a letter: an attempt is committed, the provider called outside any transaction, its result judged.

The provider is called once for each attempt and never again by software: when the answer is lost, the
attempt is ``unknown`` and a person decides (`signing_doubts`). The secret lives until the provider has answered.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from intranet_surat.errors import Changed, Invalid, NotAllowed
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import (
    acting,
    breaker,
    idempotency,
    numbering,
    seals,
    signing_attempts,
    signing_results,
    undecided,
)
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import (
    HELD,
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    SealingProvider,
    SignerNotReady,
    SigningError,
    SignResult,
)
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import (
    Order,
    Wanted,
    letter_at,
    lock,
    order,
    printed_for,
    signatory,
    turns_as_prepared,
)
from intranet_surat.services.signing_results import Result
from intranet_surat.services.signing_transactions import commit, committed
from intranet_surat.services.verifying import Verdict

logger = logging.getLogger(__name__)

OTHER_SECRET = f"Penyedia tanda tangan ini meminta rahasia jenis lain. Muat ulang halaman. {HELD}"


class Withdrawn(Exception):
    """Whose turn it was to be sent is not sent after all."""


def sign(house: House, tm: Any, site: Site, wanted: Wanted, secret: Secret, now: datetime) -> Result:
    """Sign the frozen file of a letter for the reader, and do the flow's sign act: `send`, then `signing_results.take`.

    ``secret`` is wiped as soon as the provider has answered, whatever happens. Raises what `send` raises; Refused and
    OutcomeUnknown also of what came back.
    """
    with secret:
        sent = send(house, tm, site, wanted, secret, now)
    if isinstance(sent, Result):
        return sent
    return signing_results.take(house, tm, site, wanted, *sent, now)


def send(
    house: House,
    tm: Any,
    site: Site,
    wanted: Wanted,
    secret: Secret,
    now: datetime,
    *,
    ready: bool = False,
    turn: AbstractContextManager[None] = nullcontext(),  # noqa: B008 - it holds nothing
) -> tuple[Order, SignResult] | Result:
    """Begin an attempt and call the provider: what was ordered and what came back, to be judged and taken in.

    A Result when this very form signed before.
    The transaction of ``tm`` is committed on the way and a new one is open at the end. The caller wipes ``secret``.
    ``ready`` says that the provider signed for this person a moment ago, and is not asked again whether it can.
    ``turn`` is held while the provider is called; when it raises Withdrawn instead, the attempt never was.
    Raises Unknown, NotAllowed, Changed, Invalid, Unavailable, or a `SigningError` (then the attempt is ``failed`` or
    ``unknown`` and the letter, with its number, stays where it was).
    """
    opened = _open(house, tm, site, wanted, now, ready=ready)
    if isinstance(opened, Result):
        return opened
    try:
        with turn:
            returned = _call(house, opened, secret, now, ready=ready)
    except SigningError as error:
        signing_results.note(house, tm, site, wanted.path, opened, error, now)
        raise
    except Withdrawn:
        committed(tm, lambda: signing_attempts.withdraw(site, find(site, wanted.path), opened.attempt))
        raise
    return opened, returned


def _open(house: House, tm: Any, site: Site, wanted: Wanted, now: datetime, *, ready: bool) -> Order | Result:
    """First transaction: everything is checked, and the attempt stands as ``sending`` before anything is sent."""
    path, reader, shown, key = wanted.path, wanted.reader, wanted.shown, wanted.key
    numbering.hold(house, tm, {lock(path)} if ready else {lock(path), lock(reader.person)})
    letter = letter_at(house, site, path, reader, now)
    still(letter)  # whoever changes its file meanwhile has not seen the attempt
    before = signing_attempts.by_key(letter, reader.person, key)
    if before is not None and before.state == "done":
        return _repeated(letter, path, before)
    action, position = signatory(house, site, letter, reader, now)
    breaker.demand(house, site, now)
    # A key that the act would refuse is refused here: afterwards a signature exists that nothing records.
    if acting.already(house, site, letter, action, reader, key) is not None:
        raise Invalid({}, idempotency.OTHER_USE)
    if not letter.frozen or letter.frozen != shown or letter.rendition(shown) is None:
        raise Changed(
            "Berkas surat sudah berganti sejak halaman ini dibuka. Baca berkas yang baru, lalu tanda tangani.",
            shown=letter.version,
            current=letter.version,
        )
    turns_as_prepared(house, site, letter, now)
    printed_for(site, letter, reader)
    standing = undecided.of(letter)
    if standing is not None:
        raise NotAllowed(undecided.waits(house, site, letter, standing, now), action="sign")
    sealed = seals.instead(house, site, letter)
    if sealed:
        seals.demand(house, letter)
    attempt = signing_attempts.begin(
        site,
        letter,
        key=key,
        sha256=shown,
        position=position,
        person=reader.person,
        provider=house.provider().id,
        sealed=sealed,
        now=now,
        guess=not ready and bool(seals.asked(house, sealed=sealed).secrets),
    )
    made = order(house, site, letter, path, attempt, action, position, reader)
    attempt.size = len(made.pdf)
    commit(tm)
    return made


def _call(house: House, order: Order, secret: Secret, now: datetime, *, ready: bool) -> SignResult:
    """The provider, outside any transaction. An error that is not of its kind, once it signs, leaves all unknown."""
    provider = house.provider()
    wanted = seals.asked(house, sealed=order.sealed).secrets
    if wanted and secret.kind not in wanted:
        raise Refused(OTHER_SECRET, detail=f"{provider.id} does not take a {secret.kind}")
    asked = False
    try:
        status = None if ready or order.sealed else provider.status(order.signer, now)
        if status is not None and not status.ready:
            raise SignerNotReady(status=status)
        asked = True
        told: Any = {"reason": order.reason, "location": order.location, "now": now}
        told |= {"field": order.field} if order.field else {}
        if order.sealed and isinstance(provider, SealingProvider):
            logger.info("attempt %s: the agency's seal, by an act of %s", order.attempt, order.position)
            return provider.seal(order.pdf, **told)
        return provider.sign(order.pdf, order.signer, secret, **told)
    except SigningError as error:
        refused = error
    except Exception as error:  # noqa: BLE001 - of a provider that is not ours
        kind = type(error).__name__
        logger.error("attempt %s: provider %s raised %s", order.attempt, provider.id, kind)  # noqa: TRY400
        refused = OutcomeUnknown(detail=kind) if asked else ProviderUnavailable(detail=kind)
    # Neither its frames go on nor those of what it came from: they have held the secret, and live as long as it does.
    refused.__context__ = refused.__cause__ = None
    raise refused.with_traceback(None)


def _repeated(letter: Letter, path: str, attempt: Any) -> Result:
    kept = letter.rendition(attempt.result)
    verdict = Verdict.from_dict(kept.verdict) if kept is not None else None
    return Result(path, attempt.id, attempt.result, verdict, "Surat ini sudah Anda tandatangani.", repeated=True)
