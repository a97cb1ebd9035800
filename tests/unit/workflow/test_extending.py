"""An office's file over its base: what is open, what is locked, what becomes of the tree and of the base's tests."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet_surat.workflow import testing
from intranet_surat.workflow.findings import FlowError, show
from intranet_surat.workflow.loader import load, load_all, resolved
from intranet_surat.workflow.model import Duration
from intranet_surat.workflow.nodes import Pairs, marks, plain
from intranet_surat.workflow.printing import text_of, with_origins
from intranet_surat.workflow.world import World

FLOWS = Path(__file__).parent / "flows"
BASE_TEXT = (FLOWS / "semua.yaml").read_text()
OFFICE_TEXT = (FLOWS / "semua_kantor.yaml").read_text()
WORLD = World(
    words={"instruksi-disposisi": frozenset({"a", "b"}), "sedikit": frozenset({"a"}), "lain": frozenset({"c"})}
)
BASE = load(BASE_TEXT, "dasar.yaml", WORLD)
HEAD = "flow: surat/1\nid: kantor-uji\nversion: 1\nextends: semua-uji@3\n"
LINES = dict(enumerate(BASE_TEXT.splitlines(), start=1))


def bases(flow_id, version):
    return BASE if (flow_id, version) == ("semua-uji", 3) else None


def office(*changes, head=HEAD, tests="tests: {include: base}\n"):
    lines = "".join(f"  - {{{change}}}\n" for change in changes)
    return head + (f"change:\n{lines}" if changes else "") + tests


def flow_of(*changes, **more):
    return load(office(*changes, **more), "kantor.yaml", WORLD, bases)


def told(text):
    with pytest.raises(FlowError) as caught:
        load(text, "kantor.yaml", WORLD, bases)
    for finding in caught.value.findings:
        shown = show(finding, {"kantor.yaml": text, "dasar.yaml": BASE_TEXT})
        assert "^" in shown, shown
    return caught.value.findings


def refused(*changes, **more):
    return told(office(*changes, **more))


def word_at(text, mark):
    return text.splitlines()[mark.line - 1][mark.column - 1 :]


# --- what becomes of a sound file


def test_an_office_takes_over_all_that_it_does_not_change():
    flow = flow_of()
    assert (flow.id, flow.version, flow.title, flow.base) == ("kantor-uji", 1, BASE.title, "semua-uji@3")
    assert flow.states == BASE.states
    assert flow.tracks == BASE.tracks
    assert flow.promises == BASE.promises
    assert flow.absence == BASE.absence


def test_what_is_open_and_how_letters_move_is_not_taken_over():
    flow = flow_of()
    assert flow.open == ()
    assert flow.migrate == ()


def test_the_text_is_the_whole_flow_and_what_was_written_is_kept():
    flow = flow_of()
    assert flow.written == office()
    again = load(flow.text, "kantor.yaml", WORLD)
    assert again.text == flow.text == again.written
    assert again.hash == flow.hash
    assert again.base is None


def test_the_same_files_give_the_same_text_and_an_edited_base_gives_another():
    assert flow_of().hash == flow_of().hash
    other = load(BASE_TEXT.replace("Surat selesai", "Surat sudah selesai"), "dasar.yaml", WORLD)
    assert load(office(), "kantor.yaml", WORLD, lambda _id, _version: other).hash != flow_of().hash


def test_each_value_keeps_the_place_it_comes_from():
    tree = resolved(OFFICE_TEXT, "kantor.yaml", bases)
    lines = with_origins(tree).splitlines()
    where = {line.split("  # ")[0].strip(): line.split("  # ")[1] for line in lines if "  # " in line}
    number = OFFICE_TEXT.splitlines().index("  - {set: states.konsep.deadline.within, to: 4 hours}") + 1
    assert where["within: 4 hours"] == f"kantor.yaml:{number}"
    line = next(number for number, line in LINES.items() if "paused_while" in line)
    assert where["paused_while: ditahan"] == f"dasar.yaml:{line}"
    assert where["by: telaah_ahli"].startswith("kantor.yaml:")


def test_the_office_of_the_example_passes_its_tests_and_those_of_its_base():
    flow = load(OFFICE_TEXT, "kantor.yaml", WORLD, bases)
    results = testing.run(flow)
    assert [result.message for result in results if not result.ok] == []
    assert [result.name for result in results] == [*(test.name for test in BASE.tests), "lewat telaah"]
    assert flow.states["konsep"].deadline.within == Duration(4, "hours")
    assert flow.states["konsep"].deadline.remind == BASE.states["konsep"].deadline.remind
    assert flow.applies.kinds == ("undangan",)


def test_a_base_test_that_an_insertion_breaks_fails_at_its_place_in_the_base():
    inserted = "insert_between: [siap_ttd, ttd], state: lambat, actions: {lanjut: {by: tata_usaha, to: siap_ttd}, maju: {by: tata_usaha, to: ttd}}"
    results = testing.run(flow_of(inserted))
    failed = [result for result in results if not result.ok]
    assert failed
    assert failed[0].mark.file == "dasar.yaml"


# --- every construct that leads on


WAYS_BASE = """\
flow: surat/1
id: jalan
version: 1
applies_to: {direction: keluar}
calendar: k
cast: {a: author, t: role tata_usaha of office}
rules: {r: {if: letter.x is present, says: Tidak.}}
forms: {f: {kepada: {type: positions, from: staff under actor}}}
states:
  mulai: {start: true, actions: {satu: {by: a, to: pilih}, dua: {by: a, to: kumpul}, tiga: {by: a, ask: f, fan_out: {track: j, per: form.kepada}, to: rute}}}
  pilih: {choose: [{when: r, to: akhir}, {else: true, to: akhir}]}
  rute: {route: {act: paraf, levels: t, done: akhir, reject: {act: tolak_rute, to: akhir}}, actions: {lewat: {by: t, to: akhir}}}
  ttd: {sign: {by: a, act: teken, prepare: {act: siap, do: [{freeze: file}]}, reject: {act: tolak, to: akhir}, done: akhir}}
  kumpul: {gather: {track: j, until: all, done: akhir, returned: akhir}, actions: {ke_ttd: {by: a, to: ttd}}}
  akhir: {actions: {tutup: {by: a, to: selesai}}}
  selesai: {final: true}
tracks: {j: {states: {b: {start: true, actions: {s: {by: t, to: x}}}, x: {final: true, outcome: done}}}}
open:
  - {insert_between: [pilih, akhir]}
  - {insert_between: [rute, akhir]}
  - {insert_between: [ttd, akhir]}
  - {insert_between: [kumpul, akhir]}
  - {insert_between: [b, x]}
"""


def targets(state):
    found = [action.to for action in state.actions.values()]
    found += [branch.to for branch in state.choose]
    for part in (state.route, state.sign):
        found += [part.done, part.reject.to] if part is not None else []
    return found + ([state.gather.done, state.gather.returned] if state.gather is not None else [])


@pytest.mark.parametrize(("name", "ways"), [("pilih", 2), ("rute", 3), ("ttd", 2), ("kumpul", 2)])
def test_every_way_from_the_one_state_to_the_other_leads_through_the_inserted_one(name, ways):
    base = load(WAYS_BASE, "jalan.yaml")
    text = f"flow: surat/1\nid: kantor\nversion: 1\nextends: jalan@1\nchange:\n  - {{insert_between: [{name}, akhir], state: sisip, actions: {{terus: {{by: t, to: akhir}}}}}}\n"
    flow = load(text, "kantor.yaml", World(), lambda _id, _version: base)
    assert targets(flow.states[name]).count("sisip") == ways
    assert "akhir" not in targets(flow.states[name])
    assert targets(flow.states["sisip"]) == ["akhir"]
    others = [other for other in base.states if other != name]
    assert [targets(flow.states[other]) for other in others] == [targets(base.states[other]) for other in others]
    assert list(flow.states).index("sisip") == list(flow.states).index(name) + 1


def test_a_state_is_inserted_in_a_track_too():
    base = load(WAYS_BASE, "jalan.yaml")
    text = "flow: surat/1\nid: kantor\nversion: 1\nextends: jalan@1\nchange:\n  - {insert_between: [b, x], state: c, actions: {d: {by: t, to: x}}}\n"
    flow = load(text, "kantor.yaml", World(), lambda _id, _version: base)
    assert targets(flow.tracks["j"].states["b"]) == ["c"]


@pytest.mark.parametrize(
    ("change", "rule", "at"),
    [
        ("insert_between: [konsep, siap_ttd], state: s, actions: {x: {by: author, to: siap_ttd}}", "locked", "[konsep"),
        ("insert_between: [konsep, paraf], state: ttd, actions: {x: {by: author, to: paraf}}", "insert", "ttd"),
        ("insert_between: [konsep, paraf], state: s, actions: {x: {by: author, to: terkirim}}", "insert", "terkirim"),
        ("insert_between: [konsep, paraf], state: s, final: true", "insert", "final"),
        ("insert_between: [konsep, paraf], state: s, sign: {}", "insert", "sign"),
        (
            "insert_between: [konsep, paraf], state: s, on_enter: [{number: void}], actions: {x: {by: author, to: paraf}}",
            "insert",
            "number",
        ),
        (
            "insert_between: [konsep, paraf], state: s, actions: {x: {by: author, do: [{signed: wet}], to: paraf}}",
            "insert",
            "signed",
        ),
        (
            "insert_between: [konsep, paraf], state: s, actions: {x: {by: author, fan_out: {track: tindak_lanjut, per: form.kepada}, to: paraf}}",
            "insert",
            "fan_out",
        ),
        (
            "insert_between: [konsep, paraf], state: s, judul: X, actions: {x: {by: author, to: paraf}}",
            "unknown-key",
            "judul",
        ),
        ("insert_between: [konsep, paraf], actions: {x: {by: author, to: paraf}}", "missing-key", "{insert"),
    ],
)
def test_an_insertion_that_cannot_be_is_refused_at_its_place(change, rule, at):
    (finding,) = refused(change)
    assert finding.rule == rule
    assert word_at(office(change), finding.mark).startswith(at)


# --- what is open, and what is locked


@pytest.mark.parametrize(
    "change",
    [
        "set: states.konsep.deadline.within, to: 2 working days",
        "set: states.konsep.deadline.within, to: 18 hours",
        "set: states.konsep.deadline.escalate.after, to: 1 hour",
        "set: states.dicetak.deadline.remind, to: [{who: tata_usaha, at: due}]",
        "set: states.siap_ttd.deadline, to: {within: 1 day}",
        "set: states.siap_ttd.deadline.within, to: 1 hour",
        "set: states.konsep.title, to: Naskah",
        "set: states.paraf.title, to: Pemeriksaan",
        "set: states.paraf.route.at_most, to: 2",
        "set: forms.teruskan.batas.at_most, to: 7 working days",
        "set: forms.teruskan.instruksi.of, to: sedikit",
        "set: states.terkirim.actions.teruskan.title, to: Sampaikan",
        "set: states.terkirim.actions.teruskan.stand_in, to: false",
    ],
)
def test_what_is_open_may_be_changed_and_the_flow_stays_sound(change):
    flow = flow_of(change)
    assert load(flow.text, "kantor.yaml", WORLD).hash == flow.hash
    assert flow.hash != flow_of().hash


@pytest.mark.parametrize(
    ("change", "rule", "sentence", "suggestion"),
    [
        (
            "set: states.konsep.deadline.within, to: 5 working days",
            "not-shorter",
            "Batas di kabupaten 3 hari kerja (dasar.yaml:33); perangkat daerah hanya boleh memendekkan.",
            "3 working days",
        ),
        (
            "set: states.konsep.deadline.within, to: 19 hours",
            "not-shorter",
            "hanya boleh memendekkan",
            "3 working days",
        ),
        ("set: states.konsep.deadline.within, to: 2 days", "not-shorter", "hanya boleh memendekkan", "3 working days"),
        ("set: states.konsep.deadline.paused_while, to: keuangan", "not-shorter", "memperpanjang batas", None),
        ("set: states.dicetak.deadline.paused_while, to: ditahan", "not-shorter", "memperpanjang batas", None),
        ("set: states.konsep.deadline, to: {within: 1 hour}", "not-shorter", "'remind' di kabupaten", None),
        ("set: states.konsep.deadline.remind, to: []", "not-shorter", "tidak boleh dihilangkan", None),
        ("set: states.konsep.deadline.escalate.to, to: konseptor", "not-shorter", "tidak dapat diganti", "tata_usaha"),
        ("remove: states.konsep.deadline.escalate", "not-shorter", "tidak boleh dihapus", None),
        ("set: states.paraf.route.at_most, to: 4", "not-narrower", "hanya boleh menyempitkan", "3"),
        (
            "set: states.paraf.see, to: author",
            "not-narrower",
            "hanya boleh menyempitkan",
            "only [konseptor, tata_usaha]",
        ),
        ("set: states.konsep.see, to: author", "not-narrower", "'see' tidak ada di kabupaten", None),
        (
            "set: forms.teruskan.batas.at_most, to: 15 working days",
            "not-narrower",
            "hanya boleh menyempitkan",
            "14 working days",
        ),
        (
            "set: forms.teruskan.instruksi.of, to: lain",
            "not-narrower",
            "hanya boleh menyempitkan",
            "instruksi-disposisi",
        ),
        ("set: states.konsep.edit, to: tata_usaha", "locked", "terkunci di kabupaten (dasar.yaml:30)", "konseptor"),
        ("remove: states.dicetak", "locked", "terkunci di kabupaten", None),
        ("set: cast.konseptor, to: tata_usaha", "locked", "terkunci di kabupaten", "author"),
        ("set: rules.keuangan.says, to: Boleh.", "locked", "terkunci", "Surat keuangan ditandatangani basah."),
        ("set: states.terkirim.on_enter, to: []", "locked", "terkunci", None),
        ("set: absence, to: []", "locked", "terkunci", None),
        ("set: promises, to: []", "locked", "terkunci", None),
        (
            "set: states.konsep.deadlin.within, to: 1 hour",
            "path",
            "'deadlin' tidak ada di 'states.konsep'.",
            "deadline",
        ),
        ("set: states.konsepp.title, to: X", "path", "'konsepp' tidak ada di 'states'.", "konsep"),
        ("set: judul, to: X", "path", "'judul' tidak ada di alur dasar.", None),
        ("remove: states.konsep.title", "path", "'title' tidak ada", None),
        ("set: id, to: lain", "extends", "ditulis langsung", None),
        ("set: states.konsep.title", "missing-key", "'set' bersama 'to'", None),
        ("remove: states.konsep.title, to: x", "missing-key", "'remove' sendirian", None),
        ("to: x", "missing-key", "tepat satu dari", None),
        ("set: 'states konsep', to: x", "path", "dipisahkan titik", None),
    ],
)
def test_what_is_not_open_is_refused_with_the_line_of_the_base(change, rule, sentence, suggestion):
    (finding,) = refused(change)
    assert finding.rule == rule
    assert sentence in finding.message
    assert finding.suggestion == suggestion
    assert finding.mark.file == "kantor.yaml"


def test_the_value_is_pointed_at_when_it_is_too_much_and_the_path_when_it_is_locked():
    text = office("set: states.konsep.deadline.within, to: 5 working days")
    (finding,) = told(text)
    assert word_at(text, finding.mark).startswith("5 working days")
    text = office("set: states.konsep.edit, to: tata_usaha")
    (finding,) = told(text)
    assert word_at(text, finding.mark).startswith("states.konsep.edit")
    text = office("set: states.konsep.deadlin.within, to: 1 hour")
    (finding,) = told(text)
    assert word_at(text, finding.mark).startswith("deadlin.within")


def test_names_of_its_own_may_be_added_where_the_base_has_none():
    flow = flow_of(
        "set: cast.ahli, to: position ahli of office",
        "set: forms.catatan, to: {isi: {type: text, required: true}}",
        "set: rules.lengkap, to: {if: letter.body is present, says: Lengkapi isi.}",
        "insert_between: [konsep, paraf], state: telaah, actions: {t: {by: ahli, ask: catatan, needs: lengkap, to: paraf}}",
        tests="",
    )
    assert flow.cast["ahli"].op == "position"
    (finding,) = refused("set: cast.ahli, to: position ahli of office", tests="")
    assert finding.rule == "unused"


def test_a_path_is_changed_once():
    changes = ["set: states.konsep.title, to: A", "set: states.konsep.title, to: B"]
    assert [one.rule for one in refused(*changes)] == ["duplicate-key"]


def test_a_refused_change_causes_no_echoes():
    rules = [one.rule for one in refused("remove: states.ttd", "set: states.konsep.deadline.within, to: 9 days")]
    assert sorted(rules) == ["locked", "not-shorter"]


def test_a_finding_in_what_was_written_comes_with_the_rest():
    rules = [one.rule for one in refused("set: states.dicetak.deadline.remind, to: [{who: siapa, at: kapan}]")]
    assert "word" in rules


# --- the head, the base and its tests


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (office(head=HEAD.replace("semua-uji@3", "semua-uji@2")), "extends"),
        (office(head=HEAD.replace("semua-uji@3", "semua-uji")), "extends"),
        (office(head=HEAD.replace("kantor-uji", "semua-uji")), "extends"),
        (office(head=HEAD + "states: {}\n"), "extends"),
        (office(head=HEAD + "stats: {}\n"), "unknown-key"),
        (office(head=HEAD + "applies_to: {direction: masuk, kinds: undangan}\n"), "not-narrower"),
        (office(head=HEAD + "applies_to: {direction: keluar, kinds: [undangan, nota-dinas]}\n"), "not-narrower"),
        (office(head=HEAD + "applies_to: {direction: keluar}\n"), "not-narrower"),
        (office(head=HEAD.replace("version: 1\n", "")), "missing-key"),
        (office(tests="tests: {include: dasar}\n"), "word"),
        (office(tests="tests: {include: base, sampai terkirim lalu diteruskan: {run: []}}\n"), "duplicate-key"),
        (office(tests="tests: {includ: base}\n"), "type"),
        (BASE_TEXT.replace("open:\n", "change: []\nopen:\n"), "extends"),
        (BASE_TEXT.replace("tests:\n", "tests:\n  include: base\n"), "extends"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(text, rule):
    (finding,) = told(text)
    assert finding.rule == rule


def test_a_flow_that_extends_another_one_cannot_be_extended():
    flows = load_all(
        {
            "dasar.yaml": BASE_TEXT,
            "satu.yaml": office(),
            "dua.yaml": office(head=HEAD.replace("kantor-uji", "cucu").replace("semua-uji@3", "kantor-uji@1")),
        },
        WORLD,
    )
    (finding,) = flows["dua.yaml"].findings
    assert finding.accepted == ("semua-uji@3",)


def test_bases_are_loaded_before_the_files_that_extend_them_whatever_their_order():
    flows = load_all({"a.yaml": office(), "b.yaml": BASE_TEXT}, WORLD)
    assert list(flows) == ["a.yaml", "b.yaml"]
    assert flows["a.yaml"].base == "semua-uji@3"


def test_a_base_that_is_not_among_the_files_is_asked_for():
    assert load_all({"a.yaml": office()}, WORLD, bases)["a.yaml"].base == "semua-uji@3"
    (finding,) = load_all({"a.yaml": office()}, WORLD)["a.yaml"].findings
    assert "'semua-uji@3' tidak ditemukan" in finding.message


def test_a_base_with_findings_is_named_as_the_cause_and_nothing_else_is_told():
    flows = load_all({"a.yaml": office(), "b.yaml": BASE_TEXT.replace("done: siap_ttd", "done: siap")}, WORLD)
    (finding,) = flows["a.yaml"].findings
    assert f"b.yaml:{flows['b.yaml'].findings[0].mark.line}" in finding.message


def test_findings_of_the_office_stand_before_those_in_its_base():
    with pytest.raises(FlowError) as caught:
        load(
            office("set: states.dicetak.deadline.remind, to: [{who: role lain of office, at: due}]"),
            "kantor.yaml",
            World(roles=frozenset({"admin"})),
            bases,
        )
    files = [finding.mark.file for finding in caught.value.findings]
    assert files == sorted(files, key=lambda name: name != "kantor.yaml")
    assert set(files) == {"kantor.yaml", "dasar.yaml"}


def test_an_office_moves_its_own_letters():
    head = HEAD.replace("version: 1", "version: 2") + "migrate:\n  - {from: 1, states: {lama: konsep}}\n"
    assert flow_of(head=head).migrate[0].states == {"lama": "konsep"}


def test_without_the_tests_of_the_base_only_its_own_are_run():
    assert flow_of(tests="").tests == ()
    assert [test.name for test in flow_of(tests="tests: {satu: {run: []}}\n").tests] == ["satu"]


def test_a_finding_that_stands_in_the_base_is_shown_with_its_line():
    base = load(BASE_TEXT, "dasar.yaml")
    smaller = World(roles=frozenset({"admin"}))
    with pytest.raises(FlowError) as caught:
        load(office(), "kantor.yaml", smaller, lambda _id, _version: base)
    finding = next(one for one in caught.value.findings if one.rule == "unknown-role")
    assert finding.mark.file == "dasar.yaml"
    assert "role tata_usaha of office" in show(finding, {"dasar.yaml": BASE_TEXT, "kantor.yaml": office()})


# --- whatever an office writes, what is locked stays as it is


def leaves(node, path=()):
    """Every path of the tree with its value; lists count as one value."""
    if not isinstance(node, Pairs) or not node.entries:
        return {path: plain(node)}
    return {one: value for entry in node for one, value in leaves(entry.value, (*path, entry.key.text)).items()}


BASE_LEAVES = leaves(marks(BASE_TEXT, "dasar.yaml"))
PATHS = sorted({path[:depth] for path in BASE_LEAVES for depth in range(1, len(path) + 1)})
OPENED = [
    tuple(line.split("path: ")[1].split(",")[0].split(".")) for line in BASE_TEXT.splitlines() if "{path: " in line
]
VALUES = [
    "1 hour",
    "9 working days",
    "2",
    "4",
    "[]",
    "{}",
    "author",
    "sedikit",
    "only [konseptor]",
    "{within: 1 hour}",
    "true",
    "terkirim",
]


def opened(path):
    return any(len(one) <= len(path) and all(a in ("*", b) for a, b in zip(one, path, strict=False)) for one in OPENED)


@given(
    edits=st.lists(
        st.tuples(
            st.sampled_from([path for path in PATHS if opened(path)]) | st.sampled_from(PATHS),
            st.sampled_from(VALUES),
            st.sampled_from(["", "", "", ".x", ".deadline.within"]),
        ),
        min_size=1,
        max_size=3,
    ),
    removed=st.lists(st.sampled_from(PATHS), max_size=1),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_edits_are_refused_or_change_only_what_is_open(edits, removed):
    changes = [f"set: {'.'.join(path)}{more}, to: {value}" for path, value, more in edits]
    changes += [f"remove: {'.'.join(path)}" for path in removed]
    text = office(*changes, tests="tests: {include: base}\n")
    flow = load_all({"kantor.yaml": text}, WORLD, bases)["kantor.yaml"]
    if isinstance(flow, FlowError):
        return
    tree = resolved(text, "kantor.yaml", bases)
    assert text_of(tree) == flow.text
    now = leaves(tree)
    own = {"id", "version", "title", "applies_to", "open", "migrate", "tests"}
    locked = {path: value for path, value in BASE_LEAVES.items() if path[0] not in own and not opened(path)}
    assert {path: now.get(path) for path in locked} == locked
    added = {path for path in now if path not in BASE_LEAVES and path[0] not in own and not opened(path)}
    assert {path[0] for path in added} <= {"cast", "rules", "forms"}
