"""The public verdict on a letter or a file in the words of the page; `services.public` decides what may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.services.public import OTHER_LETTER, Brought, PublicFacts, Signatory
from intranet_surat.services.seals import METHOD
from intranet_surat.services.verifying import LABELS, Verdict
from intranet_surat.services.verifying_facts import CHANGES, LEVELS, SignatureFacts
from intranet_surat.web.words import Words

OFFICIAL = "https://tte.komdigi.go.id/verifyPDF"
"""The national page for signed files, where anybody may have a second opinion; `docs/signing.md` names it too."""

MARKS: Mapping[str, str] = {"sah": "good", "tidak": "bad", "belum": "wait"}
STATES: Mapping[str, str] = {"sah": "st-done", "tidak": "st-bad", "belum": "st-warn"}
ARCHIVE: Mapping[str, str] = {
    "same": "Sama dengan arsip kami.",
    "earlier": "Versi sebelumnya dari surat ini; sesudahnya ditambah tanda tangan atau bukti, isinya sama.",
    "other": "Tidak sama dengan berkas surat ini dalam arsip kami.",
    "none": "Tidak ada dalam arsip kami yang terbuka untuk umum.",
}


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature: who, the verdict as a word with its colour, label and value of what counts, and of the rest."""

    who: str
    state: str
    label: str
    facts: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The verdict: ``mark`` is ``good``, ``bad`` or ``wait``; ``facts`` are label and value.

    ``seals`` tells how many of the signatures are seals of the agency.
    """

    mark: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    found: tuple[str, ...]
    hash: str
    known: bool
    masked: bool = False
    signatures: tuple[SignatureLine, ...] = ()
    seals: int = 0


def of_letter(told: PublicFacts, words: Words) -> PublicPage:
    """Return the page of a token; every unknown token gives the same one."""
    if not told.known:
        return PublicPage(
            "wait",
            "Tidak terdaftar",
            "Kode ini tidak menunjuk surat yang terdaftar pada kami. Periksa alamat pada kode QR surat Anda; "
            "bila kodenya diketik, periksa huruf besar dan kecilnya.",
            (),
            (),
            "",
            known=False,
        )
    mark, title, sentence = _judged(told)
    return PublicPage(
        mark,
        title,
        sentence,
        facts(told, words),
        () if mark == "good" else tuple(told.verdict.reasons),
        told.sha256,
        True,
        told.masked,
        signatures(told.verdict, told.signatories, words, told.seals),
        len(told.seals),
    )


def of_file(seen: Brought, words: Words) -> PublicPage:
    """Return the page for a file that somebody brought to compare."""
    mark = MARKS[seen.verdict.overall]
    title, sentence = _of_file(seen, mark)
    return PublicPage(
        mark,
        title,
        sentence,
        (*facts(seen.letter, words), ("Dalam arsip", ARCHIVE[seen.archive])),
        () if mark == "good" else seen.verdict.reasons,
        seen.verdict.sha256,
        seen.letter.known,
        seen.letter.masked,
        signatures(seen.verdict, seen.letter.signatories, words, seen.seals),
        len(seen.seals),
    )


def facts(told: PublicFacts, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what may be told of the letter, empty values left out."""
    sealed = told.method == METHOD
    counts = [each for each in told.verdict.signatures if sealed or each.field not in told.seals]
    last = counts[-1] if counts else None
    rows = [
        ("Kantor", told.office),
        ("Nomor", told.number),
        ("Tanggal", words.date(told.letter_date)),
        ("Hal", told.subject),
        *_signatories(told),
        ("Waktu segel" if sealed else "Waktu tanda tangan", _when(last, words) if last is not None else ""),
        ("Sertifikat", last.issuer if last is not None else ""),
    ]
    return tuple((label, value) for label, value in rows if value)


def _signatories(told: PublicFacts) -> list[tuple[str, str]]:
    """Who signed: of several each in his order, with the order by which he acted; of a seal who answers for it."""
    if told.method == METHOD:
        return [("Disegel oleh", told.signatory_name), ("Penanggung jawab", told.signatory_position)]
    if len(told.signatories) < 2:
        named = (told.signatory_position, told.signatory_order, told.signatory_name)
        return list(zip(("Penanda tangan", "Surat perintah", "Nama"), named, strict=True))
    return [
        (f"Penanda tangan {number}", ", ".join(part for part in (each.name, each.position, each.order) if part))
        for number, each in enumerate(told.signatories, 1)
    ]


def signatures(
    verdict: Verdict, signatories: tuple[Signatory, ...], words: Words, seals: frozenset[str] = frozenset()
) -> tuple[SignatureLine, ...]:
    """Return each signature in the order of their times; ``seals`` are the fields of those that are the agency's."""
    posts = {each.field: each for each in signatories}
    dated = [each for each in verdict.signatures if each.signed_at]
    undated = [each for each in verdict.signatures if not each.signed_at]
    ordered = [*sorted(dated, key=lambda one: words.local(one.signed_at)), *undated]
    sealing = Signatory("", "segel elektronik instansi, bukan tanda tangan pejabat", "")
    return tuple(_line(each, sealing if each.field in seals else posts.get(each.field), words) for each in ordered)


def _line(each: SignatureFacts, post: Signatory | None, words: Words) -> SignatureLine:
    rows = [
        ("Sebagai", post.position if post is not None else ""),
        ("Menurut sertifikat", each.post if post is None else ""),
        ("Surat perintah", post.order if post is not None else ""),
        ("Waktu", _when(each, words)),
        ("Penerbit sertifikat", each.issuer),
        (
            "Sertifikat berlaku",
            f"{words.date(each.valid_from)} sampai {words.date(each.valid_to)}" if each.valid_to else "",
        ),
        ("Isi berkas", CHANGES[each.changed]),
    ]
    details = [
        ("Pembuktian", LEVELS[each.level]),
        ("Stempel waktu oleh", each.stamped_by),
        ("Nomor seri sertifikat", each.certificate),
        ("Ruas tanda tangan", each.field),
    ]
    return SignatureLine(
        each.signer or "Tanpa nama",
        STATES[each.overall],
        LABELS[each.overall],
        tuple(row for row in rows if row[1]),
        tuple(row for row in details if row[1]),
        each.reasons,
    )


def _when(each: SignatureFacts, words: Words) -> str:
    """The time, and by whose clock."""
    if each.stamped_at:
        return f"{words.full_moment(each.stamped_at)}, dibuktikan stempel waktu"
    return f"{words.full_moment(each.signed_at)}, menurut jam penanda tangan" if each.signed_at else "Tidak disebut"


def _judged(told: PublicFacts) -> tuple[str, str, str]:
    office = _listed([each.position for each in told.signatories[:-1]], told.signatory_position) or told.office
    if told.method == "wet" and told.verdict.overall != "tidak":
        return "wait", "Terdaftar, ditandatangani tinta", f"Surat ini tercatat pada kami dari {office}."
    if told.verdict.overall == "sah" and told.method == METHOD:
        by = told.signatory_name or told.office
        return "good", "Asli dan utuh", f"Berkas ini disegel secara elektronik oleh {by} dan tidak berubah sejak itu."
    if told.verdict.overall == "sah":
        return "good", "Asli dan utuh", f"Surat ini ditandatangani {office} dan tidak berubah sejak itu."
    if told.verdict.overall == "tidak":
        return "bad", "Surat ini tidak sah", "Berkas surat ini dalam arsip kami tidak cocok dengan tanda tangannya."
    return "wait", "Belum dapat dipastikan", "Surat ini tercatat pada kami, tetapi belum dapat diperiksa sampai tuntas."


def _listed(others: list[str], last: str) -> str:
    return f"{', '.join(others)} dan {last}" if others and last else last


def _of_file(seen: Brought, mark: str) -> tuple[str, str]:
    signed = seen.verdict.signatures
    if mark == "good" and signed and all(each.field in seen.seals for each in signed):
        return "Berkas ini asli dan utuh", f"Berkas yang Anda unggah sama dengan yang disegel oleh {signed[-1].signer}."
    if mark == "good":
        return "Berkas ini asli dan utuh", "Berkas yang Anda unggah sama dengan yang ditandatangani."
    if mark == "wait":
        return "Belum dapat dipastikan", "Berkas yang Anda unggah belum dapat dipastikan keasliannya."
    if signed and OTHER_LETTER not in seen.verdict.reasons and all(each.changed != "yes" for each in signed):
        return "Berkas ini tidak sah", "Tanda tangan pada berkas yang Anda unggah tidak sah. Jangan dipakai."
    return (
        "Berkas ini sudah berubah",
        "Isi berkas yang Anda unggah tidak sama dengan yang ditandatangani. Jangan dipakai.",
    )


def as_json(told: PublicFacts) -> dict[str, Any]:
    """Return the same for programs."""
    return {"@type": "Verification", **told.as_dict()}
