"""The whole application and a BSrE that fails: every fault leaves the letter lawful, its number its own, the user told.

One letter a provider goes through the whole table: whatever is lost on the way would be missing at its end.
"""

from __future__ import annotations

import base64
import logging
import tempfile
import threading
from contextlib import contextmanager

import pytest
import transaction
from served import KELUAR, Served, at_once, fill, outgoing, where

from bsre_at_work import PASSWORD, listening, roots, stand_in
from intranet_surat.demo.bsre.accounts import Account
from intranet_surat.demo.bsre.faults import Fault
from intranet_surat.resources.folder import find
from intranet_surat.services import accounts, private, signing
from intranet_surat.services.providers import base, bsre_client
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_orders import Wanted

HEAD = "kepala.dinkes"
PHRASE = "kenari-frasa-yang-benar-17"
WRONG = "kenari-frasa-yang-salah-23"
CODE = "kenari-kode-55"
NIK = "3200000000000017"
LOST = "Hasil penandatanganan belum pasti. Jangan ulangi"
NOT_OURS = "tidak lolos pemeriksaan kami"
AWAY = "tidak dapat dihubungi. Surat menunggu dengan nomornya"
FULL = "sedang penuh dan belum menerima surat ini"
NOT_YOU = "menolak aplikasi ini, bukan Anda"

# fault, call, what the attempt becomes, its error, how many signatures were made, what the signatory reads
TABLE = (
    ("hang-before", "sign", "unknown", "unknown", 0, LOST),
    ("hang-after", "sign", "unknown", "unknown", 1, LOST),
    ("closed-before", "sign", "unknown", "unknown", 0, LOST),
    ("closed-after", "sign", "unknown", "unknown", 1, LOST),
    ("truncated", "sign", "unknown", "unknown", 1, LOST),
    ("html", "sign", "unknown", "unknown", 0, LOST),
    ("html-after", "sign", "unknown", "unknown", 1, LOST),
    ("no-file", "sign", "unknown", "unknown", 1, LOST),
    ("redirect", "sign", "unknown", "unknown", 0, LOST),
    ("503", "sign", "unknown", "unknown", 0, LOST),
    ("429", "sign", "failed", "rate-limited", 0, FULL),
    ("500", "sign", "failed", "bad-input", 0, "tidak dapat dibaca oleh penyedia"),
    ("401", "sign", "failed", "misconfigured", 0, NOT_YOU),
    ("404", "sign", "failed", "misconfigured", 0, NOT_YOU),
    ("echo", "sign", "failed", "refused", 0, "menolak berkas ini. Tidak ada tanda tangan yang dibuat"),
    ("unknown-code", "sign", "failed", "refused", 0, "menolak berkas ini"),
    ("unsigned", "sign", "failed", "refused", 1, NOT_OURS),
    ("rewritten", "sign", "failed", "refused", 1, NOT_OURS),
    ("other-signer", "sign", "failed", "refused", 1, NOT_OURS),
    ("replay", "sign", "failed", "refused", 1, NOT_OURS),
    ("two-signatures", "sign", "failed", "refused", 1, NOT_OURS),
    ("cut-pdf", "sign", "failed", "refused", 1, NOT_OURS),
    ("clock-skew", "sign", "failed", "refused", 1, "berbeda lebih dari satu jam dari jam kami"),
    ("503", "status", "failed", "unavailable", 0, AWAY),
    ("hang-before", "status", "failed", "unavailable", 0, AWAY),
    ("closed-before", "status", "failed", "unavailable", 0, AWAY),
    ("html", "status", "failed", "unavailable", 0, AWAY),
    ("429", "status", "failed", "rate-limited", 0, FULL),
    ("401", "status", "failed", "misconfigured", 0, NOT_YOU),
    ("redirect", "status", "failed", "misconfigured", 0, NOT_YOU),
)


class Town:
    """The application, its BSrE, and a letter that waits for the signature of its head."""

    def __init__(self, served, bsre):
        self.served, self.bsre = served, bsre
        self.head = served.program(HEAD)
        self.letter = self.prepared()
        self.number = self.look(lambda letter: letter.fields["number"])

    def prepared(self):
        made = where(self.served, self.told(self.head.post(KELUAR.format("dinkes"), outgoing(self.served.post(HEAD)))))
        self.told(self.act(self.head, "ajukan", letter=made))
        self.told(self.act(self.served.program("tata-usaha.dinkes"), "lulus", letter=made))
        self.told(self.act(self.head, "siapkan", letter=made))
        return made

    def told(self, answer):
        status, said = answer
        assert status in {200, 201}, said
        return said

    def act(self, program, action, values=None, *, letter=""):
        return program.post(f"/{letter or self.letter}/@@aksi/{action}", values)

    def sign(self, passphrase=PHRASE, letter="", *, patient=False):
        if not patient:
            self.calm()
        frozen = self.look(lambda found: found.frozen, letter)
        return self.act(self.head, "tanda_tangani", {"sidik": frozen, "frasa": passphrase}, letter=letter)

    def calm(self):
        """Faults in a row are an outage, in which nothing is sent any more, and lost answers count with the wrong
        secrets: each row begins after both.
        """
        with self.served.site() as site:
            site.breakers.clear()
            site.people.login(HEAD).unanswered = ()

    def look(self, ask, letter=""):
        return self.served.look(lambda site: ask(find(site, f"/{letter or self.letter}")))

    def attempt(self):
        def ask(letter):
            last = letter.attempts[-1]
            return last.id, last.state, last.error, last.sentence, last.detail, last.reference

        return self.look(ask)

    def line(self):
        """The state of the letter's number, and how many lines of the register are this letter's."""

        def ask(site):
            letter = find(site, f"/{self.letter}")
            register = site.registers[letter.register]
            mine = [each for each in register.lines() if each.letter == letter.id]
            return letter.fields["number"], [each.state for each in mine]

        return self.served.look(ask)

    def decide(self):
        """The signatory says that nothing was signed, so that the next row finds the letter as it was."""
        attempt, state, *_ = self.attempt()
        if state == "unknown":
            self.told(self.head.post(f"/{self.letter}/@@tanda-tangan-tidak-jadi", {"percobaan": attempt}))


@contextmanager
def settled(folder, version):
    """A town whose provider is BSrE of that version, with everything it writes in one folder."""
    var, scratch = folder / "var", folder / "tmp"
    for each in (var, scratch):
        each.mkdir()
    (var / "kunci-data").write_bytes(bytes(range(32)))
    (folder / "sandi").write_text(PASSWORD)
    uri = f"file://{folder}/Data.fs"
    fill(uri)
    bsre = stand_in([Account("Kepala Dinas", f"{HEAD}@serangkab.example", NIK, PHRASE)])
    (folder / "akar.pem").write_bytes(roots(bsre.register.authority))
    log = logging.FileHandler(folder / "log")
    logging.getLogger().addHandler(log)
    with listening(bsre) as port:
        served = Served(
            uri, var,
            **{
                "intranet_surat.signing_provider": f"bsre-{version}",
                "intranet_surat.bsre_url": f"http://127.0.0.1:{port}",
                "intranet_surat.allow_insecure_http": "127.0.0.1",
                "intranet_surat.bsre_user": "surat",
                "intranet_surat.bsre_password_file": str(folder / "sandi"),
                "intranet_surat.bsre_sign_seconds": "1",
                "intranet_surat.bsre_secrets": "passphrase totp",
                "intranet_surat.roots": str(folder / "akar.pem"),
            },
        )  # fmt: skip
        with served.site() as site:
            person = site.people.login(HEAD)
            person.nik = private.seal_one(bytes(range(32)), person.id, "nik", NIK)
        try:
            yield Town(served, bsre)
        finally:
            served.close()
            logging.getLogger().removeHandler(log)
            log.close()


@pytest.fixture(scope="module", params=["v1", "v2"])
def town(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp(f"bsre-{request.param}")
        (folder / "sandi").touch(mode=0o600)
        patch.setattr(bsre_client, "STATUS_SECONDS", 1.0)
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        patch.setattr(logging.getLogger(), "level", logging.DEBUG)
        with settled(folder, request.param) as made:
            made.folder, made.version = folder, request.param
            yield made


@pytest.fixture
def waiting(town):
    """The town before a row of the table: nothing planned, nothing doubtful."""
    town.bsre.faults.clear()
    town.before = town.bsre.faults.calls["sign"], town.bsre.faults.signed
    yield town
    town.bsre.faults.clear()
    town.decide()


def counted(town):
    calls, signed = town.before
    return town.bsre.faults.calls["sign"] - calls, town.bsre.faults.signed - signed


@pytest.mark.parametrize(("fault", "call", "state", "error", "signed", "sentence"), TABLE)
def test_a_fault_leaves_the_letter_with_its_number_and_tells_the_signatory(
    waiting, fault, call, state, error, signed, sentence
):
    waiting.bsre.faults.plan(Fault(fault, call, seconds=30))
    status, told = waiting.sign()
    assert status >= 400, told
    assert sentence in told["message"], told
    waiting.bsre.faults.clear()
    attempt, became, why, kept, detail, _ = waiting.attempt()
    assert (became, why, kept) == (state, error, told["message"])
    assert detail, "what was met is written down for DKISP"
    assert waiting.look(lambda letter: letter.state) == "ttd_elektronik"
    assert waiting.line() == (waiting.number, ["reserved"])
    assert counted(waiting) == (1 if call == "sign" else 0, signed)
    if state == "unknown":
        status, told = waiting.sign()
        assert (status, "belum pasti" in told["message"]) == (403, True), "no second call while nobody knows"
        assert counted(waiting) == (1, signed)
        assert waiting.attempt()[0] == attempt


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("EXPIRED", "sudah kedaluwarsa"),
        ("SUSPEND", "sedang dibekukan"),
        ("REVOKE", "sudah dicabut"),
        ("NO_CERTIFICATE", "belum mempunyai sertifikat"),
        ("NOT_REGISTERED", "belum terdaftar"),
    ],
)
def test_a_signatory_whose_certificate_is_not_good_is_told_which_before_anything_is_sent(waiting, state, sentence):
    [account] = waiting.bsre.register.accounts
    account.status = state
    try:
        status, told = waiting.sign()
    finally:
        account.status = "ISSUE"
    assert (status, sentence in told["message"]) == (403, True), told
    assert waiting.attempt()[1:3] == ("failed", "signer-not-ready")
    assert counted(waiting) == (0, 0)


def test_a_wrong_passphrase_is_said_at_its_field(waiting):
    status, told = waiting.sign(WRONG)
    assert (status, "Frasa sandi salah" in told["fields"]["frasa"]) == (400, True), told
    assert waiting.attempt()[1:3] == ("failed", "wrong-secret")
    assert counted(waiting) == (1, 0)
    assert waiting.line() == (waiting.number, ["reserved"])


def test_a_one_time_code_signs_once_where_the_service_takes_codes(waiting):
    """The page for codes is another matter: here the service below it is asked as the page asks it."""
    other = waiting.prepared()
    waiting.bsre.register.codes[f"{HEAD}@serangkab.example"] = (CODE, 1)
    house = waiting.served.wsgi.registry.house

    def sign():
        manager = transaction.TransactionManager(explicit=True)
        manager.begin()
        connection = waiting.served.db.open(manager)
        try:
            site = connection.root()["intranet_surat"]
            person, today = site.people.login(HEAD).id, house.today(house.clock())
            held = accounts.positions(site, person, today)
            reader = accounts.seated(site, person, held, held[0], today)
            shown = find(site, f"/{other}").frozen
            secret, now = Secret(CODE, "totp"), house.clock()
            return signing.sign(house, manager, site, Wanted(f"/{other}", reader, shown, "kunci-kode"), secret, now)
        finally:
            manager.abort()
            connection.close()

    if waiting.version == "v1":
        with pytest.raises(base.Refused, match="rahasia jenis lain"):
            sign()
        assert counted(waiting) == (0, 0)
        return
    assert sign().verdict.overall == "sah"
    assert waiting.look(lambda letter: letter.state, other) == "siap_kirim"
    assert waiting.bsre.register.codes == {}


def test_of_two_who_sign_at_once_one_is_refused_in_a_sentence_and_nothing_is_sent_twice(waiting):
    waiting.bsre.faults.plan(Fault("hang-before", seconds=0.6))
    waiting.calm()
    answers = at_once([lambda: waiting.sign(patient=True)] * 2)
    sentences = sorted(told["message"] for _, told in answers)
    assert any(LOST in each for each in sentences), answers
    assert any("sedang berjalan" in each or "belum pasti. Periksa" in each for each in sentences), answers
    assert counted(waiting) == (1, 0)


def test_only_a_result_that_has_a_name_is_fetched_by_a_person_and_ends_the_attempt(waiting):
    other = waiting.prepared()
    number = waiting.look(lambda letter: letter.fields["number"], other)
    waiting.bsre.faults.plan(Fault("closed-after"))
    status, told = waiting.sign(letter=other)
    assert (status, LOST in told["message"]) == (503, True), told
    named = {"percobaan": waiting.look(lambda letter: letter.attempts[-1].id, other)}
    status, told = waiting.head.post(f"/{other}/@@percobaan-ambil", named)
    assert waiting.look(lambda letter: (letter.state, letter.attempts[-1].state), other) == (
        "ttd_elektronik",
        "unknown",
    )
    if waiting.version == "v2":
        assert (status, "tidak dapat diminta lagi" in told["message"]) == (403, True), told
        return
    waiting.told(waiting.head.post(f"/{other}/@@percobaan-pakai", {**named, "tersimpan": "ya"}))
    ends = waiting.look(lambda letter: (letter.state, letter.attempts[-1].state, letter.fields["number"]), other)
    assert ends == ("siap_kirim", "done", number)
    assert waiting.bsre.faults.calls["download"] == 1
    assert waiting.look(lambda letter: [each.kind for each in letter.renditions], other).count("signed") == 1


def test_after_three_faults_in_a_row_nothing_is_sent_any_more(town):
    town.bsre.faults.plan(Fault("503", "status", 3))
    town.sign()
    for _ in range(2):
        town.sign(patient=True)
    before = dict(town.bsre.faults.calls)
    status, said = town.sign(patient=True)
    assert status == 503
    assert "BSrE tidak menjawab sejak" in said["message"]
    assert dict(town.bsre.faults.calls) == before


def test_at_the_end_the_letter_is_signed_once_with_the_number_it_had_all_along(town):
    status, told = town.sign()
    assert status == 200, told
    assert told["verdict"]["overall"] == "sah"
    assert town.line() == (town.number, ["used"])
    assert town.look(lambda letter: [each.kind for each in letter.renditions].count("signed")) == 1


def test_neither_secret_nor_nik_stands_anywhere_afterwards(town):
    looked = 0
    for path in town.folder.rglob("*"):
        if not path.is_file() or path.name == "sandi":
            continue
        looked += 1
        data = path.read_bytes()
        for secret in (PHRASE, WRONG, CODE, PASSWORD, NIK):
            for form in (secret.encode(), secret.encode("utf-16-le"), base64.b64encode(secret.encode())[:-4]):
                assert form not in data, (path, secret)
    with town.served.site() as site:
        records = [each.data for entry in site._p_jar.db().storage.iterator() for each in entry]
    assert not [each for each in records if each and b"kenari-" in each]
    assert (looked > 5, len(records) > 50) == (True, True), "the search must have looked at something"
    assert "attempt" in (town.folder / "log").read_text(), "the log was written"
    assert threading.active_count() < 200
