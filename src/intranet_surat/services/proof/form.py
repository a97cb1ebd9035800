"""Names and shapes of what lies in a package; who writes it and who judges it both read them here."""

from __future__ import annotations

import json
from typing import Any

FORMAT = "surat-paket/1"
HEAD = "paket.json"
README = "BACA-SAYA.txt"
HISTORY = "riwayat.jsonl"
WITNESS = "organisasi.json"
ANCHOR = "jangkar.json"
ROOTS = "otoritas.pem"
FLOWS = "alur/"
FILES = "berkas/"

EXPLAINED = """\
Paket surat: satu surat dengan seluruh buktinya.

paket.json       surat ini: nomor, keadaan, disposisi, daftar isi paket
riwayat.jsonl    setiap tindakan, berantai sidik jari (SHA-256)
alur/            naskah alur kerja yang berlaku bagi surat ini, bernama sidik jarinya
organisasi.json  jabatan dan pemegangnya sejauh ditanyakan alur, pada hari tindakannya
berkas/          surat bertanda tangan dan lampirannya, bernama sidik jarinya
jangkar.json     bukti bahwa riwayat ini sudah ada pada hari jangkarnya
otoritas.pem     sertifikat otoritas yang dikenal instansi pembuat paket

Memeriksa tanpa jaringan: surat verify PAKET.zip --roots OTORITAS.pem
atau dengan satu berkas program: python3 periksa_paket.pyz PAKET.zip --roots OTORITAS.pem
Pakailah sertifikat otoritas yang Anda peroleh sendiri, bukan yang ada di dalam paket.
"""


def read(data: bytes) -> Any:
    """The value of a part. Raises ValueError unless these are the very bytes that `dumped` writes for it.

    JSON may say a thing twice, or in two ways: then two readers would see two packages in one.
    """
    value = json.loads(data)
    if dumped(value) != data:
        raise ValueError("not in the form of a package")
    return value


def dumped(value: Any) -> bytes:
    """JSON as it lies in a package: for machines first, and still readable."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def lines(values: list[Any]) -> bytes:
    """One JSON value a line."""
    return "".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in values).encode()
