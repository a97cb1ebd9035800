"""The signature of a letter: an attempt is committed, the provider called outside any transaction, its result judged.

The provider is called once for each attempt and never again by software: when the answer is lost, the
attempt is ``unknown`` and a person decides. The secret lives until the provider has answered.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from transaction.interfaces import TransientError

from intranet_surat.errors import Changed, Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.resources.document import Rendition
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import acting, idempotency, numbering, secrecy, signing_attempts, verifying
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of
from intranet_surat.services.providers.base import OutcomeUnknown, Signer, SignerNotReady, SigningError, SignResult
from intranet_surat.services.reader import Reader
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_attempts import JOB, check, recover
from intranet_surat.services.signing_transactions import commit, committed
from intranet_surat.services.verifying import Verdict
from intranet_surat.workflow.engine import SIGNED

__all__ = ["JOB", "Result", "check", "give_up", "recover", "sign"]

logger = logging.getLogger(__name__)

SIGNED_NOW = "Surat sudah ditandatangani dan diperiksa."


@dataclass(frozen=True, slots=True)
class Result:
    """A letter is signed: by which attempt, with which file, judged how. ``repeated``: by this very form before."""

    letter: str
    attempt: str
    sha256: str
    verdict: Verdict | None
    message: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """What goes to the provider, as plain values: no stored object leaves its transaction."""

    attempt: str
    action: str
    pdf: bytes
    signer: Signer
    position: str
    title: str
    office: str
    reason: str
    location: str
    locks: frozenset[str]


def sign(
    house: House,
    tm: Any,
    site: Site,
    letter_path: str,
    reader: Reader,
    secret: Secret,
    shown_sha256: str,
    key: str,
    now: datetime,
) -> Result:
    """Sign the frozen file of a letter for the reader, and do the flow's sign act.

    ``shown_sha256`` is the hash on the page: other bytes are never signed. The transaction of ``tm`` is
    committed on the way and a new one is open at the end. ``secret`` is wiped whatever happens.
    Raises Unknown, NotAllowed, Changed, Invalid, Unavailable, or a `SigningError` (then the attempt is ``failed`` or
    ``unknown`` and the letter, with its number, stays where it was).
    """
    with secret:
        opened = _open(house, tm, site, letter_path, reader, shown_sha256, key, now)
        if isinstance(opened, Result):
            return opened
        try:
            returned = _call(house, opened, secret, now)
        except SigningError as error:
            _note(tm, site, letter_path, opened, error, now)
            raise
    try:
        verdict = verifying.accepts(opened.pdf, returned.pdf, opened.signer, house.roots, now)
    except SigningError as error:
        logger.warning("attempt %s: result refused: %s", opened.attempt, error.detail)
        _note(tm, site, letter_path, opened, error, now)
        raise
    return _conclude(house, tm, site, letter_path, reader, opened, returned, verdict, key, now)


def give_up(house: House, tm: Any, site: Site, letter_path: str, reader: Reader, attempt: str, now: datetime) -> None:
    """The signatory says of an ``unknown`` attempt that nothing was signed; joins the transaction of ``tm``.

    Raises Unknown, NotAllowed.
    """
    numbering.hold(house, tm, {_lock(letter_path)})
    letter = _letter(house, site, letter_path, reader, now)
    _signatory(house, site, letter, reader, now)
    signing_attempts.abandon(letter, attempt, now)


def _open(
    house: House, tm: Any, site: Site, path: str, reader: Reader, shown: str, key: str, now: datetime
) -> _Order | Result:
    """First transaction: everything is checked, and the attempt stands as ``sending`` before anything is sent."""
    numbering.hold(house, tm, {_lock(path)})
    letter = _letter(house, site, path, reader, now)
    before = signing_attempts.by_key(letter, reader.person, key)
    if before is not None and before.state == "done":
        return _repeated(letter, path, before)
    action, position = _signatory(house, site, letter, reader, now)
    # A key that the act would refuse is refused here: afterwards a signature exists that nothing records.
    if acting.already(house, site, letter, action, reader, key) is not None:
        raise Invalid({}, idempotency.OTHER_USE)
    if not letter.frozen or letter.frozen != shown or letter.rendition(shown) is None:
        raise Changed(
            "Berkas surat sudah berganti sejak halaman ini dibuka. Baca berkas yang baru, lalu tanda tangani.",
            shown=letter.version,
            current=letter.version,
        )
    printed_for(site, letter, reader)
    provider = house.provider()
    attempt = signing_attempts.begin(
        site, letter, key=key, sha256=shown, position=position, person=reader.person, provider=provider.id, now=now
    )
    order = _order(house, site, letter, path, attempt.id, action, position, reader)
    commit(tm)
    return order


def _order(
    house: House, site: Site, letter: Letter, path: str, attempt: str, action: str, position: str, reader: Reader
) -> _Order:
    person = site.people[reader.person]
    post = site.positions[position]
    office = site.office(post.office)
    number = str(letter.fields.get("number") or "")
    return _Order(
        attempt=attempt,
        action=action,
        pdf=letter.rendition(str(letter.frozen)).content(),
        signer=Signer(person.id, person.name, person.nip, person.email),
        position=position,
        title=post.title,
        office=office.name if office is not None else "",
        reason=f"Surat nomor {number}" if number else "Penandatanganan surat dinas",
        location=house.settings.regency,
        locks=frozenset({_lock(path), *([letter.register] if letter.register else [])}),
    )


def _call(house: House, order: _Order, secret: Secret, now: datetime) -> SignResult:
    """The provider, outside any transaction. An error that is not of its kind leaves the outcome unknown."""
    provider = house.provider()
    try:
        status = provider.status(order.signer, now)
        if not status.ready:
            raise SignerNotReady(status.says, detail=status.code)
        return provider.sign(order.pdf, order.signer, secret, reason=order.reason, location=order.location, now=now)
    except SigningError:
        raise
    except Exception as error:  # noqa: BLE001 - of a provider that is not ours
        # Neither its text nor its frames go on: they may have held the secret.
        logger.error("attempt %s: provider %s raised %s", order.attempt, provider.id, type(error).__name__)  # noqa: TRY400
        raise OutcomeUnknown(detail=type(error).__name__) from None
    finally:
        secret.wipe()


def _note(tm: Any, site: Site, path: str, order: _Order, error: SigningError, now: datetime) -> None:
    """The attempt did not end in a signature: say so in a transaction of its own."""
    state = "unknown" if isinstance(error, OutcomeUnknown) else "failed"

    def work() -> None:
        attempt = signing_attempts.by_id(find(site, path), order.attempt)
        signing_attempts.end(attempt, state, now, error=error.code, sentence=error.message)

    logger.info("attempt %s: %s (%s)", order.attempt, state, error.code)
    # When even this cannot be written, the attempt stays open and becomes unknown by its job.
    with contextlib.suppress(TransientError):
        committed(tm, work)


def _conclude(
    house: House,
    tm: Any,
    site: Site,
    path: str,
    reader: Reader,
    order: _Order,
    returned: SignResult,
    verdict: Verdict,
    key: str,
    now: datetime,
) -> Result:
    """Second transaction: the signed file, the number, the act and the attempt's end stand together or not at all."""

    def work() -> Result:
        numbering.hold(house, tm, order.locks)
        letter = find(site, path)
        attempt = signing_attempts.by_id(letter, order.attempt)
        if attempt.state == "done" and attempt.result == verdict.sha256:
            # Committed by the try before this one, whose answer was lost on the way back.
            return Result(path, order.attempt, attempt.result, verdict, SIGNED_NOW)
        if not attempt.open or letter.frozen != attempt.sha256:
            raise NotAllowed("Surat ini berubah selagi ditandatangani; tanda tangannya tidak dipakai.", action="sign")
        rendition = _rendition(letter, order, returned, verdict, now)
        proof = _facts(order, returned, verdict)
        acted = acting.act(house, tm, site, letter, order.action, {}, reader, now, key=key, proof=proof)
        if acted.repeated or letter.rendition(rendition.sha256) is None:
            raise SuratError("Penandatanganan tidak tersimpan utuh; hubungi DKISP.")
        attempt.result = rendition.sha256
        signing_attempts.end(attempt, "done", now)
        return Result(path, order.attempt, rendition.sha256, verdict, acted.message)

    try:
        return committed(tm, work)
    except Exception as error:
        logger.exception("attempt %s: signed, but the act could not be stored", order.attempt)
        _keep_evidence(house, tm, site, path, order, returned, verdict, now)
        sentence = f" ({error.message})" if isinstance(error, SuratError) else ""
        raise OutcomeUnknown(
            f"Tanda tangan sudah dibuat tetapi belum dapat dicatat{sentence}. Jangan ulangi; hubungi DKISP.",
            detail=type(error).__name__,
        ) from None


def _rendition(letter: Letter, order: _Order, returned: SignResult, verdict: Verdict, now: datetime) -> Rendition:
    frozen = letter.rendition(str(letter.frozen))
    signatory = {
        "position": order.position,
        "title": frozen.signatory.get("title") or order.title,
        "order": frozen.signatory.get("order", ""),
        "office": order.office,
        "name": order.signer.name,
    }
    rendition = Rendition(
        returned.pdf,
        kind="signed",
        version=letter.version,
        previous=letter.frozen,
        filename=frozen.filename,
        signatory=frozen.signatory,
        pages=frozen.pages,
        signatures=len(verdict.signatures),
        verdict={**verdict.as_dict(), "signatory": signatory},
        created_at=now,
    )
    letter.renditions.append(rendition)
    return rendition


def _facts(order: _Order, returned: SignResult, verdict: Verdict) -> dict[str, Any]:
    last = verdict.signatures[-1]
    return {
        "attempt": order.attempt,
        "certificate": last.certificate,
        "certificate_subject": last.signer,
        "certificate_issuer": last.issuer,
        "file": verdict.sha256,
        "provider_reference": returned.reference,
    }


def _keep_evidence(
    house: House, tm: Any, site: Site, path: str, order: _Order, returned: SignResult, verdict: Verdict, now: datetime
) -> None:
    """A signature exists that could not be taken in: keep its file for the person who decides."""

    def work() -> None:
        numbering.hold(house, tm, {_lock(path)})
        letter = find(site, path)
        attempt = signing_attempts.by_id(letter, order.attempt)
        if attempt.state == "done":
            return
        evidence = Rendition(
            returned.pdf,
            kind=signing_attempts.UNUSED,
            version=letter.version,
            previous=attempt.sha256,
            signatures=len(verdict.signatures),
            verdict=verdict.as_dict(),
            created_at=now,
        )
        letter.renditions.append(evidence)
        attempt.result = evidence.sha256
        signing_attempts.end(attempt, "unknown", now, error=OutcomeUnknown.code, sentence=OutcomeUnknown.sentence)

    with contextlib.suppress(TransientError, SuratError):
        committed(tm, work)


def _letter(house: House, site: Site, path: str, reader: Reader, now: datetime) -> Letter:
    try:
        letter = find(site, path)
    except KeyError:
        raise Unknown from None
    if not isinstance(letter, Letter):
        raise Unknown
    secrecy.demand(house, site, letter, reader, now)
    return letter


def _signatory(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> tuple[str, str]:
    """The state's sign act and the reader's position that may do it now. Raises NotAllowed with the flow's sentence."""
    state = flow_of(house, site, letter).states.get(letter.state)
    if state is None or state.sign is None:
        raise NotAllowed("Surat ini tidak sedang menunggu tanda tangan. Muat ulang halaman.", action="sign")
    actor, _ = acting.decide(house, site, letter, state.sign.act, {SIGNED: True}, reader, now)
    return state.sign.act, actor.position


def printed_for(site: Site, letter: Letter, reader: Reader) -> None:
    """Raise NotAllowed when the frozen file bears another name than the reader's: Plh. and holder print differently."""
    frozen = letter.rendition(str(letter.frozen))
    printed = frozen.signatory if frozen is not None else {}
    if printed.get("person") and printed["person"] != reader.person and printed["person"] in site.people:
        name = site.people[printed["person"]].name
        says = (
            f"Berkas ini tercetak untuk {name} sebagai {printed['title']}. Siapkan lagi berkasnya, lalu tanda tangani."
        )
        raise NotAllowed(says, action="sign")


def _repeated(letter: Letter, path: str, attempt: Any) -> Result:
    kept = letter.rendition(attempt.result)
    verdict = Verdict.from_dict(kept.verdict) if kept is not None else None
    return Result(path, attempt.id, attempt.result, verdict, "Surat ini sudah Anda tandatangani.", repeated=True)


def _lock(path: str) -> str:
    return f"tanda-tangan{path}"
