"""What DKISP types to try BSrE: `surat stand-ins` serves it beside the demo's authority, `surat nik` seals a NIK."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pikepdf
import pytest

from bsre_at_work import listening
from intranet_surat.cli import ground, main, stand_ins
from intranet_surat.demo import keys
from intranet_surat.demo.bsre import app as bsre
from intranet_surat.demo.bsre.server import USER
from intranet_surat.services import private, verifying
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.providers import bsre_client
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.bsre_v2 import BsreV2
from intranet_surat.services.secret import Secret

ROOT = Path(__file__).resolve().parents[2]
NIK = "3200000000000042"


@pytest.fixture(scope="module")
def ini(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(ROOT / "development.ini", folder / "development.ini")
    assert main(["demo", "--small", "--no-letters", str(folder / "development.ini")]) == 0
    return str(folder / "development.ini")


def test_the_stand_in_signs_for_the_people_of_the_demo(ini, tmp_path):
    _, values = ground.read(ini)
    (tmp_path / "sandi").write_text(bsre.PASSWORD)
    head = Signer("", "Kepala Dinas Kesehatan", email="kepala.dinkes@serangkab.example")
    with listening(stand_ins.outside(values)) as port:
        to = Destination(bsre_client.DESTINATION, "http", "127.0.0.1", port, "none", internal=True, user=USER,
                         password_file=tmp_path / "sandi", allow_insecure_http="127.0.0.1")  # fmt: skip
        provider = BsreV2(bsre_client.BsreClient(Outbound([to])))
        assert provider.status(head, ground.now()).ready
        pdf = _page()
        signed = provider.sign(pdf, head, Secret(keys.PASSPHRASE), reason="Coba", location="Serang", now=ground.now())
        authorities = Outbound([to]).request(bsre_client.DESTINATION, "GET", "/akar.cer")
    assert authorities.status == 200, "the demo's authority answers beside it"
    roots = [values["roots"].read_bytes(), (values["signing_keys"] / "penerbit.pem").read_bytes()]
    judged = verifying.accepts(pdf, signed.pdf, head, roots, ground.now())
    assert (judged.overall, judged.signatures[-1].timestamped) == ("sah", True)


def _page():
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def test_a_nik_is_sealed_never_shown_and_removed_again(ini, monkeypatch, capsys):
    def stored():
        raw, _ = ground.read(ini)
        with ground.opened(raw) as database, ground.writing(database) as (_, connection):
            person = ground.site_of(connection).people.login("kepala.dinkes")
            return person.id, person.nik

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NIK}\n"))
    assert main(["nik", ini, "kepala.dinkes"]) == 0
    person, sealed = stored()
    raw, _ = ground.read(ini)
    key = ground.house(raw).settings.private_key
    assert private.open_one(key, person, "nik", sealed) == NIK
    assert NIK.encode() not in sealed
    assert main(["nik", ini, "kepala.dinkes", "--forget"]) == 0
    assert stored()[1] == b""
    said = capsys.readouterr()
    assert NIK not in said.out + said.err


@pytest.mark.parametrize(
    ("typed", "login", "says"), [("123", "kepala.dinkes", "16 digits"), (NIK, "siapa", "no active")]
)
def test_what_is_no_nik_or_nobody_is_refused(ini, monkeypatch, capsys, typed, login, says):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
    assert main(["nik", ini, login]) == 1
    assert says in capsys.readouterr().err
