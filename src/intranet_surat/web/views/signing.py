"""The signature: exactly the frozen bytes, a passphrase for one call, and what came of it.

The passphrase goes from the body of the request into a `Secret` and nowhere else: no form object, no
template, no session and no error ever holds it, and a page that comes back has an empty box.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import (
    acting,
    breaker,
    seals,
    secrecy,
    signatories,
    signing,
    signing_attempts,
    signing_codes,
    signing_doubts,
    signing_orders,
    undecided,
)
from intranet_surat.services.providers.base import Capabilities, SigningError, WrongSecret
from intranet_surat.services.signing_orders import Wanted
from intranet_surat.services.signing_results import Result
from intranet_surat.web import (
    act_words,
    doubt_words,
    errors,
    letter_files,
    letter_json,
    letter_page,
    secret_form,
    sent_form,
)
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view
from intranet_surat.workflow.model_words import SEAL
from intranet_surat.workflow.view import Offer

SHOWN = "sidik"
READ = "Sebutkan sidik (SHA-256) berkas yang Anda baca dan tanda tangani."
SIGN = "intranet_surat.templates:sign.jinja2"
RESULT = "intranet_surat.templates:sign_result.jinja2"


def show(
    context: Item,
    request: Request,
    offer: Offer,
    error: str = "",
    status: int = 200,
    told: str = "",
    trouble: str = "",
) -> Response:
    """The page with the frozen file and the box for the passphrase; ``trouble`` is no matter of what stood in it."""
    letter = context.letter
    paper = letter_files.counted(request.house, letter, frozen(letter))
    if paper is None:
        raise NotAllowed("Berkas untuk ditandatangani belum disiapkan. Siapkan lebih dulu.", action=offer.action)
    house, site, reader, now = request.house, request.site, request.reader, request.now
    made = letter_page.build(house, site, context, reader, now)
    found = letter_view.frame(request, context) | {
        "letter": made,
        "paper": paper,
        "offer": offer,
        "error": error,
        "told": told,
        "outage": breaker.outage(house, site, reader, now),
        "provider": house.provider(),
        "able": asked_of(context, request),
        "sealing": seals.instead(house, site, letter),
        "attempt": undecided.of(letter),
        "trouble": trouble,
        "failed": doubt_words.failed(letter, request.words),
        "turn": turn(letter),
        "follows": act_words.foretold(house, site, context, offer.action, reader, now),
        "unfit": unfit(request, letter),
        "patience": signing_attempts.patience(site, reader.person, now),
        "other_acts": [replace(each, main=False) for each in made.acts if each.id != offer.action],
    }
    response = render_to_response(SIGN, found, request=request)
    response.status_int = status
    return response


def sign(context: Item, request: Request, offer: Offer) -> Response:
    """Sign with the passphrase of this request; a refusal shows the page again with its sentence."""
    try:
        if request.POST.get("minta") == "kode":
            return show(context, request, offer, told=asked(context, request))
        result = signed(context, request, request.POST)
    except Invalid as wrong:
        return show(context, request, offer, wrong.fields.get("secret") or wrong.message, 400)
    except Changed as changed:
        return show(context, request, offer, changed.message, 409)
    except SigningError as refused:
        typed = isinstance(refused, WrongSecret) or seals.instead(request.house, request.site, context)
        told = {"error" if typed else "trouble": refused.message}
        return show(context, request, offer, status=errors.problem(refused).status, **told)
    request.tell(result.message)
    return HTTPSeeOther(request.resource_url(context, "@@hasil-tanda-tangan"))


def asked_of(context: Item, request: Request) -> Capabilities:
    """What the provider asks of who signs this letter, or has it sealed."""
    return seals.asked(request.house, sealed=seals.instead(request.house, request.site, context.letter))


def asked(context: Item, request: Request) -> str:
    """Have a code sent for this letter. Raises NotAllowed, SigningError."""
    house, tm, site, reader, now = request.house, request.tm, request.site, request.reader, request.now
    return signing_codes.asked(house, tm, site, [path_of(context.letter)], reader, now)


def sign_json(context: Item, request: Request) -> dict[str, Any]:
    """The same for programs: ``frasa`` and ``sidik``, the hash of the file that was read."""
    sent = sent_form.body(request) if sent_form.is_json(request) else request.POST
    sent_form.only(request, (*secret_form.FIELDS, SHOWN))
    try:
        result = signed(context, request, sent)
    except Invalid as wrong:
        fields = secret_form.named(wrong, asked_of(context, request))
        raise Invalid(fields, wrong.message) from None
    answer: dict[str, Any] = {"message": result.message, "sha256": result.sha256, "repeated": result.repeated}
    answer["verdict"] = result.verdict.as_dict() if result.verdict is not None else None
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if secrecy.sight(house, site, context, reader, now) == "full":
        answer |= letter_json.build(request, letter_page.build(house, site, context, reader, now))
        answer["next"] = act_words.next_step(house, site, context, reader, now) or None
    return answer


def signed(context: Item, request: Request, sent: Any) -> Result:
    """Take the passphrase out of what was sent, and sign. Raises Invalid, Changed, SigningError and others."""
    key, shown = sent_form.key(request), str(sent.get(SHOWN) or "")
    secret = secret_form.given(sent, asked_of(context, request))
    if not shown:
        raise Invalid({SHOWN: READ})
    wanted = Wanted(path_of(context.letter), request.reader, shown, key)
    return signing.sign(request.house, request.tm, request.site, wanted, secret, request.now)


def frozen(letter: Letter) -> letter_files.Paper | None:
    """The file that is to be signed."""
    found = [each for each in letter_files.all_files(letter) if each.sha256 == letter.frozen]
    return found[-1] if found else None


def unfit(request: Request, letter: Letter) -> str:
    """Why the file that was prepared cannot be signed by this reader any more: told before he types a secret."""
    try:
        signing_orders.turns_as_prepared(request.house, request.site, letter, request.now)
        signing_orders.printed_for(request.site, letter, request.reader)
    except NotAllowed as refused:
        return refused.message
    return ""


def turn(letter: Letter) -> dict[str, Any]:
    """Which signature of how many comes next on a file that several sign, who has signed and who will; else empty."""
    every, begun = signatories.of(letter), signatories.begun(letter)
    if not every:
        return {}
    before, after = ([signatories.named(each) for each in some] for some in (every[:begun], every[begun + 1 :]))
    return {"number": begun + 1, "count": len(every), "before": before, "after": after}


def held(context: Item, request: Request, offer: Offer) -> bool:
    """Whether an undecided attempt alone keeps the reader from signing: then the page tells it, without a form."""
    if offer.kind != "sign" or offer.allowed or undecided.of(context.letter) is None:
        return False
    known = acting.nearest(request.house, request.site, context, request.reader, request.now)
    return known[offer.action][1].allowed


@page(permission="view", context=Letter, name="hasil-tanda-tangan", request_method="GET")
def show_result(context: Letter, request: Request) -> Response:
    """What became of the reader's last attempt; who made none on the present file is led to the letter."""
    found = outcome(context, request)
    if found["attempt"] is None:
        return HTTPSeeOther(request.resource_url(context))
    made = letter_page.build(request.house, request.site, context, request.reader, request.now)
    following = act_words.next_step(request.house, request.site, context, request.reader, request.now)
    shown = letter_view.frame(request, context) | found | {"letter": made, "following": following}
    return render_to_response(RESULT, shown, request=request)


@data(permission="view", context=Letter, name="hasil-tanda-tangan", request_method="GET")
def show_result_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    found = outcome(context, request)
    attempt, stored = found["attempt"], found["signed"]
    told = None
    if attempt is not None:
        told = {
            "id": attempt.id,
            "state": attempt.state,
            "sentence": attempt.sentence,
            "sha256": attempt.result or None,
        }
    return {
        "@id": request.resource_url(context, "@@hasil-tanda-tangan"),
        "@type": "SigningResult",
        "attempt": told,
        "sha256": stored.sha256 if stored is not None else None,
        "verdict": found["verdict"] or None,
        "next": act_words.next_step(request.house, request.site, context, request.reader, request.now) or None,
    }


def outcome(context: Letter, request: Request) -> dict[str, Any]:
    """The reader's last attempt, the signed file and what it was judged to be."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    attempt = signing_attempts.own(context, request.reader.person)
    stored = letter_files.signed(context)
    if stored is not None and stored.kind == signatories.PARTLY and (attempt is None or attempt.state != "done"):
        stored = None  # signed by those before, not by this attempt
    verdict = getattr(letter_files.find(context, stored.sha256), "verdict", {}) if stored is not None else {}
    return {
        "attempt": attempt,
        "signed": stored,
        "verdict": verdict,
        "sealed": context.fields.get("signed") == SEAL or seals.instead(request.house, request.site, context),
        "awaited": signatories.named(signatories.awaited(context)) if signatories.begun(context) else "",
    }


@page(permission="view", context=Letter, name="tanda-tangan-tidak-jadi", request_method="POST")
def give_up(context: Letter, request: Request) -> Response:
    """The signatory looked at an attempt of unknown outcome and says that nothing of it is taken into the letter."""
    request.tell(given_up(context, request, request.POST))
    return HTTPSeeOther(request.resource_url(context))


@data(permission="view", context=Letter, name="tanda-tangan-tidak-jadi", request_method="POST")
def give_up_json(context: Letter, request: Request) -> dict[str, str]:
    """The same for programs: ``percobaan`` is the id of the attempt."""
    sent = sent_form.body(request) if sent_form.is_json(request) else request.POST
    return {"message": given_up(context, request, sent)}


def given_up(context: Letter, request: Request, sent: Any) -> str:
    """Close the attempt that was named; answers with a sentence. Raises Unknown, NotAllowed."""
    attempt = str(sent.get("percobaan") or "")
    return signing_doubts.give_up(
        request.house, request.tm, request.site, path_of(context), request.reader, attempt, request.now
    )
