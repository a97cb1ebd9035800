"""The one builder of error answers, as page and as JSON. It tells a sentence and never what went wrong inside."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken
from pyramid.httpexceptions import HTTPException, HTTPSeeOther
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from transaction.interfaces import TransientError
from ZODB.POSException import ConflictError, POSError, ReadOnlyError

from intranet_surat.errors import Changed, Invalid, Moved, NotAllowed, SuratError, TooLarge, Unavailable, Unknown
from intranet_surat.resources.opening import server_away
from intranet_surat.services.accounts import WrongLogin
from intranet_surat.services.passwords import TooManyAttempts
from intranet_surat.services.providers.base import OutcomeUnknown, SigningError
from intranet_surat.web import carried_form, public_frame
from intranet_surat.web.negotiation import wants_json
from intranet_surat.web.pace import TooOften
from intranet_surat.workflow import explain

log = logging.getLogger(__name__)

TEMPLATE = "intranet_surat.templates:error.jinja2"
PUBLIC = "intranet_surat.templates:public_error.jinja2"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as told to a person: ``type`` is the short name that programs read."""

    status: int
    type: str
    title: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        told: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.fields:
            told["fields"] = dict(self.fields)
        return told | dict(self.more)


NOT_FOUND = Problem(
    404,
    "tidak-ditemukan",
    "Surat tidak ditemukan",
    "Tidak ada yang dapat Anda buka di alamat ini. Alamatnya mungkin salah ketik, atau suratnya bukan untuk "
    "jabatan Anda.",
    advice="Menurut Anda seharusnya terbuka? Tanyakan kepada tata usaha kantor Anda dengan menyebut nomor surat.",
)
WITHDRAWN = Problem(409, "berkas-dicabut", "Berkas ini tidak menunggu Anda lagi", "")
NOT_IN = Problem(
    401,
    "belum-masuk",
    "Anda belum masuk",
    "Halaman ini hanya untuk yang sudah masuk. Masuklah, lalu coba lagi.",
)
STALE_FORM = Problem(
    400,
    "formulir-kedaluwarsa",
    "Formulir ini sudah kedaluwarsa",
    "Formulir ini dibuka dari sesi lain atau sudah terlalu lama. Kembali ke halamannya, muat ulang, lalu kirim lagi.",
)
BAD_REQUEST = Problem(
    400,
    "tidak-dapat-dibaca",
    "Permintaan tidak dapat dibaca",
    "Permintaan ini tidak lengkap atau rusak. Ulangi dari halaman sebelumnya.",
)
FORBIDDEN = Problem(
    403,
    "tidak-boleh",
    "Jabatan Anda tidak dapat melakukan ini",
    "Halaman ini untuk jabatan lain. Bila Anda memegang beberapa jabatan, ganti jabatan di halaman Akun.",
)
WRONG_METHOD = Problem(
    405,
    "cara-salah",
    "Permintaan ini tidak dikenal",
    "Alamat ini tidak menerima cara permintaan itu. Buka dari halamannya.",
)
NOT_PUBLIC = Problem(
    404,
    "tidak-ditemukan",
    "Alamat ini tidak ada",
    "Periksa alamat pada kode QR surat Anda, atau ketik kodenya.",
)
BUSY = Problem(
    503,
    "sedang-sibuk",
    "Intranet Surat sedang sibuk",
    "Banyak orang menyimpan pada saat yang sama. Tidak ada yang berubah. Coba lagi sebentar.",
)
FULL = Problem(
    507,
    "tempat-penuh",
    "Tempat penyimpanan penuh",
    "Surat ini belum tersimpan karena tempat penyimpanan penuh. Yang sudah tersimpan aman. Beri tahu pengelola sistem.",
)
CUT_OFF = Problem(
    503,
    "terputus",
    "Intranet Surat sedang terputus",
    "Tempat penyimpanan tidak menjawab. Yang sudah Anda simpan aman. Coba lagi beberapa saat; formulir yang sama "
    "boleh dikirim lagi dan tidak akan tercatat dua kali.",
)
TOO_LARGE = Problem(
    413,
    "terlalu-besar",
    "Berkas terlalu besar",
    "Kiriman ini lebih besar dari batasnya. Kecilkan berkas, lalu kirim lagi.",
)
BY_STATUS = {
    400: BAD_REQUEST, 401: NOT_IN, 403: FORBIDDEN, 404: NOT_FOUND, 405: WRONG_METHOD, 413: TOO_LARGE, 503: BUSY,
}  # fmt: skip
FAILED = (
    "Permintaan ini tidak dapat diselesaikan dan tidak ada yang berubah. Coba lagi sekali. Bila tetap begini, "
    "sebutkan kode kejadian {code} kepada pengelola sistem."
)
DAMAGED = "Data ini tidak dapat dibaca. Sebutkan kode kejadian {code} kepada pengelola sistem."
_TITLES: tuple[tuple[type[SuratError], int, str, str], ...] = (
    (WrongLogin, 401, "tidak-cocok", "Belum dapat masuk"),
    (TooManyAttempts, 429, "terlalu-sering", "Tunggu sebentar"),
    (TooOften, 429, "terlalu-sering", "Tunggu sebentar"),
    (Moved, 409, "sudah-berpindah", "Surat ini sudah berpindah"),
    (NotAllowed, 403, "tidak-boleh", "Belum dapat dilakukan"),
    (Invalid, 400, "isian-salah", "Isian perlu diperbaiki"),
    (Changed, 409, "sudah-berubah", "Surat ini sudah berubah"),
    (TooLarge, 413, "terlalu-besar", "Berkas terlalu besar"),
    (OutcomeUnknown, 503, "belum-pasti", "Hasilnya belum pasti"),
    (Unavailable, 503, "tidak-tersedia", "Belum dapat dijalankan"),
)


def problem(exc: BaseException) -> Problem:
    """What is told about an exception; everything not foreseen is a 500 with an incident code."""
    if isinstance(exc, Unknown):
        return NOT_FOUND
    if isinstance(exc, SuratError):
        return _refusal(exc)
    if isinstance(exc, BadCSRFToken | BadCSRFOrigin):
        return STALE_FORM
    if isinstance(exc, HTTPException):
        return _http(exc)
    if isinstance(exc, OSError) and exc.errno == 28:  # ENOSPC
        return FULL
    if isinstance(exc, ReadOnlyError) or server_away(exc):
        return CUT_OFF
    if isinstance(exc, ConflictError | TransientError):
        return BUSY
    if isinstance(exc, UnicodeDecodeError):
        return BAD_REQUEST
    return _incident(exc)


def _refusal(exc: SuratError) -> Problem:
    fields = exc.fields if isinstance(exc, Invalid) else {}
    more: dict[str, Any] = {}
    if isinstance(exc, NotAllowed):
        more = {"action": exc.action, "who": list(exc.who)} if exc.action else {}
        if exc.remedy is not None:
            more["remedy"] = explain.told(exc.remedy)
            if exc.remedy.never and not isinstance(exc, Moved):  # no "not yet" for what will never be
                return Problem(403, "tidak-boleh", "Tidak dapat dilakukan", exc.message, fields, more)
    if isinstance(exc, TooManyAttempts | TooOften):
        more = {"seconds": exc.seconds}
    if isinstance(exc, SigningError):
        more["code"] = exc.code
    if isinstance(exc, Changed):
        more = {"shown": exc.shown, "current": exc.current}
    for kind, status, name, title in _TITLES:
        if isinstance(exc, kind):
            return Problem(status, name, title, exc.message, fields, more)
    return Problem(400, "ditolak", "Belum dapat dilakukan", exc.message, more=more)


def _http(exc: HTTPException) -> Problem:
    return BY_STATUS.get(exc.status_int, BAD_REQUEST if exc.status_int < 500 else BUSY)


def _incident(exc: BaseException) -> Problem:
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    says = DAMAGED if isinstance(exc, POSError) else FAILED
    log.error("incident %s: %s", code, type(exc).__name__, exc_info=exc)
    return Problem(500, "galat-dalam", "Ada yang tidak berjalan", says.format(code=code), more={"incident": code})


def respond(request: Request, exc: BaseException) -> Response:
    """The whole answer for an exception."""
    if isinstance(exc, HTTPException) and 300 <= exc.status_int < 400:
        return exc
    return answer(request, problem(exc))


def answer(request: Request, told: Problem) -> Response:
    """An error as the client likes it; used directly by views that know the problem already."""
    if wants_json(request):
        response = Response(json=told.body(), status=told.status, charset="utf-8")
        response.content_type = "application/json"
        if told.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if "seconds" in told.more:
            response.headers["Retry-After"] = str(told.more["seconds"])
        return response
    try:
        if public_frame.is_here(request):
            html = render(PUBLIC, public_frame.frame(request) | {"problem": told}, request=request)
            return Response(html, status=told.status, content_type="text/html", charset="utf-8")
        found = {"problem": told, "bare": False, "back": _back(request), "typed": carried_form.texts(request)}
        html = render(TEMPLATE, found, request=request)
    except Exception:
        # The frame itself may need what is broken: then the same sentence without any frame.
        log.exception("error page without its frame")
        html = render(TEMPLATE, {"problem": told, "bare": True}, request=None)
    return Response(html, status=told.status, content_type="text/html", charset="utf-8")


def _back(request: Request) -> str:
    """What the refused page belongs to, such as its letter; nothing for a page of the site itself."""
    before, view, _ = str(request.path).partition("/@@")
    home = request.resource_path(request.site).rstrip("/")
    return before + "/" if view and before != home and not before.startswith("//") else ""


def missing(request: Request) -> Response:
    """The answer for what is not there or may not be known: one for both.

    Who has not come in is led to the door whatever the address, with the way back or with what was typed; but not from
    the public page, which has no door.
    """
    if public_frame.is_here(request):
        return answer(request, NOT_PUBLIC)
    if getattr(request, "reader", None) is not None:
        return answer(request, NOT_FOUND)
    if wants_json(request):
        return answer(request, NOT_IN)
    return carried_form.door(request) or to_door(request)


def to_door(request: Request) -> Response:
    """Lead to the log-in page and remember a way back that is an address of ours."""
    way = carried_form.way_back(request)
    query = {"kembali": way} if way not in {"", "/"} else {}
    return HTTPSeeOther(request.resource_url(request.site, "@@masuk", query=query))
