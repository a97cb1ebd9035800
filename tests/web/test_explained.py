"""Why not, who can, and what first: on the page of a letter, as JSON, and only for those who see it."""

from __future__ import annotations

from programs import Program
from steps import INCOMING, pdf

NEW = "/dinkes/surat-masuk/@@tambah"


def without_scan(app):
    return Program(app, "agendaris.dinkes").post(NEW, INCOMING, 201)["@id"]


def explained(app, login, letter, action=""):
    found = Program(app, login).get(f"{letter}@@jelaskan{f'/{action}' if action else ''}")
    return {each["id"]: each for each in found["items"]}


def test_every_action_of_the_flow_is_answered(app):
    letter = without_scan(app)
    found = explained(app, "agendaris.dinkes", letter)
    assert {"naikkan", "salah_alamat", "disposisi", "berkaskan"} <= set(found)
    assert found["salah_alamat"]["allowed"]
    assert all(each["allowed"] or (each["why"] and each["remedy"]) for each in found.values())


def test_a_missing_scan_is_told_as_the_field_that_must_be_filled(app):
    letter = without_scan(app)
    naikkan = explained(app, "agendaris.dinkes", letter, "naikkan")["naikkan"]
    [make] = naikkan["remedy"]["make"]
    assert (make["what"], make["of"]) == ("field", "letter.scan")
    assert make["value"]["tests"] == [{"op": "present", "values": [], "holds": True}]
    assert make["says"] == naikkan["why"]


def test_a_state_ahead_is_told_with_the_acts_that_lead_there(app):
    letter = without_scan(app)
    disposisi = explained(app, "agendaris.dinkes", letter)["disposisi"]
    assert not disposisi["here"]
    assert disposisi["remedy"]["as_title"]
    steps = disposisi["remedy"]["make"][-1]
    assert steps["what"] == "state"
    assert steps["value"][0]["action"] == "naikkan"


def test_a_refused_act_carries_the_same_remedy(app):
    letter = without_scan(app)
    refused = Program(app, "agendaris.dinkes").act(letter, "naikkan", status=403)
    naikkan = explained(app, "agendaris.dinkes", letter, "naikkan")["naikkan"]
    assert refused["message"] == naikkan["why"]
    assert refused["remedy"]["make"] == naikkan["remedy"]["make"]


def test_who_may_not_see_the_letter_is_told_nothing(app):
    letter = without_scan(app)
    Program(app, "kepala.bpkad").get(f"{letter}@@jelaskan", 404)


def test_the_page_says_what_has_to_happen_first(app, enter):
    letter = Program(app, "agendaris.dinkes").send(NEW, INCOMING, 201, pindai=pdf(1))["@id"]
    page = enter("agendaris.dinkes").get(letter).html
    told = page.select_one("details .refused").get_text()
    assert "Langkah sebelumnya: Naikkan ke Sekretaris (Agendaris Dinkes); lalu " in told
    assert page.select_one("details:has(.refused) summary").get_text() == "Masih beberapa langkah lagi (1)"
