"""One builder of error answers, for pages and for JSON; it tells a sentence and never what is inside."""

from __future__ import annotations

import errno

import pytest
from pyramid import httpexceptions
from ZODB.POSException import ConflictError, ReadOnlyError

from intranet_surat import errors as refusals
from intranet_surat.web import errors
from intranet_surat.workflow.view import Remedy

LOGIN = "agendaris.dinkes"


@pytest.mark.parametrize(
    ("exc", "status", "name"),
    [
        (refusals.Unknown(), 404, "tidak-ditemukan"),
        (refusals.NotAllowed("Hanya Sekda.", action="teken", who=("p1",)), 403, "tidak-boleh"),
        (refusals.Invalid({"hal": "Hal belum diisi."}), 400, "isian-salah"),
        (refusals.Changed("Sudah berubah.", shown=1, current=2), 409, "sudah-berubah"),
        (refusals.TooLarge("Paling besar 25 MB."), 413, "terlalu-besar"),
        (refusals.Unavailable("Layanan tidak menjawab."), 503, "tidak-tersedia"),
        (refusals.SuratError("Tidak dapat."), 400, "ditolak"),
        (httpexceptions.HTTPMethodNotAllowed(), 405, "cara-salah"),
        (httpexceptions.HTTPRequestEntityTooLarge(), 413, "terlalu-besar"),
        (httpexceptions.HTTPForbidden(), 403, "tidak-boleh"),
        (httpexceptions.HTTPBadGateway(), 503, "sedang-sibuk"),
        (ConflictError(), 503, "sedang-sibuk"),
        (ReadOnlyError(), 503, "terputus"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "tempat-penuh"),
        (ValueError("rahasia dalam"), 500, "galat-dalam"),
    ],
)
def test_each_kind_of_error_has_its_status_and_name(exc, status, name):
    told = errors.problem(exc)
    assert (told.status, told.type) == (status, name)
    assert told.title
    assert told.message


def test_a_refusal_carries_what_a_program_needs():
    body = errors.problem(refusals.NotAllowed("Hanya Sekda.", action="teken", who=("p1",))).body()
    assert body == {"type": "tidak-boleh", "message": "Hanya Sekda.", "action": "teken", "who": ["p1"]}
    assert errors.problem(refusals.Invalid({"hal": "Kosong."})).body()["fields"] == {"hal": "Kosong."}
    assert errors.problem(refusals.Changed("Berubah.", shown=1, current=2)).body()["current"] == 2


def test_what_can_never_be_done_is_not_called_not_yet():
    told = {
        never: errors.problem(
            refusals.NotAllowed("Surat sudah berakhir.", action="x", remedy=Remedy(never=never))
        ).title
        for never in ("", "Surat sudah berakhir.")
    }
    assert told == {"": "Belum dapat dilakukan", "Surat sudah berakhir.": "Tidak dapat dilakukan"}


def test_a_failure_inside_tells_a_code_that_stands_in_the_log(caplog):
    told = errors.problem(RuntimeError("kata sandi kenari"))
    code = told.more["incident"]
    assert code in told.message
    assert "kenari" not in told.message
    assert any(code in record.getMessage() for record in caplog.records)


@pytest.fixture
def broken(monkeypatch):
    from intranet_surat.services import search

    def fail(*_args, **_more):
        raise RuntimeError("jeroan kenari")

    monkeypatch.setattr(search, "find", fail)


def test_the_page_of_a_failure_has_the_frame_and_no_details(enter, broken):
    page = enter(LOGIN).get("/@@cari?q=a", status=500)
    assert "kode kejadian" in page.text
    assert "kenari" not in page.text
    assert "Ke meja" in page.text


def test_the_json_of_a_failure_has_no_details(enter, broken):
    body = enter(LOGIN).json("/@@cari?q=a", status=500).json
    assert set(body) == {"type", "message", "incident"}
    assert "kenari" not in str(body)


def test_when_the_frame_itself_breaks_the_sentence_still_comes(enter, monkeypatch):
    from intranet_surat.services import search

    def fail(*_args, **_more):
        raise RuntimeError("jeroan kenari")

    mine = enter(LOGIN)
    monkeypatch.setattr(search, "counts", fail)
    page = mine.get("/", status=500)
    assert "kode kejadian" in page.text
    assert "kenari" not in page.text


def test_what_fails_at_commit_gets_the_same_page_and_headers(enter, monkeypatch):
    import transaction

    def fail(_self):
        raise ReadOnlyError

    mine = enter(LOGIN)
    monkeypatch.setattr(transaction.TransactionManager, "commit", fail)
    page = mine.get("/", status=503)
    assert "Yang sudah Anda simpan aman" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_refusal_in_a_view_writes_nothing(enter, db, write):
    bupati = write(lambda site: site.office("KDH").head)
    mine = enter(LOGIN)
    before = db.lastTransaction()
    mine.send("/@@jabatan", {"jabatan": bupati}, status=400)
    assert db.lastTransaction() == before


@pytest.mark.parametrize("url", ["/nirwana", "/dinkes/nirwana", "/dinkes/surat-masuk/@@nirwana", "/@@nirwana"])
def test_all_that_is_missing_has_one_body(enter, url):
    mine = enter(LOGIN)
    assert mine.get(url, status=404).body == mine.get("/tidak-ada-apa-apa", status=404).body
    assert mine.json(url, status=404).body == mine.json("/tidak-ada-apa-apa", status=404).body


def test_a_host_that_is_asked_by_another_method_is_calm(enter):
    mine = enter(LOGIN)
    for method in ("PUT", "DELETE", "PATCH"):
        assert mine.request("/@@akun", method=method, status="*").status_int in {400, 404, 405}
    assert mine.head("/", status=200).body == b""
