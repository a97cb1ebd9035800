"""Fixed lists of codes with their Indonesian labels; lists that live in the database are handed in beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Vocabulary = Mapping[str, str]
"""From the stored code to its label, in the order shown."""

SECURITY: Vocabulary = MappingProxyType({"B": "Biasa", "T": "Terbatas", "R": "Rahasia", "SR": "Sangat rahasia"})
URGENCY: Vocabulary = MappingProxyType({"biasa": "Biasa", "segera": "Segera", "sangat-segera": "Sangat segera"})
CHANNELS: Vocabulary = MappingProxyType({"sistem": "Sistem", "surel": "Surel", "kurir": "Kurir", "cetak": "Cetak"})
SIGNING_FORMS: Vocabulary = MappingProxyType(
    {"own": "Atas nama jabatan sendiri", "an": "a.n., atas nama jabatan di atasnya", "ub": "u.b., untuk beliau"}
)
ATTACHMENT_UNITS: Vocabulary = MappingProxyType({"lembar": "lembar", "berkas": "berkas", "eksemplar": "eksemplar"})
SEX: Vocabulary = MappingProxyType({"L": "Laki-laki", "P": "Perempuan"})
RELIGION: Vocabulary = MappingProxyType(
    {
        "islam": "Islam",
        "kristen": "Kristen",
        "katolik": "Katolik",
        "hindu": "Hindu",
        "buddha": "Buddha",
        "khonghucu": "Khonghucu",
        "kepercayaan": "Kepercayaan terhadap Tuhan YME",
    }
)
MARITAL: Vocabulary = MappingProxyType(
    {"belum-kawin": "Belum kawin", "kawin": "Kawin", "cerai-hidup": "Cerai hidup", "cerai-mati": "Cerai mati"}
)

FIXED: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "security": SECURITY,
        "urgency": URGENCY,
        "channels": CHANNELS,
        "signing_forms": SIGNING_FORMS,
        "attachment_units": ATTACHMENT_UNITS,
        "sex": SEX,
        "religion": RELIGION,
        "marital": MARITAL,
    }
)

HANDED_IN = ("classification", "positions", "offices", "villages")
"""Vocabularies that `kinds.schema` expects from its caller: codes of the archive, ids of positions,
codes of offices, slugs of villages."""


def lookup(name: str, handed_in: Mapping[str, Vocabulary]) -> Vocabulary:
    """The vocabulary of that name; what is handed in goes before what is fixed. Raises LookupError."""
    found = handed_in.get(name)
    if found is None:
        found = FIXED.get(name)
    if found is None:
        raise LookupError(f"no vocabulary named {name!r} was handed in")
    return found
