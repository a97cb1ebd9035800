"""What a stored letter prints: the foot tells the truth about the certificate, sealed values show only on paper."""

from __future__ import annotations

import dataclasses

from intranet_surat.services import letter_pdf
from intranet_surat.services.rendering_facts import FOOTER


def with_provider(house, **changes):
    provider = house.provider()
    able = dataclasses.replace(provider.capabilities, **changes)
    return dataclasses.replace(house, providers={"pkcs12": dataclasses.replace(provider, capabilities=able)})


def test_the_foot_of_a_demo_letter_does_not_name_the_national_authority(desk):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    lines = letter_pdf.facts(desk.house, desk.site, letter, desk.now, method="pades").footer
    assert "UJI COBA" in lines[1]
    assert not any("BSrE" in line for line in lines)


def test_the_foot_of_a_certified_signature_is_the_usual_formula(desk):
    assert letter_pdf.footer(with_provider(desk.house, certified=True, demo=False)) == FOOTER


def test_a_local_certificate_is_not_called_certified(desk):
    lines = letter_pdf.footer(with_provider(desk.house, certified=False, demo=False))
    assert lines[1] == "Dokumen ini telah ditandatangani secara elektronik."


def test_an_office_writes_its_own_foot_in_the_settings(desk):
    settings = dataclasses.replace(desk.house.settings, footer="Satu\nDua")
    assert letter_pdf.footer(dataclasses.replace(desk.house, settings=settings)) == ("Satu", "Dua")


def test_the_head_of_the_regency_writes_under_the_post_and_an_office_under_its_name(desk):
    assert letter_pdf.letterhead(desk.house, desk.site, desk.site.office("KDH")).style == "jabatan"
    head = letter_pdf.letterhead(desk.house, desk.site, desk.site.office("DINKES"))
    assert head.lines == ("Pemerintah Kabupaten Serang", "Dinas Kesehatan")


def test_a_draft_masks_what_the_final_paper_shows_whole(desk):
    letter = desk.draft("staf-kesmas.dinkes", "DINKES")
    from intranet_surat.services import private

    letter.private = private.seal(desk.house.settings.private_key, letter.id, {"nik": "3604123456780001"})
    assert letter_pdf.opened(desk.house, letter, whole=True) == {"nik": "3604123456780001"}
    assert letter_pdf.opened(desk.house, letter, whole=False)["nik"] == "3604**********01"
