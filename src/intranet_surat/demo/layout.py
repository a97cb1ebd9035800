"""Which offices and positions the demo regency has, as plain data. Who holds them: `demo.names`."""

from __future__ import annotations

from dataclasses import dataclass, replace

SEKDA = "sekda@SETDA"


@dataclass(frozen=True, slots=True)
class Post:
    """A position to be made; ``under`` is a code of the same office, or ``code@OFFICE``, or empty."""

    code: str
    title: str
    under: str = ""
    roles: frozenset[str] = frozenset()
    grade: int = 1  # 5 leader of the regency, 4 head of an office, 3 second tier, 2 third tier, 1 staff
    signs: bool = False


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """An office to be made with its posts; the first post is its head. ``login`` ends the log-ins of its people."""

    code: str
    name: str
    short: str
    kind: str
    posts: tuple[Post, ...]
    parent: str | None = None
    slug: str = ""
    login: str = ""
    address: str = ""
    registers: tuple[tuple[str, str], ...] = ()


def _post(code: str, title: str, under: str, *roles: str, grade: int = 1, signs: bool = False) -> Post:
    return Post(code, title, under, frozenset(roles), grade, signs)


def _clerks(name: str, under: str) -> tuple[Post, ...]:
    """Who registers, checks form, checks scans and keeps the archive: the same four in every office."""
    return (
        _post("agendaris", f"Agendaris {name}", under, "agendaris"),
        _post("tata-usaha", f"Petugas Tata Usaha {name}", under, "tata_usaha"),
        _post("pemeriksa", f"Pemeriksa Hasil Pindai {name}", under, "pemeriksa_basah"),
        _post("arsiparis", f"Arsiparis {name}", under, "arsiparis"),
    )


def _fields(prefix: str, title: str, under: str, names: dict[str, str], *, sections: bool) -> tuple[Post, ...]:
    """The fields of an office: head, section below it unless the tier is missing, and one member of staff."""
    found: list[Post] = []
    for code, name in names.items():
        above = f"{prefix}-{code}"
        found.append(_post(above, f"{title} {name}", under, grade=3, signs=True))
        if sections:
            section = f"kasi-{code}"
            found.append(_post(section, f"Kepala Seksi {name}", above, grade=2))
            above = section
        found.append(_post(f"staf-{code}", f"Staf {name}", above, "pengonsep"))
    return tuple(found)


def _office(
    code: str,
    name: str,
    short: str,
    kind: str,
    fields: dict[str, str],
    *,
    head: str = "",
    sections: bool = True,
    more: dict[str, str] | None = None,
) -> OfficePlan:
    """A dinas, badan or inspectorate with the usual ladder; ``more`` gives some posts one more role."""
    prefix, title = ("irban", "Inspektur Pembantu") if kind == "inspektorat" else ("kabid", "Kepala Bidang")
    posts = (
        _post("kepala", head or f"Kepala {name}", SEKDA, grade=4, signs=True),
        _post("sekretaris", f"Sekretaris {name}", "kepala", grade=3, signs=True),
        _post(
            "kasubag-umum",
            f"Kepala Subbagian Umum dan Kepegawaian {short}",
            "sekretaris",
            "admin",
            "pengonsep",
            "perancang_alur",
            grade=2,
        ),
        *_clerks(short, "kasubag-umum"),
        *_fields(prefix, title, "kepala", fields, sections=sections),
    )
    roles = more or {}
    posts = tuple(replace(each, roles=each.roles | set(filter(None, [roles.get(each.code)]))) for each in posts)
    return OfficePlan(code, name, short, kind, posts)


def _village(name: str) -> OfficePlan:
    """A village of Kramatwatu: its own government, so nobody stands above its head."""
    slug = name.lower()
    posts = (
        _post("kades", f"Kepala Desa {name}", "", grade=3, signs=True),
        _post(
            "sekdes", f"Sekretaris Desa {name}", "kades", "pemeriksa_basah", "arsiparis", "admin", grade=2, signs=True
        ),
        _post("operator", f"Operator Layanan Desa {name}", "sekdes", "operator_loket", "agendaris", "tata_usaha"),
    )
    return OfficePlan(
        f"DESA-{name.upper()}",
        f"Desa {name}",
        f"Desa {name}",
        "desa",
        posts,
        parent="KRAMATWATU",
        slug=f"kramatwatu-{slug}",
        login=slug,
        address=f"Kantor Desa {name}, Kecamatan Kramatwatu",
    )


KDH = OfficePlan(
    "KDH",
    "Kepala Daerah",
    "Kepala Daerah",
    "kepala-daerah",
    (
        _post("bupati", "Bupati Serang", "", grade=5, signs=True),
        _post("wakil", "Wakil Bupati Serang", "bupati", grade=5, signs=True),
        *_clerks("Kepala Daerah (Bagian Umum)", "kabag-umum@SETDA"),
        _post("staf-naskah", "Penyusun Naskah Kepala Daerah", "kabag-umum@SETDA", "pengonsep", "admin"),
    ),
    address="Jalan Raya Serang, Serang",
    # Letters of the Bupati are numbered by Bagian Umum, in one book with those of the Sekda.
    registers=(("surat-keluar", "SETDA"),),
)

_DIVISIONS = {
    "tapem": ("Tata Pemerintahan", 1),
    "hukum": ("Hukum", 1),
    "kesra": ("Kesejahteraan Rakyat", 1),
    "eksda": ("Perekonomian dan Sumber Daya Alam", 2),
    "adbang": ("Administrasi Pembangunan", 2),
    "pbj": ("Pengadaan Barang dan Jasa", 2),
    "organisasi": ("Organisasi", 3),
    "umum": ("Umum", 3),
    "prokopim": ("Protokol dan Komunikasi Pimpinan", 3),
    "renkeu": ("Perencanaan dan Keuangan", 3),
}
_FLOW_RIGHTS = {"organisasi": ("penyetuju_alur",)}
_ASSISTANTS = {
    1: "Asisten Pemerintahan dan Kesejahteraan Rakyat",
    2: "Asisten Perekonomian dan Pembangunan",
    3: "Asisten Administrasi Umum",
}

SETDA = OfficePlan(
    "SETDA",
    "Sekretariat Daerah",
    "Setda",
    "sekretariat",
    (
        _post("sekda", "Sekretaris Daerah", "bupati@KDH", grade=5, signs=True),
        *(_post(f"asisten-{n}", title, "sekda", grade=4, signs=True) for n, title in _ASSISTANTS.items()),
        *(
            _post(
                f"kabag-{code}",
                f"Kepala Bagian {name}",
                f"asisten-{n}",
                *_FLOW_RIGHTS.get(code, ()),
                grade=3,
                signs=True,
            )
            for code, (name, n) in _DIVISIONS.items()
        ),
        _post("kasubag-tu", "Kepala Subbagian Tata Usaha Pimpinan", "kabag-umum", "admin", "pengonsep", grade=2),
        *_clerks("Setda", "kasubag-tu"),
        _post("staf-umum", "Staf Bagian Umum", "kasubag-tu", "pengonsep"),
        _post("staf-hukum", "Staf Bagian Hukum", "kabag-hukum", "pengonsep"),
        _post(
            "staf-organisasi",
            "Staf Bagian Organisasi",
            "kabag-organisasi",
            "pengonsep",
            "perancang_alur_kabupaten",
            "pengelola_kalender",
        ),
    ),
)

KRAMATWATU = OfficePlan(
    "KRAMATWATU",
    "Kecamatan Kramatwatu",
    "Kec. Kramatwatu",
    "kecamatan",
    (
        _post("camat", "Camat Kramatwatu", SEKDA, grade=4, signs=True),
        _post("sekretaris", "Sekretaris Kecamatan Kramatwatu", "camat", grade=3, signs=True),
        _post("kasubag-umum", "Kepala Subbagian Umum Kecamatan Kramatwatu", "sekretaris", "admin", grade=2),
        *_clerks("Kec. Kramatwatu", "kasubag-umum"),
        _post("kasi-pemerintahan", "Kepala Seksi Pemerintahan", "camat", grade=2),
        _post("kasi-pmd", "Kepala Seksi Pemberdayaan Masyarakat dan Desa", "camat", grade=2),
        _post("kasi-trantib", "Kepala Seksi Ketenteraman dan Ketertiban Umum", "camat", grade=2),
        _post("staf-pemerintahan", "Staf Pemerintahan", "kasi-pemerintahan", "pengonsep"),
        _post("staf-pmd", "Staf Pemberdayaan Masyarakat dan Desa", "kasi-pmd", "pengonsep"),
    ),
    address="Jalan Raya Serang-Cilegon, Kramatwatu",
)

DINKES = _office(
    "DINKES",
    "Dinas Kesehatan",
    "Dinkes",
    "dinas",
    {"kesmas": "Kesehatan Masyarakat", "p2p": "Pencegahan dan Pengendalian Penyakit", "yankes": "Pelayanan Kesehatan"},
)
BPKAD = _office(
    "BPKAD",
    "Badan Pengelolaan Keuangan dan Aset Daerah",
    "BPKAD",
    "badan",
    {"anggaran": "Anggaran", "perbendaharaan": "Perbendaharaan", "aset": "Aset Daerah"},
)
PUPR = _office(
    "PUPR",
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "DPUPR",
    "dinas",
    {"bina-marga": "Bina Marga", "cipta-karya": "Cipta Karya", "tata-ruang": "Penataan Ruang"},
)
ITDA = _office(
    "ITDA",
    "Inspektorat",
    "Inspektorat",
    "inspektorat",
    {"1": "Wilayah I", "2": "Wilayah II"},
    head="Inspektur",
    sections=False,
)
# The tier of sections is missing here: its posts became functional ones.
BAPPEDA = _office(
    "BAPPEDA",
    "Badan Perencanaan Pembangunan Daerah",
    "Bappeda",
    "badan",
    {"ekonomi": "Perekonomian", "sosbud": "Sosial Budaya", "fispra": "Fisik dan Prasarana"},
    sections=False,
)
DKISP = _office(
    "DKISP",
    "Dinas Komunikasi Informatika Statistik dan Persandian",
    "DKISP",
    "dinas",
    {"tik": "Teknologi Informasi dan Komunikasi", "statistik": "Statistik", "persandian": "Persandian"},
    more={"kabid-tik": "pengelola_bukti"},
)
PEJATEN, MARGASANA = _village("Pejaten"), _village("Margasana")

ACTIVE = (KDH, SETDA, ITDA, BAPPEDA, PUPR, DINKES, BPKAD, DKISP, KRAMATWATU, PEJATEN, MARGASANA)
SMALL = (KDH, SETDA, DINKES, BPKAD, KRAMATWATU, PEJATEN, MARGASANA)

TABLE_CODES = {"DPUPR": "PUPR", "KEC-KRAMATWATU": "KRAMATWATU"}
"""Codes of the office table that the demo writes otherwise."""
