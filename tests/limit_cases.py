"""What the tests of limits share: a small flow for incoming letters with reminders, escalations and pauses."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from intranet_surat.services import work
from intranet_surat.services.flows import FlowShelf
from intranet_surat.workflow.loader import load

FLOW = """
flow: surat/1
id: uji-batas
version: 1
title: Uji batas
applies_to: {direction: masuk}
calendar: hari-kerja-kabupaten
cast:
  agendaris: role agendaris of office
  pimpinan: holder of letter.addressee
  sekretaris: position sekretaris of office
  pemegang: holder of item
forms:
  lembar:
    kepada: {title: Kepada, type: positions, from: staff under actor, required: true}
    batas: {title: Batas, type: deadline, default: 3 working days}
  isi: {hal: {title: Hal, type: text, required: true}}
states:
  dicatat:
    title: Dicatat
    start: true
    on_enter: [{number: agenda-masuk}]
    edit: agendaris
    deadline: {within: 1 working day, remind: [{who: agendaris, at: due}]}
    actions:
      naikkan: {title: Naikkan, by: agendaris, to: menunggu}
      serahkan: {title: Serahkan, by: agendaris, to: dialihkan_nanti}
      titip: {title: Titip, by: agendaris, to: tanpa_penerima}
  menunggu:
    title: Menunggu
    see: agendaris
    deadline:
      within: 2 working days
      remind: [{who: pimpinan, at: 1 working day before}]
      escalate: {after: 1 working day, to: sekretaris, do: notify}
      paused_while: some disposisi is open
    actions:
      selesaikan: {title: Selesaikan, by: pimpinan, to: selesai}
      telaah: {title: Minta telaah, by: pimpinan, ask: lembar, fan_out: {track: disposisi, per: form.kepada}}
  dialihkan_nanti:
    title: Menunggu pimpinan
    deadline: {within: 2 working days, escalate: {after: 1 working day, to: sekretaris, do: reassign}}
    actions:
      putuskan: {title: Putuskan, by: pimpinan, to: selesai}
  tanpa_penerima:
    title: Dititipkan
    deadline: {within: 1 hour, remind: [{who: position tidak-ada of office, at: due}]}
    actions:
      ambil: {title: Ambil, by: agendaris, to: selesai}
  selesai: {title: Selesai, final: true}
tracks:
  disposisi:
    states:
      diterima:
        title: Diterima
        start: true
        deadline: {within: item.batas, remind: [{who: pemegang, at: 1 working day before}], escalate: {after: 1 working day, to: superior of pemegang, do: reassign}}
        actions:
          lapor: {title: Lapor, by: pemegang, to: selesai}
      selesai: {title: Selesai, final: true, outcome: done}
"""
ZONE = ZoneInfo("Asia/Jakarta")
BY_TIME = {"diingatkan", "dieskalasi", "dialihkan", "batas"}


def wib(text: str) -> datetime:
    """An instant from the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def told(desk) -> list[tuple[str, str]]:
    """The desk gets the flow above; whatever is told from now on stands in the list: what about, and to which post."""
    heard: list[tuple[str, str]] = []

    def channel(_house, notice):
        heard.append((notice.about, desk.site.positions[notice.position].code))

    desk.house = dataclasses.replace(
        desk.house, flows=FlowShelf([(None, load(FLOW, "uji_batas.yaml"))]), notice_channels={"uji": channel}
    )
    return heard


def letter(desk, *acts: str, **fields):
    """A letter to the head of the health office on which these acts were done."""
    made = desk.register("agendaris.dinkes", "DINKES", addressee=desk.post("kepala.dinkes"), **fields)
    for each in acts:
        desk.act("agendaris.dinkes", made, each)
    return made


def ask(desk, made, *logins: str, **form):
    """The head asks these for their view; the items they got."""
    desk.act("kepala.dinkes", made, "telaah", {"kepada": [desk.post(each) for each in logins], **form})
    items = desk.items(made)
    return [items[each] for each in logins]


def until(desk, db, when: str) -> int:
    """It becomes this time, and the worker does what is due; how many jobs it carried out."""
    desk.clock.now = wib(when)
    done = sum(iter(lambda: work.run_due(desk.house, db, desk.now), 0))
    desk.commit()
    return done


def by_time(made) -> list[str]:
    """What time did to a letter, in order."""
    return [act.action for act in made.history if act.action in BY_TIME]


def facts(made, action: str) -> dict:
    """What the last act of this name keeps."""
    seq = max(act.seq for act in made.history if act.action == action)
    return made.history.entered(seq)["facts"]
