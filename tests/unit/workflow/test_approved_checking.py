"""Everything that a designer can get wrong in a flow that can be read, wherever it stands: told as approved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from approved_values import finding
from told_once import once

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.world import World

FLOW = (Path(__file__).parent / "flows" / "periksa.yaml").read_text("utf-8")
HOUSE = World(
    fields={
        "masuk": frozenset({"addressee"}),
        "keluar": frozenset({"signatory", "classification", "print_code", "place", "security", "limit"}),
        "surat-dinas": frozenset({"subject"}),
        "undangan": frozenset({"event_date"}),
    },
    effects={
        name: frozenset({"code"} if name == "pdf" else ())
        for name in ("number", "set", "signed", "pdf", "freeze", "archive", "notify", "send")
    },
    offices=frozenset({"SETDA"}), roles=frozenset({"tata_usaha"}), posts=frozenset({"ajudan"}),
    vocabularies=frozenset({"instruksi"}), series=frozenset({"keluar"}), calendars=frozenset({"hari-kerja"}),
    templates=frozenset({"naskah"}), archives=frozenset({"by-classification"}), sends=frozenset({"addressees"}),
)  # fmt: skip

PEOPLE = {"edit", "see", "by", "entered_by", "levels", "who", "notify"}
CLOSED = ("rules", "tertutup", "if")


def values(node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], yaml.ScalarNode]]:
    """Every value of the flow with its path."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from values(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from values(one, path)
    else:
        yield path, node


VALUES = list(values(yaml.compose(FLOW, yaml.CSafeLoader)))
TEXTS = [node for path, node in VALUES if path[0] != "id" and path[-1] not in ("says", "title", "direction")]


def people(path: tuple[str, ...]) -> bool:
    """Whether somebody is named here: by the flow, not by its tests."""
    return path[0] != "tests" and (path[-1] in PEOPLE or path[-2:] == ("escalate", "to"))


def asked(path: tuple[str, ...]) -> bool:
    """Whether a condition stands here that is asked of nobody."""
    return path[-1] in ("paused_while", "never")


def written(at: Iterable[tuple[yaml.ScalarNode, str]]) -> str:
    """The flow with other values at these places."""
    text = FLOW
    for node, new in reversed(list(at)):
        text = text[: node.start_mark.index] + new + text[node.end_mark.index :]
    return text


def told(text: str, world: World | None = HOUSE) -> list[str]:
    try:
        load(text, "periksa.yaml", world)
    except FlowError as refused:
        return [finding(one) for one in refused.findings]
    return ["tidak ada temuan"]


def test_the_flow_is_sound_as_it_stands():
    assert told(FLOW) == told(FLOW, World()) == told(FLOW, None) == ["tidak ada temuan"]


NAMES = {
    "orang": "konseptor camat setda ajudan pemegang wakil penulis turun",
    "aturan": "uang cocok berbatas lengkap milik beralasan tertutup",
    "formulir": "alasan bagi pindai",
    "keadaan": "konsep paraf pilih ttd basah terbit tunggu arsip batal diterima beres tolak_tugas periksa tulis catat "
    "kumpul hasil baca",
    "jalur": "tugas telaah",
    "isian surat": "signatory classification print_code place security limit",
    "isian anak surat": "batas tanggal",
    "isian formulir": "kepada utama",
    "tindakan": "kirim siapkan teken",
    "dunia": "surat-dinas undangan hari-kerja instruksi keluar naskah by-classification addressees SETDA",
    "peran": "tata_usaha",
}


def test_a_name_written_wrong_is_told_wherever_it_is_used(approved):
    """In every value of the flow; where the names are explained they stay."""
    found = []
    for kind, names in NAMES.items():
        word = re.compile(rf"(?<![\w-])({'|'.join(names.split())})(?![\w-])")
        text = written((node, word.sub(r"\1q", FLOW[node.start_mark.index : node.end_mark.index])) for node in TEXTS)
        found += [((kind, "di rumah"), told(text)), ((kind, "tanpa rumah"), told(text, None))]
    approved("name_wrong.txt", once(found))


WHO = [
    "actor", "level", "holder of item", "holder of letter.orang", "holder of form.kepada", "holder of letter.signatory.nama",
    "superiors of bapak below camat", "role juru of office", "position juru of SETDX", "actors of lemari", "head of BPKAD",
    "turun", "wakil",
]  # fmt: skip


def test_somebody_who_means_nothing_there_is_told_wherever_he_may_act(approved):
    found = ((who, told(written((node, who) for path, node in VALUES if people(path)))) for who in WHO)
    approved("somebody_who_means_nothing.txt", once(found))


CONDITION = {
    "an answer": "form.kepada is present",
    "an answer behind a rule": "cocok and beralasan",
    "who acts": "actor among actors of lemari and actor among bapak",
    "who holds the item": "not (actor among wakil) or milik",
    "a field of the item": "item.batas is present and item.lama is present",
    "a field of the item behind a rule": "not berbatas",
    "a field that nobody has": "letter.orang is present or form.orang is absent",
    "a part of a field": "letter.place.kota is ada or form.pindai.kode is ada or form.salinan.code is ada",
    "a state that is nowhere": "state is lemari",
    "children that are nowhere": "some anak is open or no tugas is lemari or all telaah is tulis",
    "a rule that is nowhere": "entah and (uang or not lain)",
}


def test_a_condition_that_means_nothing_there_is_told_wherever_it_is_asked(approved):
    found = []
    for what, condition in CONDITION.items():
        for how, there in (("sebagai syarat", asked), ("sebagai aturan", CLOSED.__eq__)):
            text = written((node, f"'{condition}'") for path, node in VALUES if there(path))
            found.append(((what, how), told(text)))
    approved("condition_that_means_nothing.txt", once(found))


def test_a_rule_that_means_nothing_there_is_told_wherever_it_is_needed(approved):
    found = []
    for rule in NAMES["aturan"].split():
        text = written((node, rule) for path, node in VALUES if path[-1] in ("needs", "when"))
        found.append((rule, told(text)))
    approved("rule_that_means_nothing.txt", once(found))


def test_a_limit_that_cannot_be_read_there_is_told_for_every_deadline(approved):
    found = []
    for limit in ("letter.lama", "item.lama", "form.batas", "item.batas", "item.kepada"):
        at = ((node, limit) for path, node in VALUES if path[-2:] == ("deadline", "within"))
        found.append((limit, told(written(at))))
    approved("limit_that_cannot_be_read.txt", once(found))


WRONG = {
    "no calendar, no kinds": (("calendar: hari-kerja\n", ""), (", kinds: [surat-dinas, undangan]", "")),
    "a kind alone": ((", kinds: [surat-dinas, undangan]", ", kinds: surat-dina"),),
    "a direction as a kind": (("undangan]", "masuk]"),),
    "people in a circle": (("superior of pemegang", "superior of wakil"),),
    "people in a wider circle": (("  konseptor: author", "  konseptor: superior of camat"), ("holder of letter.signatory", "superior of konseptor")),
    "two circles of people": (("  konseptor: author", "  konseptor: superior of konseptor"), ("holder of item\n", "staff under pemegang\n")),
    "rules in a wider circle": (('letter.classification under "900"', "not lengkap"),),
    "two circles of rules": (('letter.classification under "900"', "uang"), ("form.alasan is present", "beralasan")),
    "a default of one more": (("default: 3 working days, at_most: 14", "default: 15 working days, at_most: 14"),),
    "a default as long as allowed": (("default: 3 working days, at_most: 14", "default: 14 working days, at_most: 14"),),
    "a default of another unit": (("default: 3 working days, at_most: 14", "default: 30 days, at_most: 14"),),
    "no longest limit": ((", at_most: 14 working days", ""),),
    "positions from itself": (("from: form.kepada}\n", "from: form.utama}\n"),),
    "positions from a text": (("utama: {type: position, from: form.kepada}", "utama: {type: position, from: form.perintah}"),),
    "positions from the position": (("kepada: {type: positions, from: staff under actor, required: true}", "kepada: {type: positions, from: form.utama}"), ("utama: {type: position, from: form.kepada}", "utama: {type: position, from: camat}")),
    "no vocabulary": (("{type: choices, of: instruksi}", "{type: text}"),),
    "children without a form": (("bagi: {by: tata_usaha, ask: bagi,", "bagi: {by: tata_usaha,"),),
    "children of another form": (("bagi: {by: tata_usaha, ask: bagi,", "bagi: {by: tata_usaha, ask: alasan,"),),
    "children of a form that is nowhere": (("bagi: {by: tata_usaha, ask: bagi,", "bagi: {by: tata_usaha, ask: lain,"),),
    "children of dates": (("per: form.kepada}, to: tunggu", "per: form.tanggal}, to: tunggu"),),
    "waiting for what nobody makes": (("gather: {track: tugas, until: all", "gather: {track: telaah, until: all"), ("ask: bagi, fan_out: {track: telaah, per: form.utama}", "ask: bagi")),
    "waiting in a track for what only the letter makes": (("gather: {track: tugas, until: any", "gather: {track: telaah, until: any"),),
    "initials reassigned": (("escalate: {after: 1 hour, to: superior of level}", "escalate: {after: 1 hour, to: superior of level, do: reassign}"),),
    "a state of initials reassigned": (("escalate: {after: 1 hour, to: camat}}", "escalate: {after: 1 hour, to: camat, do: reassign}}"),),
    "a signature reassigned": (("to: camat, do: notify", "to: camat, do: reassign"),),
    "a level in the limit of a state": (("escalate: {after: 1 hour, to: camat}}", "escalate: {after: 1 hour, to: level}}"),),
    "an actor for a level": (("escalate: {after: 1 hour, to: superior of level}", "escalate: {after: 1 hour, to: superior of actor}"),),
    "a wet signature from paper": (("unggah: {by: tata_usaha,", "unggah: {by: tata_usaha, entered_by: ajudan,"),),
    "a wet signature among other effects from paper": (("unggah: {by: tata_usaha,", "unggah: {by: tata_usaha, entered_by: ajudan,"), ("[{signed: wet}]", "[{notify: camat}, {signed: wet}]")),
    "another act beside initials from paper": (("      done: pilih", "      done: pilih\n    actions: {catat_paraf: {by: camat, entered_by: ajudan}}"),),
    "another act beside a signature from paper": (("      done: terbit", "      done: terbit\n    actions: {catat_ttd: {by: camat, entered_by: ajudan}}"),),
    "no start": (("    start: true\n", ""),),
    "no start in a track": (("        start: true\n", ""),),
    "a second start and a third": (("  batal: {final: true}", "  batal: {start: true, final: true}"), ("  terbit:\n", "  terbit:\n    start: true\n")),
    "a second start in a track": (("periksa:\n        route", "periksa:\n        start: true\n        route"),),
    "no end": (("arsip: {final: true, see", "arsip: {see"), ("batal: {final: true}", "batal: {}")),
    "no end in a track": (("hasil: {final: true, outcome: done}", "hasil: {see: pemegang}"),),
    "an end with an act": (("batal: {final: true}", "batal: {final: true, actions: {x: {by: camat, to: arsip}}}"),),
    "an end with a choice": (("batal: {final: true}", "batal: {final: true, choose: [{else: true, to: arsip}]}"),),
    "an end with initials": (("batal: {final: true}", "batal: {final: true, route: {act: x, levels: camat, done: arsip}}"),),
    "an end with a signature": (("batal: {final: true}", "batal: {final: true, sign: {by: camat, act: x, prepare: {act: y, do: [{freeze: file}]}, done: arsip}}"),),
    "an end that waits": (("batal: {final: true}", "batal: {final: true, gather: {track: tugas, until: all, done: arsip, returned: arsip}}"),),
    "an end of a track without outcome": (("hasil: {final: true, outcome: done}", "hasil: {final: true}"),),
    "an outcome on the way": (("        start: true\n        edit", "        start: true\n        outcome: done\n        edit"),),
    "an outcome of the letter": (("batal: {final: true}", "batal: {final: true, outcome: returned}"),),
    "an outcome of the letter on the way": (("  terbit:\n", "  terbit:\n    outcome: done\n"),),
    "an act of initials that is an action too": (("kirim: {by: konseptor,", "paraf: {by: konseptor,"), ("{who: staf, act: kirim}", "{who: staf, act: paraf}")),
    "an act of a signature that is an action of a track": (("lapor: {by: pemegang,", "sahkan: {by: pemegang,"),),
    "a preparation with the name of a refusal": (("{act: siapkan, do", "{act: tolak, do"), ("{who: camat, act: siapkan}", "{who: camat, act: tolak}")),
    "a refusal of initials named as in another track": (("act: ralat", "act: kembalikan"),),
    "an action twice": (("simpan: {by: pemegang", "lapor: {by: pemegang"),),
    "an action with a name of the system": (("kirim: {by: konseptor,", "dibaca: {by: konseptor,"), ("{who: staf, act: kirim}", "{who: staf, act: dibaca}")),
    "initials with a name of the system": (("act: cermat", "act: ubah"),),
    "a refusal with a name of the system": (("act: ralat", "act: dibantah"),),
    "nobody comes here": (("{when: uang, to: basah}, {when: tertutup, to: basah}, ", ""),),
    "nobody comes here in a track": (("reject: {act: ralat, to: catat}, ", ""), ("reject: {act: buang, to: catat}, ", "")),
    "no way out": (("{by: tata_usaha, ask: pindai, needs: [cocok, lengkap], do: [{signed: wet}], to: terbit}", "{by: tata_usaha, ask: pindai, needs: [cocok, lengkap]}"),),
    "a way back only": (("done: arsip, returned: terbit", "done: terbit, returned: terbit"), ("arsip: {final: true, see: setda,", "lama: {final: true}\n  arsip: {actions: {buka: {by: setda, to: terbit}},")),
    "a way to itself only": (("batal: {final: true}", "batal: {actions: {diam: {by: camat, to: batal}}}"),),
    "round and round by itself": (("tunggu: {gather: {track: tugas, until: all, done: arsip, returned: terbit}}", "tunggu: {gather: {track: tugas, until: all, done: arsip, returned: putar}}\n  putar: {choose: [{else: true, to: tunggu}]}"),),
    "round and round by itself in a track": (("choose: [{when: berbatas, to: periksa}, {else: true, to: periksa}]", "choose: [{when: berbatas, to: periksa}, {else: true, to: baca}]"),),
    "a way to what was meant": (("done: pilih", "done: pili"),),
    "a way to nothing like it": (("done: pilih", "done: xyzw"), ("  batal: {final: true}", "  batal: {final: true}\n  pulau: {see: camat}")),
    "a person that nobody needs": (("  ajudan: position", "  sepi: head of office\n  ajudan: position"),),
    "a person that only such a one needs": (("  ajudan: position", "  sepi: superior of sunyi\n  sunyi: superior of ajudan\n  ajudan: position"),),
    "a rule that nobody needs": (("  cocok: {", "  sepi: {if: uang, says: Sepi.}\n  cocok: {"),),
    "a form that nobody asks": (("  pindai: {pindai", "  sepi: {isi: {type: text}}\n  pindai: {pindai"),),
    "a track that nobody begins": (("  telaah:\n", "  sepi: {states: {a: {start: true, final: true, outcome: done}}}\n  telaah:\n"),),
    "a track that begins only itself": (("  telaah:\n", "  sepi: {states: {a: {start: true, actions: {lagi: {by: camat, ask: bagi, fan_out: {track: sepi, per: form.kepada}, to: b}}}, b: {final: true, outcome: done}}}\n  telaah:\n"),),
    "a person with another name": (("  setda: role", "  stda: role"),),
    "a person with quite another name": (("  setda: role", "  orang_lain: role"),),
    "a rule with another name": (("  beralasan: {", "  berlasan: {"),),
    "a rule with quite another name": (("  beralasan: {", "  xyzw: {"),),
    "a form with another name": (("  pindai: {pindai", "  pinda: {pindai"),),
    "a form with quite another name": (("  pindai: {pindai", "  xyzw: {pindai"),),
    "a track with another name": (("  telaah:\n", "  telah:\n"),),
    "a track with quite another name": (("  telaah:\n", "  xyzw:\n"),),
    "a slip and a name that nobody uses": (("  setda: role tata_usaha of SETDA", "  setda: role tata_usaha of SETDA\n  sepi: author"), ("do: notify", "do: notif")),
    "a slip in one machine and an island in another": (("do: [{notify: giver of item}], to: beres", "do: [{notify: giver of item}], ke: beres"), ("  batal: {final: true}", "  batal: {final: true}\n  pulau: {actions: {x: {by: camat, to: batal}}}")),
    "an effect of later and an island": (("on_enter: [{send: addressees}]", "on_enter: [{send: addressees}, {seal: x}]"), ("  batal: {final: true}", "  batal: {final: true}\n  pulau: {actions: {x: {by: camat, to: batal}}}")),
    "opened between two machines": (("[konsep, paraf]}", "[konsep, beres]}"),),
    "opened between what is nowhere": (("[konsep, paraf]}", "[konsep, lemari]}"),),
    "opened between two that are nowhere": (("[konsep, paraf]}", "[kursi, lemari]}"),),
    "opened what is nowhere": (("states.konsep.actions.kirim.to", "states.konsep.actions.kirm.to"),),
    "opened what is nowhere above": (("states.konsep.actions.kirim.to", "stats.konsep.actions.kirim.to"),),
    "opened more than there is": (("states.konsep.actions.kirim.to", "states.konsep.actions.kirim.to.lagi"),),
    "opened of every state what none has": (("states.*.deadline", "states.*.batas"),),
    "opened of every state every act": (("states.*.deadline", "states.*.actions.*.needs"),),
    "opened of every state an act that one has": (("states.*.deadline", "states.*.actions.bagi.ask"),),
    "opened of the cast": (("states.*.deadline", "cast.*"),),
    "opened of a list": (("states.*.deadline", "absence.stand_in"),),
    "promised to nowhere": (("always_possible: arsip or batal", "always_possible: arsip or lemari"),),
    "promised in time to nowhere": (("to: [arsip, batal]}", "to: [arsip, lemari]}"),),
    "promised in time to nowhere alone": (("to: [arsip, batal]}", "to: lemari}"),),
    "promised to a state of a track": (("always_possible: arsip or batal", "always_possible: arsip or beres"),),
    "moved twice to nowhere": (("states: {lama: arsip, kuno: batal}", "states: {lama: rak, kuno: lemari}"),),
    "moved in a track to nowhere": (("{tugas: {baru: diterima}, telaah: {asal: baca}}", "{tugas: {baru: baca}, telaah: {asal: diterima}}"),),
    "moved in no track and then to nowhere": (("{tugas: {baru: diterima}, telaah: {asal: baca}}", "{tugs: {baru: baca}, telaah: {asal: diterima}}"),),
    "begun again nowhere": (("restart: [paraf, ttd]", "restart: [parf, lemari]"),),
    "begun again nowhere alone": (("restart: [paraf, ttd]", "restart: lemari"),),
    "a test through nowhere": (("through: [paraf, periksa]", "through: [parf, periksa, lemari]"),),
    "a test through one that is nowhere": (("through: [paraf, periksa]", "through: lemari"),),
    "a test of fields and acts that are nowhere": (('classification: "400.7"', 'klasifikasi: "400.7"'), ("camat, act: siapkan", "camat, act: siap"), ("camat, act: teken", "camat, act: xyzw"), ("{state: ttd}", "{state: diterima}")),
    "an effect on fields that are nowhere": (("{set: {place: Serang}}", "{set: {plce: Serang, lain: x, subject: y}}"),),
    "a step of nobody in a test": (("{who: staf, act: kirim}", "{wait: 1 hour}"), ("{expect: {state: ttd}}", "{expect: {open: [kasi], state: lemari}}")),
    "initials, a signature and children at once": (("unggah: {by: tata_usaha, ask: pindai,", "unggah: {by: tata_usaha, ask: bagi, fan_out: {track: tugas, per: form.perintah},"),),
    "a number that is voided and one that is nowhere": (("{number: void}", "{number: masuk}"),),
    "nobody is told": (("{notify: [ajudan]}", "{notify: actor}"), ("{notify: giver of item}", "{notify: [actor, entah]}")),
    "absent without a name": (("[tata_usaha, setda]}", "[actor, entah, pemegang]}"),),
}  # fmt: skip


def test_what_does_not_fit_together_is_told_with_its_cause_and_without_its_echoes(approved):
    found = []
    for name, swaps in WRONG.items():
        text = FLOW
        for old, new in swaps:
            assert text.count(old) >= 1, (name, old)
            text = text.replace(old, new, 1)
        found.append((name, told(text)))
    approved("fits_not.txt", once(found))
