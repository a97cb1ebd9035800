"""Small flows with one part written in another way: what the loader reads of it, or what it says; as approved."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

import pytest
from approved_values import finding, lines
from told_once import once

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load

# A flow as small as can be; each case writes one of its keys anew, or adds one.
SMALL = {
    "flow": "surat/1",
    "id": "uji",
    "version": "3",
    "applies_to": "{direction: masuk}",
    "calendar": "hari-kerja",
    "cast": "{a: author, b: role r of office}",
    "rules": "{r: {if: letter.x is present, says: Isi dulu.}}",
    "forms": "{f: {kepada: {type: positions, from: staff under actor}, lama: {type: deadline}}}",
    "states": "{t: {final: true}, s: {start: true, actions: {kirim: {by: [a, b], needs: r, ask: f, to: t}}}}",
    "tracks": "{j: {states: {p: {start: true, actions: {x: {by: b, to: q}}}, q: {final: true, outcome: done}}}}",
}


def text_of(**parts: str) -> str:
    return "".join(f"{key}: {value}\n" for key, value in {**SMALL, **parts}.items() if value)


def read(text: str) -> tuple[list[str], bool]:
    """The findings; or the flow as lines, and that it is sound."""
    try:
        flow = load(text, "uji.yaml")
    except FlowError as error:
        return [finding(one) for one in error.findings], False
    return list(lines(flow, "", "uji.yaml")), True


def standing(body: str) -> str:
    """The states when the second of them holds this."""
    return f"{{t: {{final: true}}, s: {{start: true, {body}}}}}"


def told(parts: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, list[str]]]:
    """For each way to write a key: the findings, or how the flow differs from the small one."""
    usual, _ = read(text_of())
    before, after = standing("|").split("|")
    for key, values in parts.items():
        for value in values:
            said, sound = read(text_of(**{key: value}))
            if sound:
                said = [
                    line for line in unified_diff(usual, said, n=0, lineterm="") if line[:2] not in ("--", "++", "@@")
                ]
            few = said if len(said) <= 12 else [*said[:12], f"... {len(said)} lines, the last: {said[-1]}"]
            name = f"s: {value.removeprefix(before).removesuffix(after)}" if before in value else f"{key}: {value}"
            yield short(name), list(map(short, few))


def short(line: str) -> str:
    return line if len(line) < 250 else f"{line[:120]} ... {line[-60:]} ({len(line)})"


HEADS = {
    "flow": ("surat/2", "[surat/1]", ""), "id": ("Uji", "uji-2", "2uji", "u_ji", "-uji", "[uji]", "x" * 64, "x" * 65, "''", "''''", ""), "version": ("1", "0", "01", "-1", "1.0", "999999", "1000000", "satu", "[1]", ""),
    "title": ("Judul", "'  Judul  '", "[Judul]", "''", "'   '", "x" * 400, "x" * 401, '"a\\nb"', '"a\\n"', "{a: b}"), "calendar": ("Hari", "hari_kerja", "[a]", ""),
    "applies_to": ("{}", "{direction: keluar}", "{direction: keluar, kinds: undangan}", "{direction: masuk, kinds: [undangan, Surat, 3]}", "{direction: keluarr}", "{direction: [masuk]}", "[masuk]", "masuk", "{kinds: [a]}", "{directoin: masuk}", ""),
    "sates": ("{}", ), "xyz": ("1",), "change": ("[]", "[{remove: title}]"), "extends": ("uji@3", "uji", "uji@0", "uji@1000000", "Uji@3", "[uji@3]", "uji@3x"),
}  # fmt: skip
NAMES = {
    "cast": (
        "{}", "[]", "kata", "{a: author, b: head of office, c: a}", "{author: a, role: a, item: a, only: a, a: author, b: author}", "{A: author}", "{a b: author}", "{'': author}", "{a: [author], b: author}", "{a: '', b: author}", "{a: {b: c}, b: author}",
        "{a: author, b: superior ov a}", "{a: author, b: 'role x of'}", f"{{a: author, b: author, {'x' * 64}: a}}", f"{{a: author, b: author, {'x' * 65}: a}}", "{a: author, b: author, " + ", ".join(f"c{n}: a" for n in range(198)) + "}", "{a: author, b: author, " + ", ".join(f"c{n}: a" for n in range(199)) + "}",
        "{a: author, b: author, c: holder of letter." + "x" * 900 + "}", "{a: author, b: author, c: holder of letter." + "x" * 1000 + "}", '"author\\n"',
    ),
    "rules": (
        "{r: {if: letter.x is present}}", "{r: {says: Isi.}}", "{r: {if: letter.x is, says: Isi.}}", "{r: {if: [letter.x], says: Isi.}}", "{r: {}}", "{r: []}", "{r: kata}", "{not: {if: letter.x is present, says: X.}, r: {if: letter.x is present, says: Isi.}}", "{state: {}, all: {}, r: {if: letter.x is absent, says: ''}}",
        "{r: {if: letter.x is present, says: X, iff: y}}", "{R: {if: letter.x is present, says: X}}", "{r: {if: '" + "(" * 20 + "letter.x is present" + ")" * 20 + "', says: X}}", "[r]",
    ),
    "forms": (
        "{}", "[]", "{f: {}}", "{f: []}", "{f: kata}", "{f: {x: {}}}", "{f: {x: []}}", "{F: {x: {}}}", "{f: {X: {}}}", "{f: {x: {type: txt}}}", "{f: {x: {type: choice}, y: {type: choices}, z: {type: position}, q: {type: positions}}}", "{f: {x: {type: choice, of: kata, title: Judul, required: true, default: a}}}", "{f: {x: {type: text, of: kata, from: a, at_most: 3 days, accept: [pdf], read_code: true}}}",
        "{f: {x: {type: file, accept: pdf, read_code: true, default: a}, y: {type: files, accept: [pdf, x], read_code: false}}}", "{f: {x: {type: deadline, at_most: 3 days, default: 2 days}}}", "{f: {x: {type: deadline, at_most: 3, default: kata}}}", "{f: {x: {type: yes-no, default: true}}}", "{f: {x: {type: yes-no, default: ya}}}", "{f: {x: {type: date, default: '2026-01-01'}, y: {type: text, default: [a]}, z: {default: a}}}", "{f: {x: {of: a}, y: {from: b, required: yes}}}",
        "{f: {x: {type: position, from: form.y}, y: {type: position, from: staff of a}}}", "{f: {x: {type: positions, from: [a]}}}", "{f: {x: {tipe: text}}}", "{f: {x: {type: position, from: form.X}}}",
    ),
}  # fmt: skip
BODIES = (
        "title: T, final: false, outcome: done, edit: [a, b], see: a", "see: 'only [a,  b]'", "see: 'only a'", "see: 'only  [ a , superior ov b, ]'", "see: onlya", "see: [a, 'only b']", "see: 'only []'", "see: 'only [a, role r ov office]'", "see: 'only superior ov a'", "see: {a: b}, edit: {a: b}", "outcome: selesai", "tittle: T",
        "actions: []", "actions: {x: []}", "actions: {x: {}}", "actions: {x: {by: []}}", "actions: {x: {by: a, title: T, stand_in: false, entered_by: b, needs: [r, r], to: s}, y: {by: a, stand_in: true}, Z: {}}", "actions: {x: {by: a, stand_in: mungkin, ask: [f], to: [s]}}", "actions: {x: {by: [a, superior ov b], needs: [r, R, []]}}", "actions: {x: {buy: a}}", "actions: {x: {by: " + "[" + ", ".join(["a"] * 200) + "]}}", "actions: {x: {by: " + "[" + ", ".join(["a"] * 201) + "]}}",
        "actions: {x: {by: a, fan_out: {track: j, per: form.kepada}}}", "actions: {x: {by: a, fan_out: {track: j}, to: s}}", "actions: {x: {by: a, fan_out: {per: form.kepada}, to: s}}", "actions: {x: {by: a, fan_out: [j], to: s}}", "actions: {x: {by: a, fan_out: {track: j, per: kepada}, to: s}}", "actions: {x: {by: a, fan_out: {track: j, per: letter.kepada}, to: s}}", "actions: {x: {by: a, fan_out: {track: j, per: [form.kepada]}}}",
        "deadline: {}", "deadline: []", "deadline: {within: 2 days}", "deadline: {within: form.lama, remind: [], escalate: {}}", "deadline: {within: item.lama, paused_while: r, remind: [{who: a, at: due}, {who: [a, b], at: 1 day before}, {who: a, at: 2 hours}, {who: a}, {at: due}, [], kata], escalate: {after: 1 day, to: b, do: reassign}}", "deadline: {within: letter.lama, escalate: {after: 1 day, to: b}}", "deadline: {within: surat.lama, escalate: {after: due, to: []}}", "deadline: {remind: {who: a}, escalate: {to: b, do: panggil}}", "deadline: {within: 2 days, remind: [{who: a, at: before}, {who: a, at: 2 before}, {who: a, at: 3 days before due}]}", "deadline: {within: 2 days, escalate: {after: 1 day}}", "deadline: {within: 2 days, paused_while: letter.x is, escalate: [a]}",
        "deadline: {within: 1 day, remind: [" + ", ".join(["{who: a, at: due}"] * 200) + "]}", "deadline: {within: 1 day, remind: [" + ", ".join(["{who: a, at: due}"] * 201) + "]}",
        "choose: []", "choose: kata", "choose: {when: r, to: t}", "choose: [kata, {else: true, to: t}]", "choose: [{when: r, to: t}, {else: true, to: s}]", "choose: [{else: true, to: t}]", "choose: [{when: r, to: t}]", "choose: [{when: r, else: true, to: t}, {else: true, to: t}]", "choose: [{to: t}, {else: true, to: t}]", "choose: [{else: false, to: t}, {else: true, to: t}]", "choose: [{else: true, to: t}, {else: true, to: t}]", "choose: [{when: r, to: t}, {when: r, to: s}]", "choose: [{when: r}, {else: true, to: T}, {else: true, to: t}]", "choose: [{when: letter.x is present, to: t}, {else: mungkin, to: s}]", "choose: [{when: letter.x is, to: t}, {else: true, to: s}]",
        "choose: [{else: true, to: t}], actions: {x: {by: a", "choose: [{else: true, to: t}], route: {act: p, levels: a, done: t}, sign: {}, gather: {}", "route: {}, gather: {}, actions: {x: {by: a, to: t",
    )  # fmt: skip
STATES = {
    "states": ("{}", "[]", "kata", "{s: {}}", "{s: []}", "{s: kata, t: {final: true}}", "{S: {}}", "{s: {start: ya}}", *("{" + ", ".join(f"s{n}: {{}}" for n in range(count)) + "}" for count in (300, 301)), *(standing(body) for body in BODIES)),
    "tracks": ("{k: {states: {p: {start: true, title: P}, q: {final: true, outcome: returned}}}}", "{}", "[]", "{j: {}}", "{j: []}", "{J: {states: {}}}", "{j: {states: []}}", "{j: {states: {p: {}, q: kata}}}", "{j: {state: {}}}", "{j: {states: {p: {start: true, deadline: {within: item.lama}}}}}"),
}  # fmt: skip
WAYS = {
    "states": tuple(standing(way[1:-1]) for way in (
        "{route: kata}", "{route: {}}", "{route: {act: p, levels: a, done: t}}", "{route: {act: p, title: Paraf, levels: 'superiors of a below b', done: t, at_most: 3, edit: true, if_file_changes: restart, stand_in: true, deadline: {within: 1 day}, reject: {act: tolak, title: Tolak, ask: f, do: [{notify: a}], to: s}}}", "{route: {act: p, levels: [{who: a}, {who: b, need: any}, {who: [a, b], need: 2}], done: t, reject: {act: tolak}}}", "{route: {act: p, levels: [{who: a, need: 0}, {who: a, need: 99}, {who: a, need: 100}, {who: a, need: alll}, {who: a, need: [all]}], done: t}}", "{route: {act: p, levels: [], done: t}}", "{route: {act: p, levels: [kata], done: t}}", "{route: {act: p, levels: [{need: all}, {}], done: t, reject: {act: tolak}}}", "{route: {act: p, levels: superior ov a, done: t}}", "{route: {act: p, levels: {who: a}, done: t}}",
        "{route: {levels: a, done: t}}", "{route: {act: p, done: t}}", "{route: {act: p, levels: a}}", "{route: {act: P, levels: a, done: T, at_most: 0, edit: ya, stand_in: ya, if_file_changes: apa, reject: kata}}", "{route: {act: p, levels: a, done: t, at_most: 1, edit: false, stand_in: false, if_file_changes: continue at changer, reject: {}}}", "{route: {act: p, levels: a, done: t, reject: {title: Tolak, to: s}}}", "{route: {act: p, levels: a, done: t, reject: {act: tolak, to: [s], do: kata}}}", "{route: {act: p, level: a, done: t, deadline: {within: level}}}",
        "{route: {act: p, title: Paraf, levels: 'superiors of a below b', done: t, at_most: 3, edit: true, if_file_changes: restart at bottom, stand_in: true, deadline: {within: 1 day, remind: [{who: level, at: due}]}, reject: {act: tolak, title: Tolak, ask: f, do: [{notify: a}], to: s}}}", "{route: {act: p, levels: [{who: a}, {who: b, need: any}, {who: a, need: 2}], done: t, if_file_changes: keep, reject: {act: tolak, to: s}}}",
        "{sign: {by: [a, b], act: teken, title: Teken, stand_in: true, with: {method: pades}, unsigned_at: {end_of: day, number: void}, prepare: {act: siap, title: Siapkan, do: [{number: x}, {freeze: file}]}, reject: {act: tolak, ask: f, do: [{notify: a}], to: s}, done: t}}", "{sign: {by: a, act: teken, with: {}, prepare: {act: siap, do: [{freeze: scan}]}, reject: {act: tolak, title: Tolak, to: s}, done: t}}",
        "{deadline: {within: letter.lama, paused_while: not r, remind: [{who: a, at: due}, {who: 'superior of a', at: 2 working days before}], escalate: {after: 1 day, to: b, do: reassign}}}", "{deadline: {within: 5 hours, escalate: {after: 2 hours, to: a}}}", "{title: '  Konsep  ', edit: [a, b], see: [a, b]}", "{actions: {x: {by: [a, b], title: T, stand_in: false, entered_by: [a, b], needs: [r, r], ask: f, do: [{notify: a}], fan_out: {track: j, per: form.kepada}, to: t}, y: {by: a, stand_in: true}}}",
        "{sign: kata}", "{sign: {}}", "{sign: {by: a, act: teken, prepare: {act: siap, do: [{freeze: file}]}, done: t}}", "{sign: {by: [a, b], act: teken, title: Teken, stand_in: true, with: {method: basah}, unsigned_at: {end_of: year, number: void}, prepare: {act: siap, title: Siapkan, do: [{number: x}, {freeze: file}]}, reject: {act: tolak, ask: f, to: s}, done: t}}", "{sign: {by: a, act: teken, prepare: {act: siap, do: [{notify: a}]}, done: t}}", "{sign: {by: a, act: teken, prepare: {act: siap}, done: t}}", "{sign: {by: a, act: teken, prepare: {act: siap, do: []}, done: t}}", "{sign: {by: a, act: teken, prepare: {do: [{freeze: file}]}, done: t}}", "{sign: {by: a, act: teken, prepare: kata, done: t}}", "{sign: {by: a, act: teken, done: t}}", "{sign: {by: a, prepare: {act: siap, do: [{freeze: file}]}, done: t}}", "{sign: {by: a, act: teken, prepare: {act: siap, do: [{freeze: file}]}}}", "{sign: {act: teken, prepare: {act: siap, do: [{freeze: file}]}, done: t}}", "{sign: {by: a, act: teken, with: {}, unsigned_at: {}, prepare: {act: siap, do: [{freeze: file}]}, done: t}}", "{sign: {by: a, act: teken, with: {method: tte}, unsigned_at: {end_of: abad, number: hilang}, prepare: {act: siap, do: [{freeze: file}]}, stand_in: false, done: t}}", "{sign: {by: a, act: teken, with: kata, unsigned_at: kata, prepare: {act: siap, do: [{freeze: x}]}, done: t}}", "{sign: {by: a, act: teken, with: {method-unavailable: {}}, prepare: {act: siap, do: [{freeze: file}]}, done: t}}",
        "{gather: kata}", "{gather: {}}", "{gather: {track: j, until: all, done: t, returned: s}}", "{gather: {until: all, done: t, returned: s}}", "{gather: {track: j, done: t, returned: s}}", "{gather: {track: j, until: all, returned: s}}", "{gather: {track: j, until: all, done: t}}", "{gather: {track: j, until: semua, done: T, returned: [s]}}", "{gather: {track: j, until: any, done: t, returned: s}}",
    )),
}  # fmt: skip
EFFECTS = {
    "states": tuple(standing(f"on_enter: {value}") for value in (
        "kata", "{notify: a}", "[]", "[kata]", "[[]]", "[{}]", "[{notify: a}]", "[{notify: [a, b]}, {number: surat-masuk}, {number: Surat}, {freeze: file}, {freeze: berkas}, {archive: by-classification}, {send: addressees}, {signed: wet}, {signed: kering}]", "[{set: {urgency: segera, place: form.kepada}}]", "[{set: {}}]", "[{set: []}]", "[{set: {X: y, place: [a], subject: ''}}]", "[{set: kata}]", "[{pdf: naskah, code: true}]", "[{pdf: naskah, code: ya}]", "[{pdf: naskah, kode: true}]", "[{notify: a, number: x}]", "[{number: x, notify: a}]", "[{seal: x}]", "[{lain: x}]", "[{lain: [a, {b: c}], opsi: {d: e}, Lain: y}]", "[{Lain: x}]", "[{Lain: x, lain: y}]", "[{notify: superior ov a}]", "[{'': x}]",
    )),
}  # fmt: skip
BESIDE = {
    "absence": (
        "[]", "kata", "{stand_in: plh}", "[kata]", "[{}]", "[{stand_in: plh}, {stand_in: plt, needs_order: true}, {stand_in: substitute, needs_order: false}, {stand_in: none, notify: b}]", "[{stand_in: none}]", "[{stand_in: none, notify: b}, {stand_in: plh}]", "[{stand_in: none, notify: b}, {stand_in: none, notify: b}, {stand_in: plh}]", "[{stand_in: plh}, {stand_in: plh, needs_order: true}]", "[{stand_in: plh}, {stand_in: plt}, {stand_in: plh}]", "[{stand_in: none, notify: b, needs_order: true}]", "[{stand_in: none, notify: [a, b], needs_order: false}]", "[{stand_in: plh, notify: b}]", "[{stand_in: plg}]", "[{needs_order: true, notify: b}, {stand_in: plh}]", "[{stand_in: plh, needs_order: ya, notify: superior ov b}]", "[{stand_in: none, notify: []}]",
    ),
    "promises": (
        "[]", "kata", "[kata]", "[{}]", "[{never: state is s, says: Tidak.}]", "[{never: state is s}]", "[{never: state is, says: Tidak.}]", "[{never: state is s, says: ''}]", "[{always_possible: t}]", "[{always_possible: s or t, says: Selalu.}]", "[{always_possible: s  or  t or s}]", "[{always_possible: s or}]", "[{always_possible: s or X}]", "[{always_possible: s, never: state is t, says: X}]", "[{within: 3 days, to: t}]", "[{within: 3 days, to: [s, t], says: Cepat.}]", "[{within: 3 days}]", "[{to: t}]", "[{never: state is s, to: t, says: X}]", "[{within: kata, to: t}]", "[{within: 3 days, to: T}]", "[{says: X}]", "[{always_possible: [s]}]", "[{nver: state is s, says: X}]",
    ),
    "migrate": (
        "[]", "kata", "[kata]", "[{}]", "[{from: 1}]", "[{from: 2, states: {lama: s, tua: t}, tracks: {j: {x: p}, k: {}}, restart: [s, t]}]", "[{from: 3}]", "[{from: 4}]", "[{from: 1}, {from: 2}, {from: 1}]", "[{from: satu}, {from: 2}]", "[{states: {a: s}}, {from: 2}]", "[{from: 1, states: [a], tracks: [j], restart: {a: b}}]", "[{from: 1, states: {A: s, b: S}, tracks: {J: {}, j: [], k: {a: [b]}}, restart: S}]", "[{frm: 1}]",
    ),
    "open": (
        "[]", "kata", "[kata]", "[{}]", "[{path: states.s, change: free}]", "[{path: states.*.deadline, change: shorter}, {path: cast.a, change: narrower}]", "[{path: states.s}]", "[{change: free}]", "[{path: states.s, change: bebas}]", "[{path: states..s, change: free}]", "[{path: States.s, change: free}]", "[{path: [states], change: free}]", "[{insert_between: [s, t]}]", "[{insert_between: [s, t], change: free}]", "[{insert_between: [s]}]", "[{insert_between: [s, t, s]}]", "[{insert_between: s}]", "[{insert_between: [s, T]}]", "[{insert_between: [s, []]}]", "[{insert_between: {s: t}}]", "[{path: states.s, insert_between: [s, t], change: free}]",
        "[{path: a" + ".b" * 15 + ", change: free}]", "[{path: a" + ".b" * 16 + ", change: free}]", "[{path: " + "a" * 300 + ", change: free}]", "[{path: " + "a" * 301 + ", change: free}]", "[" + ", ".join(["{path: states.s, change: free}"] * 50) + "]", "[" + ", ".join(["{path: states.s, change: free}"] * 51) + "]",
    ),
}  # fmt: skip
TESTS = {
    "tests": (
        "{}", "[]", "kata", "{satu: []}", "{satu: kata, dua: {run: []}, tiga: ya}", "{satu: {}}", "{include: base}", "{include: base, satu: kata}", "{include: {run: [{wait: 1 day}]}}", "{satu: {run: [{who: a, act: kirim}]}}", "{satu: {letter: {subject: A, classification: [1, 2]}, org: {author: x}, through: [s, t], run: [{who: a, act: kirim, form: {kepada: [x], b: {c: d}}, denied: Isi dulu.}]}}", "{satu: {letter: [], org: kata, through: {}, run: {}}}", "{satu: {run: [kata, [], {}]}}", "{satu: {run: [{who: a}]}}", "{satu: {run: [{act: kirim}]}}", "{satu: {run: [{who: a, act: kirim, wait: 1 day}]}}", "{satu: {run: [{wait: 1 day, who: a}]}}", "{satu: {run: [{wait: 1 day, form: {}, denied: X}]}}", "{satu: {run: [{wait: kata}, {wait: [1 day]}, {wait: 2 working days}]}}", "{satu: {run: [{read: a}, {read: [a]}, {read: A}, {read: ''}]}}",
        "{satu: {run: [{expect: {}}, {expect: []}, {expect: {state: s, waits_for: [a, b]}}, {expect: {stat: s}}]}}", "{satu: {run: [{who: [a], act: [kirim], form: [], denied: []}]}}", "{satu: {run: [{expect: {}, form: {}, who: a}]}}", f"{{{'x' * 120}: {{run: []}}}}", f"{{{'x' * 121}: {{run: []}}}}", "{'': {run: []}}", "{satu: {run: [" + ", ".join(["{wait: 1 day}"] * 200) + "]}}", "{satu: {run: [" + ", ".join(["{wait: 1 day}"] * 201) + "]}}", "{" + ", ".join(f"u{n}: {{run: []}}" for n in range(100)) + "}", "{" + ", ".join(f"u{n}: {{run: []}}" for n in range(101)) + "}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "parts"),
    {
        "heads": HEADS,
        "names": NAMES,
        "states": STATES,
        "ways": WAYS,
        "effects": EFFECTS,
        "beside": BESIDE,
        "tests": TESTS,
    }.items(),
)
def test_a_part_of_a_flow_is_read_or_refused_like_this(name, parts, approved):
    approved(f"parts_{name}.txt", once(told(parts), numbered=True))
