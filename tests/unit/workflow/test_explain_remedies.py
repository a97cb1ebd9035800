"""What a remedy promises where people are appointed on the way, fields are written anew, or branches hang together."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from generated_office import Walk, office

from intranet_surat.workflow.explain import Explanation
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.view import Actor, Make

CAST = {
    "tu": "role tata_usaha of office", "ag": "role agendaris of office", "bos": "superior of author",
    "sek": "position sekretaris of office", "ttd": "holder of letter.signatory", "kepala": "head of office",
}  # fmt: skip
RULES = {
    "satu": "letter.a is satu", "isi": "letter.b is present", "sama": "letter.b equals letter.a",
    "atasan": "actor among bos", "bukan_tadi": "actor not among actors of awal",
}  # fmt: skip
STRANGER = Actor("orang-luar", "luar")


def acts(name: str, by: str, to: str, *, more: dict[str, Any] | None = None, **action: Any) -> dict[str, Any]:
    """A state with one action."""
    made = {"title": name.capitalize(), "by": by, "to": to, **action}
    return {"title": f"Keadaan {name}", "actions": {name: made}, **(more or {})}


def letter(states: dict[str, Any], fields: dict[str, Any] | None = None, **who: list[str]) -> Walk:
    """A letter of p2, below p1, below p0, each held by one person; nobody has a role or a post but those told."""
    told = json.dumps(states)
    rules = {name: each for name, each in RULES.items() if f'"{name}"' in told}
    words = {*re.findall(r"\w+", f"{told} {rules}")}
    written = {
        "flow": "surat/1", "id": "janji", "version": "1", "title": "Janji", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "cast": {name: each for name, each in CAST.items() if name in words},
        "rules": {name: {"if": each, "says": f"Aturan {name}."} for name, each in rules.items()},
        "states": {**states, "akhir": {"title": "Akhir", "final": "true"}},
    }  # fmt: skip
    flow = load(json.dumps(written, indent=1), "janji.yaml")
    org = office(Random(1), flow)
    org.bosses, org.holders = {"p1": "p0", "p2": "p1"}, {"p0": "o0", "p1": "o1", "p2": "o2"}
    org.roles = {"tata_usaha": who.get("tu", []), "agendaris": who.get("ag", [])}
    org.posts = {"sekretaris": who.get("sek", [])}
    org.deputies, org.author, org.fields = {}, "p2", {"signatory": "p0", **(fields or {})}
    return Walk(flow, org, Random(1))


def asked(on: Walk, action: str) -> Explanation:
    return on.asked(on.stage.letter, STRANGER, action)


def needs(answer: Explanation) -> list[tuple[str, str, Any]]:
    """What must be made true, each as what, of what, and the value that is proposed or the names of acts."""
    assert answer.remedy is not None
    return [(make.what, make.of, _short(make)) for make in answer.remedy.make]


def _short(make: Make) -> Any:
    if make.what == "state":
        return [leg["action"] for leg in make.value]
    if make.what == "field":
        return make.value["example"]
    return make.value


def then(answer: Explanation) -> str:
    assert answer.remedy is not None
    return answer.remedy.then


def applied(on: Walk, action: str) -> tuple[str, int]:
    return on.apply(on.stage.letter, STRANGER, action)


def test_two_branches_that_ask_opposite_things_of_one_field_are_never_taken_at_once() -> None:
    on = letter({
        "awal": {**acts("maju", "author", "pilih"), "start": "true", "edit": "author"},
        "pilih": {"choose": [{"when": "satu", "to": "kiri"}, {"else": "true", "to": "lagi"}]},
        "lagi": {"choose": [{"when": "satu", "to": "buntu"}, {"else": "true", "to": "kanan"}]},
        "kiri": acts("tutup", "author", "akhir"), "kanan": acts("buka", "author", "akhir"),
        "buntu": acts("terobos", "author", "akhir"),
    })  # fmt: skip
    found = asked(on, "terobos")
    assert found.remedy is not None
    assert found.remedy.never == "Keadaan 'Keadaan terobos' tidak dapat dicapai lagi dari 'Keadaan maju'."
    assert needs(asked(on, "tutup")) == [("field", "letter.a", "satu"), ("state", "kiri", ["maju"])]
    assert needs(asked(on, "buka")) == [("state", "kanan", ["maju"])]


def test_a_branch_behind_one_that_writes_the_field_is_asked_for_what_was_written() -> None:
    on = letter({
        "awal": {**acts("maju", "author", "pilih"), "start": "true", "edit": "author"},
        "pilih": {"choose": [{"when": "satu", "to": "kiri"}, {"else": "true", "to": "tulis"}]},
        "tulis": {"on_enter": [{"set": {"a": "satu"}}],
                  "choose": [{"when": "satu", "to": "kanan"}, {"else": "true", "to": "kiri"}]},
        "kiri": acts("tutup", "author", "akhir"), "kanan": acts("buka", "author", "akhir"),
    })  # fmt: skip
    assert needs(asked(on, "buka")) == [("state", "kanan", ["maju"])]
    assert applied(on, "buka") == ("", 1)


def test_what_an_act_on_the_way_writes_is_not_promised_to_be_mended_before_it() -> None:
    on = letter({
        "awal": {**acts("maju", "author", "tulis", needs=["sama"]), "start": "true", "edit": "author"},
        "tulis": acts("tulis_ulang", "author", "akhiri", do=[{"set": {"b": "yes"}}]),
        "akhiri": acts("tutup", "author", "akhir", needs=["sama"]),
    }, {"a": "satu"})  # fmt: skip
    assert needs(asked(on, "tutup")) == [
        ("field", "letter.b", "satu"), ("state", "akhiri", ["maju", "tulis_ulang"]), ("field", "letter.a", "yes"),
    ]  # fmt: skip


def test_what_an_act_has_written_can_be_mended_in_a_state_behind_it() -> None:
    on = letter({
        "awal": {**acts("tulis_ulang", "author", "akhiri", do=[{"set": {"b": "yes"}}]), "start": "true"},
        "akhiri": acts("tutup", "author", "akhir", needs=["sama"], more={"edit": "author"}),
    }, {"a": "satu"})  # fmt: skip
    assert needs(asked(on, "tutup")) == [("state", "akhiri", ["tulis_ulang"]), ("field", "letter.b", "satu")]
    assert applied(on, "tutup") == ("", 1)


def test_a_vacant_position_is_given_to_one_of_those_whom_the_rules_want() -> None:
    on = letter({"awal": {**acts("maju", "sek", "akhir", needs=["atasan"]), "start": "true"}}, sek=["p9"])
    found = asked(on, "maju")
    assert needs(found) == [("holder", "p9", {"one_of": ["p1"]})]
    assert found.remedy is not None
    assert (found.remedy.as_, found.remedy.make[0].says) == (("p9",), "P9 harus dirangkap oleh P1.")
    assert applied(on, "maju") == ("", 1)


def test_a_vacant_position_that_the_rules_want_itself_is_given_to_anybody() -> None:
    on = letter({"awal": {**acts("maju", "bos", "akhir", needs=["atasan"]), "start": "true"}})
    on.org.holders.pop("p1")
    assert needs(asked(on, "maju")) == [("holder", "p1", None)]
    assert applied(on, "maju") == ("", 1)


def test_one_must_ask_again_where_two_acts_want_different_people_in_one_vacant_position() -> None:
    on = letter({
        "awal": {**acts("maju", "sek", "akhiri", needs=["atasan"]), "start": "true"},
        "akhiri": acts("tutup", "sek", "akhir"),
    }, sek=["p9"])  # fmt: skip
    found = asked(on, "tutup")
    assert needs(found) == [("holder", "p9", {"one_of": ["p1"]}), ("state", "akhiri", ["maju"])]
    assert then(found).startswith("Tanyakan lagi sesudahnya: apakah pejabat itu boleh")
    assert applied(on, "tutup") == ("", 2)


def test_who_is_appointed_for_an_act_may_be_refused_where_rules_ask_who_acted_before() -> None:
    on = letter({
        "awal": {**acts("maju", "sek", "akhiri"), "start": "true"},
        "akhiri": acts("tutup", "sek", "akhir", needs=["bukan_tadi"]),
    })  # fmt: skip
    found = asked(on, "tutup")
    assert needs(found) == [
        ("position", "position sekretaris of office", {"office": "KANTOR", "position": "sekretaris"})
    ]
    assert then(found).startswith("Tanyakan lagi sesudahnya: apakah pejabat itu boleh")


def test_an_appointment_is_told_whole_where_no_rule_asks_who_acted() -> None:
    on = letter({
        "awal": {**acts("maju", "sek", "akhiri"), "start": "true"}, "akhiri": acts("tutup", "tu", "akhir"),
    }, tu=["p0"])  # fmt: skip
    found = asked(on, "tutup")
    assert [each[:2] for each in needs(found)] == [("position", "position sekretaris of office"), ("state", "akhiri")]
    assert (then(found), applied(on, "tutup")) == ("", ("", 1))


def test_of_several_who_are_appointed_the_last_is_who_acts() -> None:
    route = {"act": "paraf", "title": "Paraf", "levels": [{"who": "ag", "need": "any"}], "done": "akhir"}
    on = letter({
        "awal": {**acts("maju", "tu", "paraf"), "start": "true"}, "paraf": {"title": "Paraf", "route": route},
    })  # fmt: skip
    found = asked(on, "maju")
    assert [each[1] for each in needs(found)] == ["role agendaris of office", "role tata_usaha of office"]
    assert [each[1] for each in needs(asked(on, "paraf"))][:3] == [
        "role agendaris of office", "role tata_usaha of office", "paraf",
    ]  # fmt: skip
    assert (then(found), applied(on, "maju")) == ("", ("", 1))


ROUTE = {"act": "paraf", "title": "Paraf", "levels": "superiors of author below ttd", "done": "akhir"}


def test_where_the_signatory_is_not_above_the_author_another_is_chosen_as_long_as_the_letter_can_be_edited() -> None:
    states = {
        "awal": {**acts("maju", "author", "paraf"), "start": "true", "edit": "author"},
        "paraf": {"title": "Paraf", "route": ROUTE},
    }
    on = letter(states, {"signatory": "p9"})
    found = asked(on, "maju")
    assert needs(found) == [("field", "letter.signatory", "p1")]
    assert found.remedy is not None
    assert found.remedy.make[0].value["tests"] == [{"op": "in", "values": ["p1", "p0"], "holds": True}]
    assert found.remedy.make[0].says == "Pilih penanda tangan di atas penyusun surat."
    assert then(found).startswith("Tanyakan lagi sesudahnya: atasan atau penanda tangan yang baru")
    assert needs(asked(on, "paraf")) == [("field", "letter.signatory", "p0")]
    assert applied(on, "paraf") == ("", 2)


def test_where_nobody_may_edit_the_letter_the_chain_of_superiors_must_change_and_one_asks_again() -> None:
    on = letter({
        "awal": {**acts("maju", "author", "paraf"), "start": "true"}, "paraf": {"title": "Paraf", "route": ROUTE},
    }, {"signatory": "p9"})  # fmt: skip
    on.org.bosses["p9"] = "p0"
    found = asked(on, "maju")
    assert needs(found) == [("position", "superiors of author below ttd", {"office": "KANTOR", "chain": ["p2", "p9"]})]
    assert found.remedy is not None
    assert found.remedy.make[0].says == "P9 harus berada di atas P2, atau penanda tangan lain dipilih."
    assert then(found).startswith("Tanyakan lagi sesudahnya: atasan atau penanda tangan yang baru")
    assert applied(on, "maju") == ("", 2)
