"""Registering what comes in: the form, the scan that stays, the number, and the letter that may be there already."""

from __future__ import annotations

from steps import register


def test_the_registrar_gets_the_agenda_number_to_write_on_the_paper(enter):
    registrar = enter("agendaris.dinkes")
    url = register(registrar)
    page = registrar.get(url + "@@tercatat")
    assert "Tercatat sebagai agenda 1" in page
    assert "Tulis nomor ini pada kertas" in page
    registrar.get(url)
