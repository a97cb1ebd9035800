"""The public verdict on a letter or a file in the words of the page; `services.public` decides what may be told.

What is ours to say is an `Ours`, so that it can be said in another language; what people wrote is text and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.services.public import OTHER_LETTER, Archive, Brought, PublicFacts, Signatory
from intranet_surat.services.verifying import INCOMPLETE, LABELS, SUPERSEDED, Verdict
from intranet_surat.services.verifying_facts import CHANGES, LEVELS, SignatureFacts
from intranet_surat.services.verifying_pdf import BROKEN, NO_PDF
from intranet_surat.web.words import Words
from intranet_surat.workflow.model_words import SEAL, WET

OFFICIAL = "https://tte.komdigi.go.id/verifyPDF"
"""The national page for signed files, where anybody may have a second opinion; `docs/signing.md` names it too."""

MARKS: Mapping[str, str] = {"sah": "good", "tidak": "bad", "belum": "wait"}
STATES: Mapping[str, str] = {"sah": "st-done", "tidak": "st-bad", "belum": "st-warn"}
ARCHIVE: Mapping[Archive, str] = {
    "same": "Sama dengan arsip kami.",
    "without-evidence": "Sama isinya dengan arsip kami; sesudahnya hanya ditambah bukti, seperti stempel waktu.",
    "earlier": "Lebih lama daripada arsip kami; sesudahnya ditambah tanda tangan atau segel, isinya sama.",
    "other": "Tidak sama dengan berkas surat ini dalam arsip kami.",
    "unused": "Ada pada kami sebagai berkas yang tidak dipakai.",
    "none": "Tidak ada dalam arsip kami yang terbuka untuk umum.",
}


class Ours:
    """A sentence or word of ours by its Indonesian text, ``gaps`` filled with what people wrote or more of ours."""

    __slots__ = ("gaps", "text")

    def __init__(self, text: str, **gaps: Telling) -> None:
        self.text, self.gaps = text, gaps

    def __str__(self) -> str:
        return self.text.format(**self.gaps) if self.gaps else self.text


Telling = Ours | str
"""What we say, or what people wrote."""
Row = tuple[Telling, Telling]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature: who, the verdict as a word with its colour, label and value of what counts, and of the rest.

    ``reasons`` are sentences of ours, already filled.
    """

    who: Telling
    state: str
    label: Telling
    facts: tuple[Row, ...]
    details: tuple[Row, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The verdict: ``mark`` is ``good``, ``bad`` or ``wait``; ``facts`` are label and value.

    ``found`` are sentences of ours, already filled. ``seals`` tells how many of the signatures are seals of the agency,
    ``hash_signed`` is the file's hash as it was signed, where something was added since; ``signed_since`` when that was
    more than evidence.
    """

    mark: str
    title: Telling
    sentence: Telling
    facts: tuple[Row, ...]
    found: tuple[str, ...]
    hash: str
    known: bool
    masked: bool = False
    signatures: tuple[SignatureLine, ...] = ()
    seals: int = 0
    hash_signed: str = ""
    signed_since: bool = False


def of_letter(told: PublicFacts, words: Words) -> PublicPage:
    """Return the page of a token; every unknown token gives the same one."""
    if not told.known:
        return PublicPage(
            "wait",
            Ours("Tidak terdaftar"),
            Ours(
                "Kode ini tidak menunjuk surat yang terdaftar pada kami. Periksa alamat pada kode QR surat Anda; "
                "bila kodenya diketik, periksa huruf besar dan kecilnya. "
                "Surat yang belum ditandatangani semua pihak belum terdaftar."
            ),
            (),
            (),
            "",
            known=False,
        )
    mark, title, sentence = _judged(told, words)
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
        told.sha256_signed if told.sha256_signed != told.sha256 else "",
        told.signed_since,
    )


def of_file(seen: Brought, words: Words) -> PublicPage:
    """Return the page for a file that somebody brought to compare."""
    mark = MARKS[seen.verdict.overall]
    title, sentence = _of_file(seen, mark)
    said = {str(sentence), OTHER_LETTER}  # the latter stands among the facts, as what the file is to the archive
    # Fields have the same names in every file: as what somebody signed is known of the files of the letter only.
    signatories = seen.letter.signatories if seen.archive != "other" else ()
    return PublicPage(
        mark,
        title,
        sentence,
        (*facts(seen.letter, words), (Ours("Dalam arsip"), Ours(ARCHIVE[seen.archive]))),
        () if mark == "good" else tuple(each for each in seen.verdict.reasons if each not in said),
        seen.verdict.sha256,
        seen.letter.known,
        seen.letter.masked,
        signatures(seen.verdict, signatories, words, seen.seals),
        len(seen.seals),
    )


def facts(told: PublicFacts, words: Words) -> tuple[Row, ...]:
    """Return what may be told of the letter, empty values left out."""
    sealed = told.method == SEAL
    counts = [each for each in told.verdict.signatures if sealed or each.field not in told.seals]
    last = counts[-1] if counts else None
    rows: list[Row] = [
        (Ours("Kantor"), told.office),
        (Ours("Nomor"), told.number),
        (Ours("Tanggal"), words.date(told.letter_date)),
        (Ours("Hal"), told.subject),
        *_signatories(told),
    ]
    if last is not None:
        rows.append((Ours("Waktu segel" if sealed else "Waktu tanda tangan"), _when(last, words, sealed=sealed)))
        rows.append((Ours("Sertifikat"), _issuer(last)))
    return _filled(rows)


def _filled(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row[1])


def _signatories(told: PublicFacts) -> list[Row]:
    """Who signed: of several each in his order, with the order by which he acted; of a seal who answers for it."""
    if told.method == SEAL:
        return [
            (Ours("Disegel oleh"), told.signatory_name),
            (Ours("Penanggung jawab"), told.signatory_position),
        ]
    if len(told.signatories) < 2:
        return [
            (Ours("Penanda tangan"), told.signatory_position),
            (Ours("Surat perintah"), told.signatory_order),
            (Ours("Nama"), told.signatory_name),
        ]
    return [
        (
            Ours("Penanda tangan {number}", number=str(number)),
            ", ".join(part for part in (each.name, each.position, each.order) if part),
        )
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
    # What is told of the file and of its only signature is the same: it is not said twice.
    told = frozenset(verdict.reasons if len(ordered) == 1 else ())
    return tuple(_line(each, posts.get(each.field), words, told, sealed=each.field in seals) for each in ordered)


def _line(
    each: SignatureFacts, post: Signatory | None, words: Words, told: frozenset[str], *, sealed: bool
) -> SignatureLine:
    as_what: list[Row] = [(Ours("Sebagai"), Ours("segel elektronik instansi, bukan tanda tangan pejabat"))]
    if not sealed and post is not None:
        as_what = [(Ours("Sebagai"), post.position), (Ours("Surat perintah"), post.order)]
    elif not sealed:
        as_what = [(Ours("Menurut sertifikat"), each.post)]
    valid: Telling = ""
    if each.valid_to:
        valid = Ours("{begins} sampai {ends}", begins=words.date(each.valid_from), ends=words.date(each.valid_to))
    rows: list[Row] = [
        *as_what,
        (Ours("Waktu"), _when(each, words, sealed=sealed)),
        (Ours("Penerbit sertifikat"), _issuer(each)),
        (Ours("Sertifikat berlaku"), valid),
        (Ours("Isi berkas"), Ours(CHANGES[each.changed])),
    ]
    details: list[Row] = [
        (Ours("Pembuktian"), Ours(LEVELS[each.level])),
        (Ours("Stempel waktu oleh"), each.stamped_by),
        (Ours("Nomor seri sertifikat"), each.certificate),
        (Ours("Ruas tanda tangan"), each.field),
    ]
    return SignatureLine(
        each.signer or Ours("Tanpa nama"),
        STATES[each.overall],
        Ours(LABELS[each.overall]),
        _filled(rows),
        _filled(details),
        tuple(reason for reason in each.reasons if reason not in told),
    )


def _issuer(each: SignatureFacts) -> Telling:
    return each.issuer or Ours("penerbit tanpa nama")


def _when(each: SignatureFacts, words: Words, *, sealed: bool) -> Telling:
    """The time, and by whose clock."""
    if each.stamped_at:
        return Ours("{when}, dibuktikan stempel waktu", when=words.full_moment(each.stamped_at))
    if not each.signed_at:
        return Ours("Tidak disebut")
    when = words.full_moment(each.signed_at)
    return Ours("{when}, menurut jam penyegel" if sealed else "{when}, menurut jam penanda tangan", when=when)


def _judged(told: PublicFacts, words: Words) -> tuple[str, Ours, Ours]:
    earlier = [each.position for each in told.signatories[:-1]] if told.signatory_position else []
    office = words.joined([*earlier, told.signatory_position]) or told.office
    if told.method == WET and told.verdict.overall != "tidak":
        says = Ours("Surat ini tercatat pada kami dari {office}.", office=office)
        return "wait", Ours("Terdaftar, ditandatangani tinta"), says
    if told.verdict.overall == "sah" and told.method == SEAL:
        says = Ours(
            "Berkas ini disegel secara elektronik oleh {by} dan tidak berubah sejak itu.",
            by=told.signatory_name or told.office,
        )
        return "good", Ours("Asli dan utuh"), says
    if told.verdict.overall == "sah":
        says = Ours("Surat ini ditandatangani {office} dan tidak berubah sejak itu.", office=office)
        return "good", Ours("Asli dan utuh"), says
    if told.verdict.overall == "tidak":
        says = Ours("Berkas surat ini dalam arsip kami tidak cocok dengan tanda tangannya.")
        if told.method == SEAL:
            says = Ours("Berkas surat ini dalam arsip kami tidak cocok dengan segelnya.")
        return "bad", Ours("Surat ini tidak sah"), says
    says = Ours("Surat ini tercatat pada kami, tetapi belum dapat diperiksa sampai tuntas.")
    return "wait", Ours("Belum dapat dipastikan"), says


def _of_file(seen: Brought, mark: str) -> tuple[Ours, Ours]:
    signed = seen.verdict.signatures
    sealed = bool(signed) and all(each.field in seen.seals for each in signed)
    if mark == "good":
        says = Ours("Berkas yang Anda unggah sama dengan yang ditandatangani.")
        if sealed:
            says = Ours("Berkas yang Anda unggah sama dengan yang disegel oleh {by}.", by=signed[-1].signer)
        return Ours("Berkas ini asli dan utuh"), says
    if mark == "wait" and seen.verdict.awaited and all(each.overall == "sah" for each in signed):
        text = SUPERSEDED if seen.archive == "earlier" else INCOMPLETE
        return Ours("Belum lengkap ditandatangani"), Ours(text, count=str(seen.verdict.awaited))
    if mark == "wait":
        says = Ours("Berkas yang Anda unggah belum dapat dipastikan keasliannya.")
        return Ours("Belum dapat dipastikan"), says
    sealed = sealed or seen.letter.method == SEAL
    changed = BROKEN in seen.verdict.reasons or any(each.changed == "yes" for each in signed)
    if seen.archive == "other" and not changed:
        says = Ours(
            "Berkas yang Anda unggah tidak tersimpan sebagai berkas surat ini. Jangan dipakai sebagai surat ini."
        )
        if NO_PDF in seen.verdict.reasons:
            says = Ours("Berkas ini bukan PDF yang dapat dibaca. Pilih berkas PDF surat itu, lalu periksa lagi.")
            return Ours("Berkas ini tidak dapat diperiksa"), says
        return Ours("Ini bukan berkas surat tersebut"), says
    if seen.archive == "unused":
        says = Ours(
            "Berkas ini pernah ditandatangani atau disegel, tetapi bukan surat kami yang berlaku. Jangan dipakai."
        )
        return Ours("Berkas ini tidak berlaku"), says
    if signed and not changed:
        says = Ours("Tanda tangan pada berkas yang Anda unggah tidak sah. Jangan dipakai.")
        if sealed:
            says = Ours("Segel pada berkas yang Anda unggah tidak sah. Jangan dipakai.")
        return Ours("Berkas ini tidak sah"), says
    says = Ours("Isi berkas yang Anda unggah tidak sama dengan yang ditandatangani. Jangan dipakai.")
    if sealed:
        says = Ours("Isi berkas yang Anda unggah tidak sama dengan yang disegel. Jangan dipakai.")
    return Ours("Berkas ini sudah berubah"), says


def as_json(told: PublicFacts) -> dict[str, Any]:
    """Return the same for programs."""
    return {"@type": "Verification", **told.as_dict()}
