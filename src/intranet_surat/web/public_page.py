"""The public verdict on a letter or a file in the words of the page; `services.public` decides what may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from intranet_surat.services.public import PublicFacts
from intranet_surat.services.verifying import Verdict
from intranet_surat.web.words import Words


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The verdict: ``mark`` is ``good``, ``bad`` or ``wait``; ``facts`` are label and value."""

    mark: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    found: tuple[str, ...]
    hash: str
    known: bool
    masked: bool = False


def of_letter(told: PublicFacts, words: Words) -> PublicPage:
    """Return the page of a token; every unknown token gives the same one."""
    if not told.known:
        return PublicPage(
            "wait",
            "Tidak terdaftar",
            "Kode ini tidak menunjuk surat yang terdaftar pada kami. Periksa alamat pada kode QR surat Anda.",
            (),
            (),
            "",
            known=False,
        )
    mark, title, sentence = _judged(told)
    return PublicPage(
        mark, title, sentence, facts(told, words), _reasons(told.verdict, mark), told.sha256, True, told.masked
    )


def of_file(told: PublicFacts, verdict: Verdict, words: Words) -> PublicPage:
    """Return the page for a file that somebody brought to compare."""
    mark = {"sah": "good", "tidak": "bad"}.get(verdict.overall, "wait")
    title, sentence = {
        "good": ("Berkas ini asli dan utuh", "Berkas yang Anda unggah sama dengan yang ditandatangani."),
        "bad": (
            "Berkas ini sudah berubah",
            "Isi berkas yang Anda unggah tidak sama dengan yang ditandatangani. Jangan dipakai.",
        ),
        "wait": ("Belum dapat dipastikan", "Berkas yang Anda unggah belum dapat dipastikan keasliannya."),
    }[mark]
    return PublicPage(mark, title, sentence, facts(told, words), verdict.reasons, verdict.sha256, told.known)


def facts(told: PublicFacts, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what may be told of the letter, empty values left out."""
    signatures = told.verdict.signatures
    last = signatures[-1] if signatures else None
    rows = [
        ("Kantor", told.office),
        ("Nomor", told.number),
        ("Tanggal", words.date(told.letter_date)),
        ("Hal", told.subject),
        ("Penanda tangan", told.signatory_position),
        ("Surat perintah", told.signatory_order),
        ("Nama", told.signatory_name),
        ("Waktu tanda tangan", words.full_moment(last.signed_at) if last is not None and last.signed_at else ""),
        ("Sertifikat", str(getattr(last, "issuer", "")) if last is not None else ""),
    ]
    return tuple((label, value) for label, value in rows if value)


def _judged(told: PublicFacts) -> tuple[str, str, str]:
    office = told.signatory_position or told.office
    if told.method == "wet" and told.verdict.overall != "tidak":
        return "wait", "Terdaftar, ditandatangani tinta", f"Surat ini tercatat pada kami dari {office}."
    if told.verdict.overall == "sah":
        return "good", "Asli dan utuh", f"Surat ini ditandatangani {office} dan tidak berubah sejak itu."
    if told.verdict.overall == "tidak":
        return "bad", "Surat ini tidak sah", "Berkas surat ini dalam arsip kami tidak cocok dengan tanda tangannya."
    return "wait", "Belum dapat dipastikan", "Surat ini tercatat pada kami, tetapi belum dapat diperiksa sampai tuntas."


def _reasons(verdict: Verdict, mark: str) -> tuple[str, ...]:
    return () if mark == "good" else tuple(verdict.reasons)


def as_json(told: PublicFacts) -> dict[str, Any]:
    """Return the same for programs."""
    return {"@type": "Verification", **told.as_dict()}
