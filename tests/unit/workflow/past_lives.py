"""Letters with an eventful past, as their histories tell it: corrected, read, late, given up, handed down and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine_cases import HEAD, WORDS

from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.own_acts import CORRECTION, READ, REASSIGNED
from intranet_surat.workflow.rehearsal import Piece, Stage
from intranet_surat.workflow.replay_past import Past, PastAct
from intranet_surat.workflow.view import Setting

BODY = """
cast:
  konseptor: author
  penandatangan: holder of letter.signatory
  tata_usaha: role tata_usaha of office
  kasubag: role kasubag of office
  kabid: role kabid of office
  pemegang: holder of item
  pemberi: giver of item
rules:
  lengkap: {if: letter.body is present, says: Lengkapi isi.}
  uang: {if: 'letter.classification under "900"', says: Bukan uang.}
  luar: {if: letter.place is Cilegon, says: Bukan luar kota.}
  bernomor: {if: letter.number is present, says: Nomori.}
  lain_orang: {if: actor not among actors of konsep, says: Orang lain.}
  belum_dibaca: {if: item.read is absent, says: Sudah dibaca.}
forms:
  alasan: {alasan: {type: text, required: true}}
  tempat: {tempat: {type: text, required: true}}
  tanda: {tanggal_ttd: {type: date, required: true}}
  bagi:
    kepada: {type: positions, from: staff under actor, required: true}
    pesan: {type: text}
    batas: {type: deadline, default: 2 working days}
states:
  konsep:
    title: Konsep
    start: true
    edit: konseptor
    deadline: {within: 3 working days, paused_while: letter.hold is present, escalate: {after: 1 working day, to: kasubag, do: reassign}}
    actions:
      ajukan: {by: konseptor, needs: lengkap, to: paraf}
      tempatkan: {by: konseptor, ask: tempat, do: [{set: {place: form.tempat, mark: ditempatkan}}]}
  paraf:
    title: Paraf
    route:
      act: paraf
      title: Paraf
      levels: [{who: kasubag}, {who: kabid}]
      edit: true
      deadline: {within: 1 working day}
      reject: {act: kembalikan, ask: alasan, to: konsep}
      done: pilih
  pilih:
    choose: [{when: uang, to: dicetak}, {else: true, to: ttd}]
  ttd:
    title: Tanda tangan
    sign:
      act: tanda_tangani
      by: penandatangan
      prepare: {act: siapkan, do: [{number: seri}, {pdf: naskah, code: true}, {freeze: file}]}
      with: {method: pades}
      unsigned_at: {end_of: day, number: void}
      reject: {act: tolak, ask: alasan, do: [{number: void}], to: konsep}
      done: siap
  dicetak:
    title: Dicetak
    on_enter: [{number: seri}, {pdf: naskah, code: true}]
    deadline: {within: 2 working days, escalate: {after: 2 hours, to: kasubag}}
    actions:
      basah: {by: tata_usaha, needs: bernomor, ask: tanda, do: [{signed: wet}], to: siap}
      gagal: {by: tata_usaha, ask: alasan, do: [{number: void}], to: konsep}
  siap:
    title: Siap
    deadline: {within: letter.limit}
    actions:
      bagikan: {by: tata_usaha, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: dibagikan}
      berkaskan: {by: tata_usaha, needs: lain_orang, do: [{archive: by-classification}], to: arsip}
  dibagikan:
    title: Dibagikan
    gather: {track: tugas, until: most, done: arsip, returned: siap}
    actions:
      tambah: {by: tata_usaha, ask: bagi, fan_out: {track: tugas, per: form.kepada}}
  arsip: {title: Arsip, final: true}
tracks:
  tugas:
    states:
      baru:
        title: Baru
        start: true
        on_enter: [{set: {handed: ya}}]
        deadline: {within: item.batas, escalate: {after: 2 hours, to: pemberi, do: reassign}}
        actions:
          terus: {by: pemegang, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: diteruskan}
          lapor: {by: pemegang, to: beres}
          balik: {by: pemegang, ask: alasan, to: kembali}
          tarik: {by: pemberi, needs: belum_dibaca, to: ditarik}
      diteruskan: {title: Diteruskan, gather: {track: tugas, until: all, done: beres, returned: baru}}
      beres: {final: true, outcome: done}
      kembali: {final: true, outcome: returned}
      ditarik: {final: true, outcome: withdrawn}
"""
ORG = {
    "author": "staf", "tata_usaha": "tu", "kasubag": "kasubag", "kabid": "kabid", "signatory": "kadis",
    "staff": {"tu": ["juru-a", "juru-b", "juru-c", "tetangga"], "juru-a": ["magang"], "kabid": ["kasubag", "staf"]},
}  # fmt: skip
LETTER = {"body": "naskah", "classification": "400.7", "signatory": "kadis", "limit": "2026-12-10T09:00:00+00:00"}


class TwoOffices(LittleOrg):
    """Who is called a neighbour sits in another office."""

    def office_of(self, position: str) -> str | None:
        return "TETANGGA" if position.startswith("tetangga") else super().office_of(position)


def flow(version: int = 1, *changes: tuple[str, str]) -> Flow:
    """The flow of all these lives, with these texts changed."""
    text = HEAD.replace("version: 1", f"version: {version}") % "keluar" + BODY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load(text, "uji.yaml")


class Life:
    """A letter on a stage, and its history in the words of a stored one."""

    def __init__(self, of: Flow, **letter: Any) -> None:
        self.stage = Stage(of, TwoOffices(of, ORG, {**LETTER, **letter}), vocabularies=WORDS)
        self.acts: list[PastAct] = []
        self.seen = 0
        self._took("start", {}, {})

    def act(self, who: str, action: str, number: str = "", **form: Any) -> None:
        """Somebody acts, an hour and a quarter after whatever was before, or the next morning at half past nine."""
        self.stage.minutes(75)
        if (now := self.stage.setting.now).hour >= 8:
            self.stage.at(now.replace(hour=2, minute=30) + timedelta(days=1))
            self._rang()
        piece = self.stage.find(action, who)
        outcome = self.stage.act(piece, action, form, who)
        made = piece.pieces[len(piece.pieces) - len(outcome.children) :]
        facts = {"number": number} if number else {}
        self._took("act", outcome.form, {str(each.holder): each.id for each in made}, facts)

    def correct(self, who: str, **fields: Any) -> None:
        """Somebody writes other fields."""
        self.stage.minutes(10)
        self.stage.letter.fields = {**self.stage.letter.fields, **fields}
        self.stage.letter.version += 1
        self._alone("text", self.stage.letter, CORRECTION, who, fields)

    def read(self, who: str) -> None:
        """The holder of an item, and somebody beside him, look at it."""
        self.stage.minutes(5)
        piece = next(each for each in self.stage.pieces() if each.holder == who)
        piece.fields = {**piece.fields, "read": "sudah"}
        self._alone("read", piece, READ, "orang-lain", {})
        self._alone("read", piece, READ, who, {})

    def night(self) -> None:
        """The day of a prepared signature ends."""
        self.stage.minutes(60)
        letter = self.stage.letter
        letter.fields = {**letter.fields, "number": None}
        letter.entered, self.stage.number = len(self.stage.acts), "void"
        self._alone("lapse", letter, "hangus", "", {})

    def note(self, action: str) -> None:
        """Something that a flow does not see."""
        self._alone("note", self.stage.letter, action, "", {})

    def wait(self, amount: int, unit: str) -> None:
        """Time passes, and what it brings is written down."""
        self.stage.wait(amount, unit)
        self._rang()

    def _rang(self) -> None:
        """What time has brought."""
        for done in self.stage.acts[self.seen :]:
            piece = next(each for each in self.stage.pieces() if each.id == done.item)
            told = (piece.holder,) if done.action == REASSIGNED and piece.holder else (piece.assigned or piece.told)
            facts = {"told": list(told), **({} if told else {"nobody": True})}
            self._alone("escalation", piece, done.action, "", {}, facts)
        self.seen = len(self.stage.acts)

    def past(self, **more: Any) -> Past:
        """All that happened."""
        letter = self.stage.letter
        code = str(letter.fields.get("print_code") or "")
        made = Past(
            letter.id, letter.office, "surat-dinas", dict(self.stage.org.fields), tuple(self.acts), self.stage.flow
        )
        return replace(made, print_code=code, **more)

    def world(self) -> Callable[[Flow, Any], Setting]:
        """The organisation and the calendar as they were."""
        return lambda _, now: replace(self.stage.setting, now=now)

    def _alone(
        self,
        kind: str,
        piece: Piece,
        action: str,
        who: str,
        form: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        now = self.stage.setting.now
        self.acts.append(PastAct(kind, now, piece.id, action, who, who, piece.state, piece.state, form, facts or {}))

    def _took(
        self, kind: str, form: Mapping[str, Any], children: Mapping[str, str], facts: Mapping[str, Any] | None = None
    ) -> None:
        for done in self.stage.acts[self.seen :]:
            who, now = done.position or self.stage.letter.author, self.stage.setting.now
            self.acts.append(
                PastAct(
                    kind,
                    now,
                    done.item,
                    done.action,
                    who,
                    who,
                    done.state_from,
                    done.state_to,
                    form,
                    facts or {},
                    children,
                )
            )
            kind, form, children, facts = "closing", {}, {}, {}
        self.seen = len(self.stage.acts)


def signed(of: Flow) -> Life:
    """Corrected on the way, prepared twice, refused once, signed, sent back from a task, filed."""
    life = Life(of)
    life.act("staf", "tempatkan", tempat="Serang")
    life.correct("staf", body="naskah kedua", hold="ya")
    life.correct("staf", hold=None)
    life.act("staf", "ajukan")
    life.act("kasubag", "paraf")
    life.correct("kabid", body="naskah ketiga")
    life.act("kabid", "paraf")
    life.act("kadis", "siapkan", "800/1")
    life.night()
    life.act("kadis", "siapkan", "800/2")
    life.act("kadis", "tolak", alasan="Salah alamat")
    life.act("staf", "ajukan")
    life.act("kasubag", "kembalikan", alasan="Perbaiki")
    life.act("staf", "ajukan")
    life.act("kasubag", "paraf")
    life.act("kabid", "paraf")
    life.act("kadis", "siapkan", "800/3")
    life.act("kadis", "tanda_tangani")
    life.note("dikonfirmasi")
    life.act("tu", "berkaskan")
    return life


def printed(of: Flow) -> Life:
    """Late in the beginning, printed twice, signed on paper, given to three of whom one hands down."""
    life = Life(of, classification="900.1")
    life.wait(5, "working days")
    life.act("kasubag", "tempatkan", tempat="Serang")
    life.act("staf", "ajukan")
    life.act("kasubag", "paraf")
    life.act("kabid", "paraf", "900/1")
    life.act("tu", "gagal", alasan="Kertas sobek")
    life.act("staf", "ajukan")
    life.act("kasubag", "paraf")
    life.act("kabid", "paraf", "900/2")
    life.wait(3, "working days")
    life.act("tu", "basah", tanggal_ttd="2026-11-27")
    life.act("tu", "bagikan", kepada=["juru-a", "juru-b", "tetangga"], pesan="Segera", batas="1 working day")
    life.read("juru-a")
    life.act("juru-a", "terus", kepada=["magang"], batas="3 hours")
    life.act("juru-b", "balik", alasan="Bukan tugas")
    life.wait(2, "working days")
    life.act("tu", "tambah", kepada=["juru-c"])
    life.act("tu", "tarik")
    return life


def finished(of: Flow) -> Life:
    """Given out, handed down, reported by all: the parents close by themselves."""
    life = Life(of, limit=None)
    life.act("staf", "ajukan")
    life.act("kasubag", "paraf")
    life.act("kabid", "paraf")
    life.act("kadis", "siapkan")
    life.act("kadis", "tanda_tangani")
    life.act("tu", "bagikan", kepada=["juru-a", "juru-b"])
    life.act("juru-a", "terus", kepada=["magang"])
    life.read("magang")
    life.act("magang", "lapor")
    life.act("juru-b", "lapor")
    return life


LIVES = {"signed": signed, "printed": printed, "finished": finished}

LATER = "  pilih:\n    choose: [{when: uang, to: dicetak}"
CHECKED = "  diperiksa:\n    title: Diperiksa\n    deadline: {within: 5 hours}\n    actions: {periksa: {by: kabid, ASKto: pilih}}\n"
DRAFTS = {
    "the same": (),
    "a rule more": (("by: tata_usaha, needs: bernomor", "by: tata_usaha, needs: [bernomor, luar]"), ("needs: lain_orang", "needs: [lain_orang, luar]")),
    "one tier more": (("{who: kabid}]", "{who: kabid}, {who: tata_usaha}]"),),
    "one tier before": (("[{who: kasubag}", "[{who: tata_usaha}, {who: kasubag}"),),
    "one tier less": (("[{who: kasubag}, {who: kabid}]", "[{who: kabid}]"),),
    "no tier without a limit": (("{who: kabid}]", "{who: kabid}, {who: tata_usaha}]"), ("      deadline: {within: 1 working day}\n", "")),
    "a state between": (("done: pilih", "done: diperiksa"), (LATER, CHECKED.replace("ASK", "") + LATER)),
    "a state between that asks a text": (("done: pilih", "done: diperiksa"), (LATER, CHECKED.replace("ASK", "ask: alasan, ") + LATER)),
    "a state between that nobody can leave": (("done: pilih", "done: diperiksa"), (LATER, CHECKED.replace("ASK", "needs: luar, ") + LATER)),
    "a signature between": (("done: pilih", "done: disahkan"), (LATER,
        "  disahkan:\n    title: Disahkan\n    sign: {act: sahkan, by: kabid, prepare: {act: siap_sah, do: [{freeze: file}]}, with: {method: pades}, done: pilih}\n" + LATER)),
    "two states between and a way round": (("done: pilih", "done: satu"), (LATER,
        "  satu:\n    title: Satu\n    actions: {putar: {by: kabid, to: dua}, mundur: {by: kabid, to: konsep}, maju: {by: tata_usaha, to: tiga}}\n"
        "  dua: {title: Dua, actions: {catat: {by: kabid}, terusan: {by: kabid, to: tiga}}}\n"
        "  tiga: {title: Tiga, deadline: {within: 1 working day}, actions: {selesai: {by: tata_usaha, to: pilih}}}\n" + LATER)),
    "renamed and said so": (("dicetak", "kertas"), ("  baru:", "  diterima:"), ("returned: baru", "returned: diterima"), ("states:\n  konsep:", "migrate: [{from: 1, states: {dicetak: kertas}, tracks: {tugas: {baru: diterima}}}, {from: 2, states: {siap: arsip}}]\nstates:\n  konsep:")),
    "renamed and not said": (("dicetak", "kertas"), ("  baru:", "  diterima:"), ("returned: baru", "returned: diterima")),
    "acts gone": (("      tempatkan: {by: konseptor, ask: tempat, do: [{set: {place: form.tempat, mark: ditempatkan}}]}\n", ""), ("          balik: {by: pemegang, ask: alasan, to: kembali}\n", "")),
    "nobody corrects": (("    edit: konseptor\n", ""), ("      edit: true\n", "")),
    "the number is kept by night": (("number: void}\n      reject", "number: keep}\n      reject"),),
    "always on paper": (("{when: uang, to: dicetak}, {else: true, to: ttd}", "{when: bernomor, to: ttd}, {else: true, to: dicetak}"),),
    "by the place": (("choose: [{when: uang", "choose: [{when: luar"),),
    "limits that are longer": (("within: 3 working days", "within: 5 working days"), ("within: item.batas", "within: 4 working days")),
    "nobody is told that it is late": ((", escalate: {after: 1 working day, to: kasubag, do: reassign}", ""), (", escalate: {after: 2 hours, to: pemberi, do: reassign}", "")),
    "the first answer is enough": (("until: most", "until: any"),),
    "all answers": (("until: most", "until: all"),),
    "texts are asked anew": (("bagi:\n", "bagi:\n    dasar: {type: text, required: true}\n"), ("alasan: {alasan:", "alasan: {tambahan: {type: text, required: true}, alasan:")),
    "a date is asked anew": (("bagi:\n", "bagi:\n    mulai: {type: date, required: true}\n    sampai: {type: date, required: true}\n"),),
    "the number comes with the date": (("{number: seri}, {pdf: naskah, code: true}]\n    deadline", "{pdf: naskah, code: true}]\n    deadline"), ("needs: bernomor, ask: tanda, do: [{", "ask: tanda, do: [{number: seri}, {")),
    "given up where nothing was given": (("ask: alasan, to: konsep}\n      done", "ask: alasan, do: [{number: void}], to: konsep}\n      done"),),
    "what is written down": (("do: [{signed: wet}]", "do: [{signed: wet}, {set: {place: form.tanggal_ttd}}]"), ("code: true}, {freeze", "code: false}, {freeze")),
    "nothing is asked": ((", ask: alasan, to: konsep", ", to: konsep"), ("ask: tanda, ", "")),
}  # fmt: skip
