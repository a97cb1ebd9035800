"""What the tests of the engine share: small flows from text, and letters played through without a database."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from intranet_surat.workflow.engine import act
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow, Mark
from intranet_surat.workflow.rehearsal import Piece, Stage, actor
from intranet_surat.workflow.view import Outcome

HERE = Mark("uji.yaml", 1, 1)
WORDS = {"instruksi-disposisi": {"pelajari": "Pelajari", "tindak-lanjuti": "Tindak lanjuti"}}

HEAD = """\
flow: surat/1
id: uji
version: 1
title: Uji
applies_to: {direction: %s}
calendar: hari-kerja
"""


def flow(body: str, direction: str = "keluar") -> Flow:
    """A flow from everything below its head."""
    return load(HEAD % direction + dedent(body), "uji.yaml")


def stage(
    body: str | Flow,
    letter: Mapping[str, Any] | None = None,
    org: Mapping[str, Any] | None = None,
    direction: str = "keluar",
) -> Stage:
    """A letter at the start of a flow."""
    made = body if isinstance(body, Flow) else flow(body, direction)
    return Stage(made, LittleOrg(made, org or {}, letter or {}), vocabularies=WORDS)


def do(on: Stage, who: str, action: str, piece: Piece | None = None, /, **form: Any) -> Outcome:
    """Somebody acts, on the item that he means when none is named."""
    on.minutes(1)
    return on.act(piece or on.find(action, who), action, form, who)


def only_decide(on: Stage, who: str, action: str, piece: Piece | None = None, /, **form: Any) -> Outcome:
    """What the engine answers, with nothing carried out."""
    return act(on.flow, piece or on.letter, action, form, actor(who), on.setting)


MASUK = flow(
    """
    cast:
      agendaris: role agendaris of office
      pimpinan: holder of letter.addressee
      pemegang: holder of item
      pemberi: giver of item
    rules:
      ada_pindai: {if: letter.scan is present, says: Unggah pindaian dulu.}
      belum_dibaca: {if: item.read is absent, says: Sudah dibaca.}
      bukan_rahasia: {if: letter.security is not R, says: Surat rahasia.}
    forms:
      lembar:
        kepada: {title: Kepada, type: positions, from: staff under actor, required: true}
        utama: {type: position, from: form.kepada}
        instruksi: {type: choices, of: instruksi-disposisi, required: true}
        catatan: {type: text}
        batas: {type: deadline, default: 3 working days, at_most: 14 working days}
        lapor: {type: yes-no, default: true}
      alasan: {alasan: {type: text, required: true}}
    states:
      dicatat:
        title: Dicatat
        start: true
        on_enter: [{number: agenda-masuk}]
        edit: agendaris
        deadline: {within: 1 working day}
        actions:
          naikkan: {title: Naikkan, by: agendaris, needs: ada_pindai, to: menunggu}
          catat: {title: Catat, by: agendaris, ask: alasan}
      menunggu:
        title: Menunggu disposisi
        actions:
          disposisi: {title: Disposisi, by: pimpinan, ask: lembar, fan_out: {track: disposisi, per: form.kepada}, to: didisposisi}
          selesai_saja: {title: Cukup, by: pimpinan, to: selesai}
      didisposisi:
        gather: {track: disposisi, until: all, done: selesai, returned: menunggu}
        actions:
          tambah: {by: pimpinan, ask: lembar, fan_out: {track: disposisi, per: form.kepada}}
          catatan_tu: {by: agendaris, ask: alasan}
      selesai: {final: true}
    tracks:
      disposisi:
        states:
          diterima:
            start: true
            on_enter: [{notify: pemegang}]
            deadline: {within: item.batas}
            actions:
              teruskan: {by: pemegang, needs: bukan_rahasia, ask: lembar, fan_out: {track: disposisi, per: form.kepada}, to: diteruskan}
              lapor: {by: pemegang, to: selesai}
              balik: {by: pemegang, ask: alasan, to: kembali}
              tarik: {by: pemberi, needs: belum_dibaca, to: ditarik}
          diteruskan: {gather: {track: disposisi, until: all, done: selesai, returned: diterima}}
          selesai: {final: true, outcome: done}
          kembali: {final: true, outcome: returned}
          ditarik: {final: true, outcome: withdrawn}
    """,
    "masuk",
)
ORG = {"staff": {"pimpinan": ["kabid-a", "kabid-b", "kabid-c"], "kabid-a": ["staf-a"]}}
PELAJARI = {"instruksi": ["pelajari"]}


def fresh(letter: dict[str, Any] | None = None) -> Stage:
    return stage(MASUK, {"scan": "abc", **(letter or {})}, ORG)


def disposed(*kepada: str, letter: dict[str, Any] | None = None) -> Stage:
    on = fresh(letter)
    do(on, "agendaris", "naikkan")
    do(on, "pimpinan", "disposisi", kepada=list(kepada), **PELAJARI)
    return on


def child(on: Stage, holder: str) -> Any:
    return next(piece for piece in on.pieces() if piece.holder == holder)
