"""Writing flows: a draft, its proofs beside its lines, the request for approval, and the second pair of eyes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed, Unavailable, Unknown
from intranet_surat.resources.flows import Draft
from intranet_surat.resources.folder import find, top_path
from intranet_surat.resources.site import Site
from intranet_surat.services import flow_proofs, flow_texts, publishing, rehearsing, secrecy
from intranet_surat.services.migrating import Stuck
from intranet_surat.web import carried_form, flow_code, flow_json, flow_page, sent_form, stepup
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import flows
from intranet_surat.workflow.model import Mark

DRAFT = "intranet_surat.templates:flow_draft.jinja2"
REHEARSAL = "intranet_surat.templates:flow_rehearsal.jinja2"
VIEW = "konsep-alur"
MOST = 512 * 1024
REHEARSED = 500
"""So many past letters are replayed for a page; the command line takes any number."""
SHOWN = 100
"""So many lines of a list stand on a page; the others are counted."""
PATIENCE = 10
"""Seconds that one draft waits while another is proved."""
_PROVING = threading.RLock()


@contextmanager
def in_turn() -> Iterator[None]:
    """One draft of this process is proved at a time: many large ones at once would stop the pages of all others.

    Raises Unavailable after some patience.
    """
    if not _PROVING.acquire(timeout=PATIENCE):
        raise Unavailable("Konsep alur lain sedang diperiksa. Coba lagi sebentar.")
    try:
        yield
    finally:
        _PROVING.release()


@page(permission="logged in", context=Site, name=VIEW, request_method="GET")
def show(request: Request) -> Response:
    """A draft with everything that is known of it, what past letters say about it, or every line of what changes."""
    below = {"gladi": rehearsal, "beda": difference, "surat": letters}
    if len(request.subpath) == 2 and request.subpath[1] in below:
        return below[request.subpath[1]](request, known(request, 2))
    return drawn(request, known(request, 1))


@data(permission="logged in", context=Site, name=VIEW, request_method="GET")
def show_data(request: Request) -> dict[str, Any]:
    """The same for programs."""
    return as_json(request, known(request, 1))


@page(permission="logged in", context=Site, name=VIEW, request_method="POST")
def write(request: Request) -> Response:
    """Begin a draft, or do with one what its address names; what was typed is never lost."""
    if not request.subpath:
        return HTTPSeeOther(address(request, begin(request)))
    draft, verb = known(request, 2), verb_of(request)
    if carried_form.only_shown(request):
        return drawn(request, draft, text=typed(request), sentence=moved_on(request, draft))
    try:
        with in_turn():
            request.tell(verb(request, draft))
    except Changed as changed:
        return drawn(request, draft, text=typed(request), sentence=changed.message, status=409)
    except Invalid as wrong:
        said = "\n".join(wrong.fields.values()) or wrong.message
        return drawn(request, draft, text=typed(request), sentence=said, status=400)
    except NotAllowed as refused:
        return drawn(request, draft, text=typed(request), sentence=refused.message, status=403)
    if draft.state == "terbit":
        return HTTPSeeOther(flow_address(request, draft))
    return HTTPSeeOther(address(request, draft))


@data(permission="logged in", context=Site, name=VIEW, request_method="POST")
def write_json(request: Request) -> dict[str, Any]:
    """The same for programs; the fields of the form are the members of the JSON object."""
    if not request.subpath:
        return as_json(request, begin(request))
    draft, verb = known(request, 2), verb_of(request)
    with in_turn():
        message = verb(request, draft)
    return as_json(request, draft) | {"message": message}


def value(request: Request, name: str) -> str:
    """One field of what was sent, whether form or JSON."""
    if sent_form.is_json(request):
        found = sent_form.values(request).get(name, "")
        return found if isinstance(found, str) else str(found)
    return sent_form.text(request, name)


def typed(request: Request) -> str | None:
    """The text of the file as it was sent, with the line ends of a file; None when none was sent."""
    if sent_form.is_json(request):
        found = sent_form.values(request).get("naskah")
        return found if isinstance(found, str) else None
    found = request.POST.get("naskah")
    return found.replace("\r\n", "\n") if isinstance(found, str) else None


def begin(request: Request) -> Draft:
    """A new draft of the flow ``alur`` for the place ``kantor``: its next version, or a file that extends it.

    Raises NotAllowed for who does not write flows there, Unknown for a flow that is not in force there.
    """
    house, site, reader, now = request.house, request.site, request.reader, request.now
    office = site.office(value(request, "kantor") or "")
    if value(request, "kantor") and office is None:
        raise Unknown
    seen = flow_page.one(house, site, office, value(request, "alur"), None, reader, now)
    if value(request, "cara") == "perluas" and office is not None and seen.place != office.code:
        text, place = flow_texts.extending(seen.flow, office), office.code
    else:
        text, place = flow_texts.next_version(seen.flow), seen.place
    source = flow_texts.file_name(publishing.flow_id(text, "konsep.yaml"))
    return publishing.begin(house, site, place, text, source, reader, now, key=sent_form.key(request))


def save(request: Request, draft: Draft) -> str:
    """Keep what was typed."""
    text = typed(request) or ""
    if len(text.encode()) > MOST:
        raise Invalid({}, f"Berkas alur paling besar {MOST // 1024} kB; ini {len(text.encode()) // 1024} kB.")
    publishing.save(
        request.house, request.site, draft.place or None, text, draft.source, request.reader, request.now,
        draft=draft, saved=saved(request),
    )  # fmt: skip
    return "Konsep tersimpan."


def replace(request: Request, draft: Draft) -> str:
    """Put the word that a finding suggests in the place of the one that stands there."""
    line, _, column = value(request, "letak").partition(":")
    if not (line.isdecimal() and column.isdecimal() and len(line) < 7 and len(column) < 7):
        raise Unknown
    mark = Mark(draft.source, int(line), int(column))
    text = flow_code.replaced(draft.text, mark, value(request, "lama"), value(request, "baru"))
    if text is None:
        raise Changed("Baris itu sudah berubah; lihat temuan yang sekarang.", shown=saved(request), current=draft.saved)
    publishing.save(
        request.house, request.site, draft.place or None, text, draft.source, request.reader, request.now,
        draft=draft, saved=saved(request),
    )  # fmt: skip
    return f"Diganti dengan '{value(request, 'baru')}'."


def propose(request: Request, draft: Draft) -> str:
    """Ask for approval."""
    proofs = publishing.propose(
        request.house, request.site, draft, value(request, "alasan"), request.reader, request.now,
        saved=saved(request),
    )  # fmt: skip
    told = "Diajukan. Penyetuju alur melihatnya di halaman Alur."
    if not proofs.plan.unseen:
        return told
    return f"{told} Ia dapat menyetujui sesudah semua surat yang akan pindah diperiksa; itu sedang berjalan."


def look_at_all(request: Request, draft: Draft) -> str:
    """Let the worker look at all letters that would move."""
    publishing.look_at_all(request.house, request.site, draft, request.reader, request.now)
    return "Semua surat yang akan pindah sedang diperiksa. Anda boleh meninggalkan halaman ini."


def approve(request: Request, draft: Draft) -> str:
    """Put it into force, with the password once more."""
    house, site = request.house, request.site
    if publishing.approver(house, site, draft, request.reader, request.now) is not None and draft.state == "diajukan":
        stepup.demand(request)
    made = publishing.approve(request.house, request.site, draft, request.reader, request.now, saved=saved(request))
    return f"Terbit: {made.id} versi {made.version}. Surat baru memakainya mulai sekarang."


def refuse(request: Request, draft: Draft) -> str:
    """Send it back."""
    publishing.refuse(request.house, request.site, draft, value(request, "alasan"), request.reader, request.now)
    return "Dikembalikan kepada perancangnya."


VERBS = {
    "simpan": save, "ganti": replace, "periksa": look_at_all, "ajukan": propose, "setujui": approve, "tolak": refuse,
}  # fmt: skip


def verb_of(request: Request) -> Callable[[Request, Draft], str]:
    """What the address says is to be done with the draft. Raises Unknown."""
    verb = VERBS.get(request.subpath[1]) if len(request.subpath) == 2 else None
    if verb is None:
        raise Unknown
    return verb


def saved(request: Request) -> int:
    """Which saving of the draft the page showed."""
    text = value(request, "tersimpan")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def moved_on(request: Request, draft: Draft) -> str:
    """What to tell who goes on with an earlier session's text when the draft was saved meanwhile; else nothing."""
    if typed(request) is None or saved(request) == draft.saved:
        return ""
    return "Konsep ini sudah disimpan lagi sejak naskah Anda diketik. Bandingkan dulu; naskah Anda ada di bawah."


def known(request: Request, parts: int) -> Draft:
    """The draft that the address names, for who writes or approves it. Raises Unknown for all others."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    found = site.drafts.get(request.subpath[0]) if len(request.subpath) in {1, parts} else None
    if found is None:
        raise Unknown
    writes = publishing.designer(house, site, found.place or None, reader, now) is not None
    if not writes and publishing.approver(house, site, found, reader, now) is None:
        raise Unknown
    return found


@in_turn()
def drawn(
    request: Request, draft: Draft, *, text: str | None = None, sentence: str = "", status: int = 200
) -> Response:
    """The page of a draft; after a refusal with what was typed and the reason."""
    seen = flow_page.draft(request.house, request.site, draft, request.reader, request.now, text=text)
    values = {
        "seen": seen, "here": address(request, draft), "sentence": sentence, "most": SHOWN,
        "stranded": named(request, seen.proofs.plan.stranded), "lost": named(request, seen.proofs.plan.lost),
        "alasan": value(request, "alasan"), "home": flows.home(request, draft.place or None),
    }  # fmt: skip
    response = render_to_response(DRAFT, values, request=request)
    response.status_int = status
    return response


@in_turn()
def rehearsal(request: Request, draft: Draft) -> Response:
    """What would have become of past letters."""
    house, site, now = request.house, request.site, request.now
    office = draft.place or None
    flow = flow_proofs.shown(house, site, publishing.text_of(site, draft), draft.source, office, now, draft.trial).flow
    if flow is None:
        return drawn(request, draft, sentence="Gladi memerlukan berkas tanpa temuan.", status=400)
    report = rehearsing.rehearse(house, site, flow, limit=REHEARSED, office=office, without=secrecy.SECRET)
    values = {"draft": draft, "flow": flow, "report": report, "here": address(request, draft), "most": REHEARSED}
    values["home"] = flows.home(request, office)
    return render_to_response(REHEARSAL, values, request=request)


@in_turn()
def difference(request: Request, draft: Draft) -> Response:
    """Every line of what changes, in words and in power, as a text: a page shows no more than some of them."""
    seen = flow_page.draft(request.house, request.site, draft, request.reader, request.now)
    changed = seen.proofs.difference
    if changed is None:
        raise Unknown
    powers = [f"{'+' if each.gained else '-'} {each.text}." for each in changed.grouped]
    measured = powers if changed.measured else ["Kewenangan tidak dibandingkan: alur ini terlalu besar."]
    return as_text([*map(str, changed.words), *measured], f"beda-{draft.id}.txt")


@in_turn()
def letters(request: Request, draft: Draft) -> Response:
    """Every letter that was looked at, with its state now and after the move: a page shows no more than some.

    Secret letters that the reader may not know are counted: where one is and how far it came is theirs who hold it.
    """
    plan = flow_page.draft(request.house, request.site, draft, request.reader, request.now).proofs.plan
    found = [(where, f"pindah {where}: {each.old} -> {each.new}") for each in plan.moves for _, where in each.items]
    found += [(each.path, f"tertinggal {each.path}: {each.state}, {each.why}") for each in plan.stranded]
    found += [(each.path, f"menunggu {each.path}: {each.state}, {each.why}") for each in plan.waiting]
    found += [(each.path, f"{each.why} {each.path}: tetap di versinya") for each in plan.lost]
    hidden = secret_to(request, {top_path(where) for where, _ in found})
    lines = [line for where, line in found if top_path(where) not in hidden]
    if hidden:
        lines.append(f"tidak disebut: {len(hidden)} surat rahasia yang bukan untuk jabatan Anda, atau tidak terbaca")
    if plan.unseen:
        lines.append(f"belum diperiksa: {plan.unseen} surat")
    return as_text(lines, f"surat-{draft.id}.txt")


def named(request: Request, some: Sequence[Stuck]) -> tuple[Stuck, ...]:
    """Those that the reader may be told of by their place."""
    hidden = secret_to(request, {each.path for each in some})
    return tuple(each for each in some if each.path not in hidden)


def secret_to(request: Request, paths: set[str]) -> set[str]:
    """Which of these letters are secret and not for this reader, not there any more, or cannot be read."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    hidden = set()
    for where in paths:
        try:
            letter = find(site, where)
            open_to_all = letter.fields.get("security", "SR") not in secrecy.SECRET
            known = open_to_all or secrecy.may_know(house, site, letter, reader, now)
        except KeyError:  # also what the database has lost
            known = False
        if not known:
            hidden.add(where)
    return hidden


def as_text(lines: list[str], filename: str) -> Response:
    """Lines as a file to keep."""
    response = Response("\n".join([*lines, ""]), content_type="text/plain", charset="utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def address(request: Request, draft: Draft) -> str:
    """Where a draft is read and written."""
    return f"{site_url(request)}@@{VIEW}/{draft.id}"


def flow_address(request: Request, draft: Draft) -> str:
    """Where the flow of a published draft is read."""
    office = request.site.office(draft.place) if draft.place else None
    return str(request.resource_url(office or request.site, "@@alur", draft.flow))


@in_turn()
def as_json(request: Request, draft: Draft) -> dict[str, Any]:
    """A draft and its proofs as JSON."""
    seen = flow_page.draft(request.house, request.site, draft, request.reader, request.now)
    stays, lost = (named(request, some) for some in (seen.proofs.plan.stranded, seen.proofs.plan.lost))
    return flow_json.draft(seen, address(request, draft), stays, lost)
