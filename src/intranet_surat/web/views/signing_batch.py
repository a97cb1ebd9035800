"""Many letters signed at once: choosing among those that were shown, one secret, and how far it came.

The secret goes from the body of the request to the thread that signs; the page of the progress never holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.resources.batches import SignBatch
from intranet_surat.resources.site import Site
from intranet_surat.services import acting, breaker, seals, signing_attempts, signing_batch, signing_codes, signing_run
from intranet_surat.services.providers.base import Capabilities, SigningError
from intranet_surat.services.signing_orders import letter_at
from intranet_surat.services.signing_transactions import commit
from intranet_surat.web import api, batch_page, errors, secret_form, security, sent_form
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page


@dataclass(frozen=True, slots=True)
class Way:
    """Signed by the reader, or ``sealed`` by the agency without a secret of his: where letters are chosen and prepared.

    ``then`` is what is told to do with what was prepared.
    """

    choose: str
    prepare: str
    then: str
    sealed: bool = False


SIGNED = Way("tanda-tangani-banyak", "siapkan-banyak", "tanda tangani")
SEALED = Way("segel-banyak", "siapkan-segel-banyak", "segel", sealed=True)
WAYS = {name: each for each in (SIGNED, SEALED) for name in (each.choose, each.prepare)}
"""Which way an address goes; nothing else tells it."""

CHOOSE = "intranet_surat.templates:sign_batch.jinja2"
PROGRESS = "intranet_surat.templates:sign_batch_progress.jinja2"
LETTERS = "surat"
AGAIN = "lagi"
PREPARED_AT_ONCE = 25
ODD = "Setiap surat disebut dengan `alamat` dan `sidik` (SHA-256) berkas yang dibaca."
GONE = "Ada surat yang tidak menunggu Anda lagi, mungkin dicabut. Yang tampil di sini masih menunggu; coba lagi."
NONE = "Centang paling sedikit satu surat."
TOO_MANY = f"Paling banyak {PREPARED_AT_ONCE} surat disiapkan sekali jalan. Hapus beberapa centang."


@page(context=Site, name=SEALED.choose, request_method="GET", permission=security.LOGGED_IN)
@page(context=Site, name=SIGNED.choose, request_method="GET", permission=security.LOGGED_IN)
def show(request: Request) -> Response:
    """The letters to choose from, or how far a batch came."""
    if request.subpath:
        return progress(request, known(request))
    if way(request) is SIGNED and (waiting := batch_page.rows(request)[0]) and all(each.sealed for each in waiting):
        return HTTPSeeOther(f"{site_url(request)}@@{SEALED.choose}")
    return drawn(request)


@data(context=Site, name=SEALED.choose, request_method="GET", permission=security.LOGGED_IN)
@data(context=Site, name=SIGNED.choose, request_method="GET", permission=security.LOGGED_IN)
def show_json(request: Request) -> dict[str, Any]:
    """The same for programs."""
    if request.subpath:
        return progress_json(request, known(request))
    found, total = batch_page.rows(request)
    away = breaker.outage(request.house, request.site, request.reader, request.now)
    patience = signing_attempts.patience(request.site, request.reader.person, request.now).as_dict()
    return {
        "@id": chooser(request),
        "@type": "SigningChoice",
        "provider_away": away.says if away is not None else None,
        "secrets": sorted(asked(request).secrets),
        "patience": None if way(request).sealed else patience,
        "items": [
            {
                "@id": each.url,
                "title": each.subject,
                "number": each.number,
                "kind": each.kind,
                "alamat": each.path,
                "sidik": each.sha256 or None,
                "says": each.says or None,
                "turn": each.turn or None,
            }
            for each in found
            if each.sealed == way(request).sealed
        ],
        "items_total": total,
    }


@page(context=Site, name=SEALED.choose, request_method="POST", permission=security.LOGGED_IN)
@page(context=Site, name=SIGNED.choose, request_method="POST", permission=security.LOGGED_IN)
def sign(request: Request) -> Response:
    """Begin to sign what was ticked, or have a code sent for it; a refusal shows the page again, boxes as they were."""
    chosen = ticked(request)
    try:
        if request.POST.get("minta") == "kode":
            told = signing_codes.asked(
                request.house, request.tm, request.site, [path for path, _ in chosen], request.reader, request.now
            )
            return drawn(request, told=told)
        batch = begun(request, chosen, request.POST)
    except Invalid as wrong:
        return drawn(request, error=next(iter(wrong.fields.values()), wrong.message), status=400)
    except Unknown:
        return drawn(request, error=GONE, status=409)
    except (NotAllowed, Changed, SigningError) as refused:
        return drawn(request, error=refused.message, status=errors.problem(refused).status)
    return HTTPSeeOther(f"{chooser(request)}/{batch}")


@data(context=Site, name=SEALED.choose, request_method="POST", permission=security.LOGGED_IN)
@data(context=Site, name=SIGNED.choose, request_method="POST", permission=security.LOGGED_IN)
def sign_json(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat`` is a list of ``{alamat, sidik}``, beside ``frasa`` or ``kode``."""
    sent = sent_form.body(request)
    sent_form.only(request, (*secret_form.FIELDS, LETTERS))
    try:
        batch = begun(request, listed(sent.get(LETTERS)), sent)
    except Invalid as wrong:
        raise Invalid(secret_form.named(wrong, asked(request)), wrong.message) from None
    request.response.status_int = 202
    return progress_json(request, signing_batch.of(request.site, request.reader, batch))


@page(context=Site, name=SEALED.prepare, request_method="GET", permission=security.LOGGED_IN)
@page(context=Site, name=SIGNED.prepare, request_method="GET", permission=security.LOGGED_IN)
def back_to_choose(request: Request) -> Response:
    """Who loads the address again at which letters were prepared chooses again."""
    return HTTPSeeOther(chooser(request))


@page(context=Site, name=SEALED.prepare, request_method="POST", permission=security.LOGGED_IN)
@page(context=Site, name=SIGNED.prepare, request_method="POST", permission=security.LOGGED_IN)
def prepare(request: Request) -> Response:
    """Prepare what was ticked, each letter by itself."""
    done, refused = prepared(request, request.POST.getall(LETTERS))
    if done:
        request.tell(f"{done} surat disiapkan. Lihat isinya, lalu {way(request).then}.")
    if refused:
        return drawn(request, error=" ".join(refused), status=400)
    return HTTPSeeOther(chooser(request))


@data(context=Site, name=SEALED.prepare, request_method="POST", permission=security.LOGGED_IN)
@data(context=Site, name=SIGNED.prepare, request_method="POST", permission=security.LOGGED_IN)
def prepare_json(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat`` is a list of addresses."""
    found = sent_form.body(request).get(LETTERS)
    paths = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    done, refused = prepared(request, paths)
    return {"prepared": done, "refused": refused}


def way(request: Request) -> Way:
    """Whether the page is the one for what the reader signs, or for what the agency seals."""
    return WAYS[request.view_name]


def chooser(request: Request) -> str:
    """The address of the page on which these letters are chosen."""
    return f"{site_url(request)}@@{way(request).choose}"


def asked(request: Request) -> Capabilities:
    """What the provider asks for here."""
    return seals.asked(request.house, sealed=way(request).sealed)


def known(request: Request) -> SignBatch:
    """The batch that the address names. Raises Unknown."""
    if len(request.subpath) != 1:
        raise Unknown
    return signing_batch.of(request.site, request.reader, request.subpath[0])


def ticked(request: Request) -> list[tuple[str, str]]:
    """Path and hash of what was ticked. Raises Unknown for a page that is none of ours."""
    if request.subpath:
        raise Unknown
    parts = [each.partition(" ") for each in request.POST.getall(LETTERS) if isinstance(each, str)]
    return [(path, shown) for shown, _, path in parts]


def listed(sent: object) -> list[tuple[str, str]]:
    """The same out of JSON. Raises Invalid."""
    found = []
    for each in sent if isinstance(sent, list) else []:
        told = (each.get("alamat"), each.get("sidik")) if isinstance(each, dict) else (None, None)
        if not isinstance(told[0], str) or not isinstance(told[1], str):
            raise Invalid({LETTERS: ODD})
        found.append((place(told[0]), told[1]))
    return found


def place(told: str) -> str:
    """The path of a letter within the site, of its path or its whole address."""
    return "/" + urlsplit(told).path.strip("/")


def begun(request: Request, chosen: Sequence[tuple[str, str]], sent: Any) -> str:
    """The id of the batch of this form, at work. Raises Invalid, Unknown, NotAllowed, SigningError."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secret = secret_form.given(sent, asked(request))
    try:
        batch, new = signing_batch.opened(
            house, site, chosen, reader, sent_form.key(request), now, sealed=way(request).sealed
        )
        found = str(batch.id)
        commit(request.tm)
    except BaseException:
        secret.wipe()
        raise
    if not new:
        secret.wipe()
    else:
        signing_run.start(house, site._p_jar.db(), found, reader, secret)  # noqa: SLF001 - where it came from
    return found


def prepared(request: Request, paths: Sequence[str]) -> tuple[int, list[str]]:
    """How many letters were prepared, and why the others were not. Raises Invalid for none and for too many."""
    if not paths or len(paths) > PREPARED_AT_ONCE:
        return 0, [TOO_MANY if paths else NONE]
    house, site, reader, now = request.house, request.site, request.reader, request.now
    key, done, refused = sent_form.key(request), 0, []
    for path in map(place, dict.fromkeys(paths)):
        subject = ""
        try:
            letter = letter_at(house, site, path, reader, now)
            subject = str(letter.fields.get("subject") or "")
            offers = acting.offers(house, site, letter, reader, now)
            offer = next((each for each in offers if each.kind == "prepare"), None)
            if offer is None:
                raise NotAllowed("Surat ini tidak sedang menunggu tanda tangan.", action="sign")
            acting.act(house, request.tm, site, letter, offer.action, {}, reader, now, key=f"{key[:90]}.{letter.id}")
        except SuratError as error:
            request.tm.abort()
            request.tm.begin()
            refused.append(f"{subject}: {error.message}" if subject else GONE)
        else:
            commit(request.tm)
            done += 1
    return done, refused


def drawn(request: Request, *, error: str = "", told: str = "", status: int = 200) -> Response:
    """The page to choose on; what was ticked before stays so, and what was not ticked too."""
    every, total = batch_page.rows(request)
    found = [each for each in every if each.sealed == way(request).sealed]
    ready = [each for each in found if each.kind == "ready"]
    to_prepare = [each for each in found if each.kind == "prepare"]
    response = render_to_response(
        CHOOSE,
        {
            "ready": ready,
            "to_prepare": to_prepare,
            "alone": [each for each in found if each.kind == "alone"],
            "total": total,
            "shown": len(every),
            "sealing": way(request).sealed,
            "others": len(every) - len(found),
            "ticked": ticks(request, ready),
            "error": error,
            "told": told,
            "provider": request.house.provider(),
            "able": asked(request),
            "patience": signing_attempts.patience(request.site, request.reader.person, request.now),
            "outage": breaker.outage(request.house, request.site, request.reader, request.now),
            "action": chooser(request),
            "other_action": f"{site_url(request)}@@{(SIGNED if way(request).sealed else SEALED).choose}",
            "prepare_action": f"{site_url(request)}@@{way(request).prepare}",
            "picked": picked(request, to_prepare),
        },
        request=request,
    )
    response.status_int = status
    return response


def ticks(request: Request, ready: list[batch_page.Row]) -> set[str]:
    """The boxes that are ticked: as the form came, or the letters of the batch that is tried again, or all of them."""
    if request.method == "POST" and request.view_name == way(request).choose:
        return set(request.POST.getall(LETTERS))
    before = signing_batch.of(request.site, request.reader, request.GET[AGAIN]) if AGAIN in request.GET else None
    chosen = None if before is None else {path for path, _ in before.letters}
    return {each.value for each in ready if chosen is None or each.path in chosen}


def picked(request: Request, to_prepare: list[batch_page.Row]) -> set[str]:
    """The boxes that are ticked of what is to be prepared: as the form came, or as many as go at once."""
    if request.method == "POST" and request.view_name == way(request).prepare:
        return set(map(place, request.POST.getall(LETTERS)))
    return {each.path for each in to_prepare[:PREPARED_AT_ONCE]}


def progress(request: Request, batch: SignBatch) -> Response:
    """How far a batch came; the page comes again by itself until it is over."""
    found = signing_batch.progress(request.site, batch, request.now)
    known_ = {
        "batch": batch,
        "progress": found,
        "lines": batch_page.outcomes(request, found.lines),
        "patience": signing_attempts.patience(request.site, request.reader.person, request.now),
        "able": asked(request),
        "outage": breaker.outage(request.house, request.site, request.reader, request.now),
        "again": f"{chooser(request)}?{AGAIN}={batch.id}",
        "sealing": way(request).sealed,
    }
    return render_to_response(PROGRESS, known_, request=request)


def progress_json(request: Request, batch: SignBatch) -> dict[str, Any]:
    """The same for programs."""
    found = signing_batch.progress(request.site, batch, request.now)
    return {
        "@id": f"{chooser(request)}/{batch.id}",
        "@type": "SigningBatch",
        "over": found.over,
        "stopped": found.stopped or None,
        "items": [
            {
                "@id": each.url or None,
                "title": each.subject,
                "number": each.number,
                "state": each.state,
                "says": each.says or None,
                "turn": each.turn or None,
                "attempt": each.attempt or None,
                "ended": api.instant(each.ended),
                "sha256": each.sha256 or None,
            }
            for each in batch_page.outcomes(request, found.lines)
        ],
    }
