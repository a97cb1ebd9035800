"""Where an item of an older version comes to stand in a newer one, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_cases import HERE, flow

from intranet_surat.workflow.model import Mark, Move
from intranet_surat.workflow.moving import against, place, renamed, restarts, target, unknown_names

CAST = """
cast: {a: author, p: holder of item}
forms: {f: {siapa: {type: position, from: staff under actor}}}
rules: {r: {if: letter.x is present, says: Isi.}}
"""
OLD = flow(
    CAST
    + """
states:
  konsep: {start: true, actions: {kirim: {by: a, ask: f, needs: r, fan_out: {track: tugas, per: form.siapa}, to: antre}}}
  antre: {actions: {beres: {by: a, to: arsip}, batal: {by: a, to: batal}}}
  arsip: {final: true}
  batal: {final: true}
tracks:
  tugas:
    states:
      konsep: {start: true, actions: {lapor: {by: p, to: selesai}, tolak: {by: p, to: kembali}}}
      selesai: {final: true, outcome: done}
      kembali: {final: true, outcome: returned}
"""
)
NEW = replace(
    flow(
        CAST
        + """
states:
  naskah: {start: true, actions: {kirim: {by: a, ask: f, fan_out: {track: tugas, per: form.siapa}, to: pilih}}}
  pilih: {choose: [{when: r, to: antre}, {else: true, to: arsip}]}
  antre: {actions: {beres: {by: a, to: arsip}}}
  arsip: {final: true}
tracks:
  tugas:
    states:
      baru: {start: true, actions: {lapor: {by: p, to: selesai}}}
      selesai: {final: true, outcome: done}
"""
    ),
    version=2,
)
MOVE = Move(
    1, {"konsep": "naskah", "batal": "antre"}, {"tugas": {"konsep": "baru", "kembali": "selesai"}}, ("antre", "baru")
)


@pytest.mark.parametrize(
    ("track", "state", "new"),
    [
        (None, "konsep", "naskah"), (None, "antre", "antre"), ("tugas", "konsep", "baru"), ("tugas", "selesai", "selesai"),
        ("lain", "konsep", "konsep"), ("tugas", "batal", "batal"),
    ],
)  # fmt: skip
def test_a_state_leads_where_its_line_says_else_keeps_its_name(track, state, new):
    assert target(MOVE, track, state) == new


def test_only_states_of_the_older_version_that_are_called_otherwise_are_renamed():
    assert renamed(OLD, MOVE, None) == {"konsep": "naskah", "batal": "antre"}
    assert renamed(OLD, MOVE, "tugas") == {"konsep": "baru", "kembali": "selesai"}
    assert renamed(OLD, Move(1, {"tak_ada": "arsip"}), None) == {}
    assert renamed(OLD, Move(1, {"konsep": "arsip"}), "tugas") == {}


@pytest.mark.parametrize(
    ("move", "track", "state", "why"),
    [
        (MOVE, None, "konsep", None),
        (MOVE, None, "antre", None),
        (MOVE, None, "arsip", None),
        (MOVE, "tugas", "konsep", None),
        (MOVE, "tugas", "selesai", None),
        (Move(1), None, "konsep", "keadaan 'konsep' tidak mempunyai tujuan di versi 2"),
        (Move(1), "tugas", "konsep", "keadaan 'konsep' tidak mempunyai tujuan di versi 2"),
        (Move(1, {"konsep": "pilih"}), None, "konsep", "'pilih' dilewati dengan sendirinya; tidak ada surat yang menunggu di sana"),
        (MOVE, None, "batal", "'antre' tidak berakhir seperti 'batal'; memindahkan surat tidak mengakhirinya"),
        (Move(1, {"antre": "arsip"}), None, "antre", "'arsip' tidak berakhir seperti 'antre'; memindahkan surat tidak mengakhirinya"),
        (MOVE, "tugas", "kembali", "'selesai' tidak berakhir seperti 'kembali'; memindahkan surat tidak mengakhirinya"),
        (Move(1, {"hilang": "antre"}), None, "hilang", "'antre' tidak berakhir seperti 'hilang'; memindahkan surat tidak mengakhirinya"),
    ],
)  # fmt: skip
def test_an_item_is_not_moved_to_nowhere_nor_through_a_choice_nor_over_an_end(move, track, state, why):
    assert against(OLD, NEW, move, track, state) == why


def test_names_that_the_older_version_does_not_have_are_told():
    move = Move(
        1, {"konsep": "naskah", "rak": "arsip"}, {"telaah": {"x": "y"}, "tugas": {"antre": "baru", "konsep": "baru"}}
    )
    assert list(unknown_names(OLD, move)) == [
        "Tidak ada jalur 'telaah' di versi 1.",
        "Tidak ada keadaan 'rak' di versi 1.",
        "Tidak ada keadaan 'antre' di versi 1.",
    ]
    assert list(unknown_names(OLD, MOVE)) == []


@pytest.mark.parametrize(
    ("track", "state", "again"),
    [
        (None, "antre", True),
        (None, "arsip", False),
        (None, "baru", False),
        ("tugas", "baru", True),
        ("tugas", "antre", False),
    ],
)
def test_a_passage_begins_anew_only_where_the_line_says_so_and_the_state_is(track, state, again):
    assert restarts(NEW, MOVE, track, state) is again


def test_the_place_of_a_move_is_its_line_else_the_beginning_of_the_file():
    assert place(replace(MOVE, mark=HERE), NEW) == HERE
    assert place(MOVE, replace(NEW, source="baru.yaml")) == Mark("baru.yaml", 1, 1)
