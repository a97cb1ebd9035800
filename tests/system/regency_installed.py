"""A regency of three offices, installed by the commands of `docs/deploy.md` with the units of `deploy/`."""

from __future__ import annotations

import contextlib
import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import installation as inst
from office_work import Client

ROOT = inst.ROOT
# Titles of docs/deploy.md whose commands these tests run.
DEBIAN, POSTGRESQL, SECRETS, PEOPLE = INSTALLING = (
    "1. Debian packages and the user",
    "2. PostgreSQL",
    "3. Secrets",
    "4. Offices and people",
)
CHECKING, COPYING, UPGRADING, ZEO = "6. Processes and nginx", "Backup", "Upgrade", "ZEO instead of PostgreSQL"
PASSPHRASE = "kuda tembaga di atas meja"
SINCE = "2025-01-06"
OFFICES = (
    ("SETDA", "Sekretariat Daerah", "sekretariat"),
    ("DINSOS", "Dinas Sosial", "dinas"),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", "badan"),
)
# office, code, title, superior, roles, head
POSITIONS = (
    ("SETDA", "sekda", "Sekretaris Daerah", "", "", "yes"),
    ("SETDA", "agendaris", "Agendaris Sekretariat Daerah", "sekda", "agendaris", ""),
    *(
        row
        for code, name in (("DINSOS", "Dinas Sosial"), ("BAPPEDA", "Bappeda"))
        for row in (
            (code, "kepala", f"Kepala {name}", "sekda@SETDA", "", "yes"),
            (code, "agendaris", f"Agendaris {name}", "kepala", "agendaris", ""),
            (code, "tata-usaha", f"Petugas Tata Usaha {name}", "kepala", "tata_usaha", ""),
            (code, "kabid-bantuan", f"Kepala Bidang Bantuan {name}", "kepala", "pengonsep", ""),
        )
    ),
)


def write_sheets(folder: Path) -> None:
    """A small regency as a personnel department would hand it over."""
    for name, head, rows in (
        ("kantor.csv", ("code", "name", "kind"), OFFICES),
        ("jabatan.csv", ("office", "code", "title", "superior", "roles", "head", "since"), [(*row, SINCE) for row in POSITIONS]),
        (
            "orang.csv",
            ("login", "name", "position", "since", "nip", "email"),
            [
                (f"{code}.{office.lower()}", f"Pegawai {number} {office}", f"{code}@{office}", SINCE,
                 f"19800101200501{number + 1000}", f"{code}.{office.lower()}@serangkab.example")
                for number, (office, code, *_) in enumerate(POSITIONS, 1)
            ],
        ),
    ):  # fmt: skip
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])


def passwords(printed: str) -> dict[str, str]:
    """What `surat password --missing` printed."""
    return dict(line.split("\t") for line in printed.splitlines() if "\t" in line)


def people(printed: str) -> dict[str, dict[str, str]]:
    """What `surat people` printed, by log-in."""
    rows = list(csv.DictReader(printed.splitlines(), delimiter="\t"))
    return {row["login"]: row for row in rows}


def give_key(monkeypatch, folder: Path, roots: Path, person: dict[str, str]) -> None:
    """A key of an authority that is no demo's, laid where `surat people` says that it belongs."""
    from intranet_surat.demo.authority import issuing
    from intranet_surat.services.providers.base import Signer
    from intranet_surat.services.secret import Secret

    monkeypatch.setattr(issuing, "MARK", "PENGUJIAN")
    signer = Signer(person["id"], person["name"], person["nip"])
    issuing.equip(folder, [signer], Secret(PASSPHRASE.encode()), datetime.now(UTC))
    shutil.move(folder / "akar.pem", roots)


class Production:
    """production.ini filled in, with its processes."""

    def __init__(self, home, storage, monkeypatch):
        self.home, self.storage = home, storage
        self.cluster = inst.Cluster() if storage == "postgresql" else None
        self.running = []
        self.ports = [inst.free_port(), inst.free_port()]
        try:
            self._install(monkeypatch)
            self._start()
        except BaseException:
            self.remove()
            raise

    def _install(self, monkeypatch):
        self.manual = manual = inst.Manual(self.home, self.cluster)
        for each in manual.commands(DEBIAN):
            manual.run(each)
        if self.cluster is not None:
            for each in manual.commands(POSTGRESQL):
                manual.run(each)
        printed = [manual.run(each) for each in manual.commands(SECRETS)]
        [secret] = [each.strip() for each in printed if len(each.strip()) == 64]
        self.ini = self.home / "etc" / "production.ini"
        self._fill(secret)
        if self.cluster is None:
            self.start_zeo()
        write_sheets(self.home)
        told = {each: manual.run(each) for each in manual.commands(PEOPLE)}
        assert f"{len(POSITIONS)} positions added" in next(
            text for words, text in told.items() if "import-offices" in words
        )
        self.passwords = passwords((self.home / "kata-sandi.tsv").read_text())
        for words, text in told.items():
            if words.endswith("--generate"):
                self.passwords["kepala.dinsos"] = text.strip().rpartition(" ")[2]
            if words.endswith("/etc/surat/production.ini") and " people " in words:
                self.people = people(text)
        assert {each["password"] for each in self.people.values()} == {"yes"}
        give_key(monkeypatch, self.home / "etc" / "ttd", self.home / "etc" / "akar.pem", self.people["kepala.dinsos"])

    def start_zeo(self):
        (self.home / "zeo.sock").unlink(missing_ok=True)
        self.zeo = self._unit("surat-zeo.service")
        self.running.insert(0, self.zeo)
        self.zeo.wait_until((self.home / "zeo.sock").exists)

    def _fill(self, secret):
        """The lines that the page tells to write, and the paths of this test."""
        places = self.manual.places
        lines = {
            "intranet_surat__public_url": "https://surat.example.go.id",
            "intranet_surat__secret": secret,
            "intranet_surat__private_key_file": f"{places['/etc/surat']}/kunci-data",
            "intranet_surat__mail_from": "surat@example.go.id",
            "intranet_surat__var": places["/var/lib/surat"],
            "intranet_surat__signing_keys": f"{places['/etc/surat']}/ttd",
            "intranet_surat__roots": f"{places['/etc/surat']}/akar.pem",
        }
        deploy, cache, blobs = (
            self.home / "etc" / "deploy",
            self.home / "cache" / "blobs",
            self.home / "var" / "Data.fs.blobs",
        )
        if self.cluster is not None:
            dsn = f"dbname=surat user=surat host={self.cluster.home}"
            lines["intranet_surat__postgresql"] = dsn
            inst.set_lines(deploy / "relstorage.conf", dsn=dsn, blobcache=str(cache))
        else:
            socket = str(self.home / "zeo.sock")
            inst.set_lines(
                deploy / "zeo.conf", socket=socket, data=str(self.home / "var" / "Data.fs"), blobs=str(blobs)
            )
            inst.set_lines(deploy / "zeo-client.conf", socket=socket, blobs=str(blobs))
            # All that the page changes for ZEO: this line.
            [written] = self.manual.blocks("ini", ZEO)
            for line in written.splitlines():
                name, _, value = line.partition(" = ")
                lines[name.replace(".", "__")] = value
        inst.set_lines(self.ini, **lines)
        if inst.root():
            self.ini.write_text(
                self.ini.read_text().replace("[app:main]", "[app:main]\nintranet_surat.root_allowed = true")
            )

    def _unit(self, name, port=None, ready=""):
        """Start what a unit of systemd starts, with its directories replaced."""
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        words = next(line for line in text.splitlines() if line.startswith("ExecStart=")).split()
        assert words[0] == "ExecStart=/opt/surat/.venv/bin/surat"
        assert ("Environment=PORT=%i" in text) == (port is not None)
        words = [each.replace("/etc/surat", str(self.home / "etc")) for each in words[1:]]
        env = {} if port is None else {"PORT": str(port)}
        return inst.Process(self.home, f"{name}-{port}", *words, ready=ready, env=env)

    def _start(self):
        web = [self._unit("surat-web@.service", port, "surat: serving") for port in self.ports]
        self.worker = self._unit("surat-worker.service", ready="waiting for jobs")
        self.running += [*web, self.worker]
        for each in (*web, self.worker):
            each.wait()

    def enter(self, login, process):
        return Client(self.ports[process], login, self.passwords[login])

    def remove(self):
        for each in reversed(self.running):
            each.stop()
        if self.cluster is not None:
            self.cluster.remove()


@contextlib.contextmanager
def installed(home, storage, patch):
    made = Production(home, storage, patch)
    try:
        yield made
    finally:
        made.remove()
