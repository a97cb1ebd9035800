"""From text to a flow, and every seeded mistake of a designer with the place and the sentence he gets."""

from hashlib import sha256
from pathlib import Path

import pytest

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Duration, Level
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
INCOMING = (FLOWS / "masuk.yaml").read_text()
OUTGOING = (FLOWS / "keluar.yaml").read_text()


def findings(text, world=None):
    with pytest.raises(FlowError) as caught:
        load(text, "uji.yaml", world or World())
    return caught.value.findings


def swap(text, old, new):
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the flow"
    return text.replace(old, new)


def place(text, word):
    """Line and column of the first occurrence of ``word``."""
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


# --- what a sound file becomes


def test_a_sound_flow_is_loaded_with_its_text_and_hash():
    flow = load(INCOMING, "masuk.yaml", World())
    assert (flow.id, flow.version, flow.title) == ("masuk-uji", 2, "Surat masuk untuk uji")
    assert flow.text == INCOMING
    assert flow.hash == sha256(INCOMING.encode()).hexdigest()
    assert flow.source == "masuk.yaml"
    assert (flow.applies.direction, flow.applies.kinds) == ("masuk", None)


def test_states_actions_and_their_parts_become_values():
    flow = load(INCOMING, "masuk.yaml", World())
    dicatat = flow.states["dicatat"]
    assert dicatat.start
    assert dicatat.title == "dicatat"
    assert dicatat.deadline.within == Duration(1, "working days")
    assert [(one.name, one.value) for one in dicatat.on_enter] == [("number", "agenda-masuk")]
    assert [who.text for who in dicatat.edit] == ["agendaris"]
    naikkan = dicatat.actions["naikkan"]
    assert (naikkan.needs, naikkan.ask, naikkan.to) == (("ada_pindai",), None, "menunggu_disposisi")
    disposisi = flow.states["menunggu_disposisi"].actions["disposisi"]
    assert (disposisi.fan_out.track, disposisi.fan_out.per) == ("disposisi", "kepada")
    gather = flow.states["didisposisi"].gather
    assert (gather.until, gather.done, gather.returned) == ("all", "selesai", "menunggu_disposisi")
    assert flow.states["didisposisi"].actions["tambah"].to is None


def test_sight_may_be_narrowed_with_only():
    flow = load(INCOMING, "masuk.yaml", World())
    see = flow.states["didisposisi"].see
    assert see.only
    assert [who.text for who in see.who] == ["agendaris", "pimpinan"]
    assert not flow.states["menunggu_disposisi"].see.only


def test_only_may_narrow_to_one_expression():
    text = swap(INCOMING, "see: only [agendaris, pimpinan]", "see: only role agendaris of office")
    see = load(text, "uji.yaml").states["didisposisi"].see
    assert (see.only, [who.op for who in see.who]) == (True, ["role"])


def test_fields_carry_their_type_source_default_and_bounds():
    fields = load(INCOMING, "masuk.yaml", World()).forms["lembar"].fields
    assert list(fields) == ["kepada", "utama", "instruksi", "batas", "lapor"]
    assert fields["kepada"].required
    assert fields["kepada"].source.op == "staff"
    assert fields["utama"].source == "kepada"
    assert fields["instruksi"].of == "instruksi-disposisi"
    assert (fields["batas"].default, fields["batas"].at_most) == (
        Duration(3, "working days"),
        Duration(14, "working days"),
    )
    assert fields["lapor"].default is True
    assert load(INCOMING, "m", World()).forms["laporan"].fields["berkas"].accept == ("pdf", "png")


def test_a_track_has_states_with_outcomes_and_a_deadline_from_a_field():
    track = load(INCOMING, "masuk.yaml", World()).tracks["disposisi"]
    assert track.states["diterima"].deadline.within == "item.batas"
    assert [state.outcome for state in track.states.values()] == [None, "done", "returned", "withdrawn"]


def test_route_sign_and_choose_become_values():
    flow = load(OUTGOING, "keluar.yaml", World())
    route, sign = flow.states["paraf"].route, flow.states["ttd_elektronik"].sign
    assert (route.act, route.at_most, route.edit, route.levels.op) == ("paraf", 3, True, "superiors")
    assert (route.reject.name, route.reject.to) == ("kembalikan", "konsep")
    assert route.reject.by == (route.levels,)
    assert (sign.method, sign.end_of, sign.number_at_end) == ("pades", "day", "keep")
    assert [effect.name for effect in sign.prepare.do] == ["number", "pdf", "freeze"]
    assert sign.prepare.by == sign.by == sign.reject.by
    assert [(branch.when, branch.to) for branch in flow.states["siap_ttd"].choose] == [
        ("keuangan", "dicetak"),
        (None, "ttd_elektronik"),
    ]


def test_effects_carry_their_options_and_typed_values():
    flow = load(OUTGOING, "keluar.yaml", World())
    pdf = flow.states["dicetak"].on_enter[0]
    assert (pdf.value, dict(pdf.options)) == ("naskah", {"code": True})
    send, place_set = flow.states["siap_kirim"].actions["kirim"].do
    assert (send.value, place_set.value) == ("addressees", {"place": "Serang"})
    notify = load(INCOMING, "masuk.yaml", World()).states["selesai"].actions["berkaskan"].do[1]
    assert [who.text for who in notify.value] == ["pimpinan", "agendaris"]


def test_explicit_levels_of_a_route_keep_how_many_must_initial():
    old = "levels: superiors of author below penandatangan"
    text = swap(
        OUTGOING,
        old,
        "levels: [{who: tata_usaha, need: any}, {who: superior of author, need: 2}, {who: penandatangan}]",
    )
    levels = load(text, "keluar.yaml").states["paraf"].route.levels
    assert all(isinstance(level, Level) for level in levels)
    assert [level.need for level in levels] == ["any", "2", "all"]


def test_tests_become_plain_steps_with_places():
    one, two = load(INCOMING, "masuk.yaml", World()).tests
    assert one.name == "satu penerima"
    assert one.letter == {"scan": "pindai.pdf"}
    assert one.org == {"staff": {"pimpinan": ["kabid-a"]}}
    assert one.run[0] == {"who": "agendaris", "act": "naikkan", "form": {}}
    assert one.run[2] == {"wait": "2 working days"}
    assert one.run[3] == {"expect": {"state": "didisposisi", "open": ["kabid-a"]}}
    assert one.run[5]["expect"]["notified"] == ["agendaris"]
    assert two.run[0]["denied"] == "Unggah hasil pindai surat lebih dulu."
    line, column = place(INCOMING, "{wait: 2")
    assert (one.marks[2].line, one.marks[2].column) == (line, column)


def test_a_plugin_effect_is_read_with_its_options():
    world = World(
        effects={"number": frozenset(), "archive": frozenset(), "notify": frozenset(), "lapor_kas": frozenset({"ke"})}
    )
    text = swap(
        INCOMING,
        "do: [{archive: by-classification}",
        "do: [{lapor_kas: {tahun: 2026}, ke: kas}, {archive: by-classification}",
    )
    effect = load(text, "masuk.yaml", world).states["selesai"].actions["berkaskan"].do[0]
    assert (effect.name, effect.value, effect.options) == ("lapor_kas", {"tahun": "2026"}, {"ke": "kas"})


def test_without_a_world_a_flow_that_is_only_untidy_is_still_loaded():
    text = swap(INCOMING, "rules:\n", "rules:\n  sia_sia: {if: letter.scan is absent, says: Tidak dipakai.}\n")
    assert "sia_sia" in load(text, "uji.yaml").rules
    assert findings(text)[0].rule == "unused"


def test_without_a_world_an_effect_of_a_plugin_is_taken_as_it_stands():
    """A letter runs on its stored text, which is read without asking what today's application offers."""
    text = swap(INCOMING, "[{number: agenda-masuk}]", "[{number: agenda-masuk}, {lapor_kas: kas, tahun: 2026}]")
    effect = load(text, "uji.yaml").states["dicatat"].on_enter[1]
    assert (effect.name, effect.value, effect.options) == ("lapor_kas", "kas", {"tahun": "2026"})
    assert [one.rule for one in findings(text)] == ["unknown-effect"]


# --- seeded mistakes: (file, old, new, the word under the caret, rule, suggestion, part of the sentence)

MISTAKES = [
    (INCOMING, "flow: surat/1", "flow: surat/9", "surat/9", "word", "surat/1", "flow"),
    (INCOMING, "id: masuk-uji", "id: Masuk Uji", "Masuk Uji", "name", None, "tanda hubung"),
    (INCOMING, "version: 2", "version: dua", "dua", "type", None, "bilangan"),
    (INCOMING, "version: 2", "versi: 2", "versi", "unknown-key", "version", "tidak dikenal"),
    (INCOMING, "direction: masuk", "direction: masok", "masok", "word", "masuk", "direction"),
    (INCOMING, "naikkan: {title: Naikkan, by: agendaris, needs: ada_pindai, to: menunggu_disposisi}",
     "naikkan: {title: Naikkan, by: agendaris, needs: ada_pindai, to: menunggu_disposis}",
     "menunggu_disposis}", "unknown-state", "menunggu_disposisi", "tidak ada"),
    (INCOMING, "edit: agendaris", "edit: agendars", "agendars", "unknown-person", "agendaris", "Pelaku"),
    (INCOMING, "needs: ada_pindai", "needs: ada_pinda", "ada_pinda,", "unknown-rule", "ada_pindai", "Aturan"),
    (INCOMING, "ask: laporan", "ask: lapor", "lapor,", "unknown-form", "laporan", "Formulir"),
    (INCOMING, "gather: {track: disposisi", "gather: {track: disposis", "disposis,", "unknown-track", "disposisi", "Jalur"),
    (INCOMING, "until: all", "until: every", "every", "word", None, "until"),
    (INCOMING, "fan_out: {track: disposisi, per: form.kepada}, to", "fan_out: {track: disposisi, per: kepada}, to",
     "kepada}, to", "type", None, "form.kepada"),
    (INCOMING, "per: form.kepada}, to", "per: form.kepad}, to", "form.kepad}", "unknown-field", "kepada", "Isian jabatan"),
    (INCOMING, "type: yes-no", "type: yesno", "yesno", "word", "yes-no", "type"),
    (INCOMING, "default: true", "default: ya", "ya}\n  laporan", "word", None, "default"),
    (INCOMING, "default: 3 working days", "default: 3 workdays", "workdays", "duration", "working days", "Satuan"),
    (INCOMING, "default: 3 working days", "default: 20 working days", "20 working", "deadline", None, "batas terlama"),
    (INCOMING, "from: form.kepada", "from: form.kepad", "form.kepad}", "unknown-field", "kepada", "Isian jabatan"),
    (INCOMING, "{type: choices, of: instruksi-disposisi}", "{type: choices}", "{type: choices}", "missing-key", None, "'of'"),
    (INCOMING, "isi: {type: text, required: true}", "isi: {type: text, of: kata}", "kata}", "field-key", None, "hanya untuk"),
    (INCOMING, "accept: [pdf, png]", "accept: [pdf, pgn]", "pgn", "word", "png", "accept"),
    (INCOMING, "outcome: withdrawn", "outcome: withdrawed", "withdrawed", "word", "withdrawn", "outcome"),
    (INCOMING, "{number: agenda-masuk}", "{nomber: agenda-masuk}", "nomber", "unknown-effect", "number", "Akibat"),
    (INCOMING, "within: 1 working day", "within: segera", "segera", "duration", None, "Lama waktu"),
    (INCOMING, "within: item.batas", "within: item.bats", "item.bats", "unknown-field", "batas", "batas"),
    (INCOMING, "wait: 2 working days", "wait: 2 weeks", "weeks", "duration", None, "Satuan"),
    (INCOMING, "act: selesaikan", "act: selesai_kan", "selesai_kan", "unknown-action", "selesaikan", "Tindakan"),
    (INCOMING, "expect: {state: didisposisi", "expect: {state: disposisi", "{state: disposisi,", "unknown-state", "didisposisi", "Keadaan"),
    (INCOMING, "title: Naikkan, by", "title: [Naikkan], by", "[Naikkan]", "type", None, "teks"),
    (INCOMING, "title: Naikkan, by", "title: '', by", "', by", "empty", None, "kosong"),
    (INCOMING, "{archive: by-classification}, ", "{archive: by-classification, bila: x}, ", "bila", "unknown-key", None, "pilihan"),
    (INCOMING, "see: only [agendaris, pimpinan]", "see: only [agendaris, pimpin]", "pimpin]", "unknown-person", "pimpinan", "Pelaku"),
    (OUTGOING, "superiors of author below penandatangan", "superiors of author below penanda_tangan",
     "penanda_tangan", "unknown-person", "penandatangan", "Pelaku"),
    (OUTGOING, "superiors of author below penandatangan", "superiors of author", None, "cast", None, "below"),
    (OUTGOING, "actors of dinomori", "actors of dinomor", "dinomor,", "unknown-state", "dinomori", "Keadaan"),
    (OUTGOING, "{when: keuangan, to: dicetak}", "{when: keuangn, to: dicetak}", "keuangn", "unknown-rule", "keuangan", "Aturan"),
    (OUTGOING, "{when: keuangan, to: dicetak}", "{when: keuangan, to: dicetk}", "dicetk", "unknown-state", "dicetak", "Keadaan"),
    (OUTGOING, "{else: true, to: ttd_elektronik}", "{when: keuangan, to: ttd_elektronik}", "{when: keuangan, to: ttd", "choose", None, "else"),
    (OUTGOING, "if_file_changes: continue at changer", "if_file_changes: restart", "restart", "word", "restart at bottom", "if_file"),
    (OUTGOING, "at_most: 3", "at_most: 0", "0", "type", None, "bilangan"),
    (OUTGOING, "done: siap_ttd", "done: siap_tdt", "siap_tdt", "unknown-state", "siap_ttd", "Keadaan"),
    (OUTGOING, "method: pades", "method: cades", "cades", "word", "pades", "method"),
    (OUTGOING, ", {freeze: file}]}\n      with", "]}\n      with", None, "sign", None, "membekukan"),
    (OUTGOING, "naskah, code: true", "naskah, kode: true", "kode: true", "unknown-key", "code", "pilihan"),
    (OUTGOING, "form.pindai.code equals", "form.pinda.code equals", "form.pinda.", "unknown-field", "pindai", "Isian formulir"),
    (OUTGOING, "read_code: true, ", "", "form.pindai.code", "unknown-field", None, "read_code"),
    (OUTGOING, "act: tolak", "act: siapkan", None, "act-name", None, "lebih dari sekali"),
    (OUTGOING, "act: tolak", "act: otomatis", "otomatis", "act-name", None, "riwayat"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "under", "rule", "guess", "part"), MISTAKES, ids=lambda _: None)
def test_a_seeded_mistake_is_told_at_its_value(text, old, new, under, rule, guess, part):
    wrong = swap(text, old, new)
    told = findings(wrong)
    first = told[0]
    assert (first.rule, first.suggestion) == (rule, guess)
    assert part in first.message
    if under is not None:
        start = wrong.index(new) if new else 0
        offset = wrong.index(under, max(0, start - 1))
        assert (first.mark.line, first.mark.column) == place(wrong[:offset] + "\0", "\0")


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [(mistake[0], mistake[1], mistake[2]) for mistake in MISTAKES if mistake[4].startswith("unknown")],
    ids=lambda _: None,
)
def test_one_wrong_word_does_not_drown_in_its_echoes(text, old, new):
    """A name that is used twice may be told twice; what follows from it is not told at all."""
    told = findings(swap(text, old, new))
    assert not [one for one in told if one.rule in ("unreachable", "dead-end", "no-end", "unused")]
    assert len(told) <= 2


@pytest.mark.parametrize("key", ["flow", "id", "version", "applies_to", "calendar"])
def test_a_required_key_that_is_missing_is_named_with_its_meaning(key):
    text = "\n".join(line for line in INCOMING.splitlines() if not line.startswith(f"{key}:"))
    told = findings(text)
    assert [one.rule for one in told] == ["missing-key"]
    assert f"'{key}'" in told[0].message


def test_all_findings_come_at_once_and_reading_comes_first():
    text = swap(INCOMING, "edit: agendaris", "edit: agendars")
    text = swap(text, "act: selesaikan", "act: selesaikn")
    text = swap(text, "until: all", "until: al")
    assert [one.rule for one in findings(text)] == ["word", "unknown-person", "unknown-action"]


def test_yaml_surprises_and_language_mistakes_are_told_together():
    text = swap(INCOMING, "edit: agendaris", "edit: agendaris\n    edit: pimpinan")
    text = swap(text, "needs: ada_pindai", "needs: ada_pinda")
    assert [one.rule for one in findings(text)] == ["duplicate-key", "unknown-rule"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("  selesai:\n    actions", "  Selesai:\n    actions", "name"),
        ("naikkan: {title", "naik-kan: {title", "name"),
        ("  alasan: {alasan", "  __class__: {alasan", "name"),
        ("agendaris: role", "actor: role", "name"),
        ("ada_pindai: {if", "not: {if", "name"),
    ],
)
def test_names_of_the_designer_have_a_simple_form(old, new, rule):
    assert findings(swap(INCOMING, old, new))[0].rule == rule


def test_a_state_may_not_wait_in_two_ways():
    text = swap(
        INCOMING,
        "    gather: {track: disposisi",
        "    choose: [{else: true, to: selesai}]\n    gather: {track: disposisi",
    )
    rules = {one.rule for one in findings(text)}
    assert rules == {"state-shape"}


def test_a_step_of_a_test_is_one_thing():
    told = findings(swap(INCOMING, "{wait: 2 working days}", "{wait: 2 working days, who: pimpinan, act: disposisi}"))
    assert told[0].rule == "step"


def test_an_effect_that_this_installation_does_not_run_is_refused():
    world = World(effects={"number": frozenset(), "notify": frozenset()})
    told = findings(INCOMING, world)
    assert [one.rule for one in told] == ["not-run"]
    assert "'archive'" in told[0].message
