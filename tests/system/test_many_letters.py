"""Many registrars at once on the storage of `make run`: agenda numbers follow each other, none twice, none missing."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import transaction
from transaction.interfaces import TransientError

from intranet_surat.cli import ground, main
from intranet_surat.demo.regency import person_id, position_id
from intranet_surat.resources.opening import root_site
from intranet_surat.services import letters
from intranet_surat.services.reader import Reader

ROOT = Path(__file__).resolve().parents[2]
THREADS = 32


@pytest.fixture
def place(tmp_path):
    """The House and the open FileStorage of a small demo."""
    shutil.copy(ROOT / "development.ini", tmp_path / "development.ini")
    assert main(["demo", "--small", "--no-letters", str(tmp_path / "development.ini")]) == 0
    raw, _ = ground.read(str(tmp_path / "development.ini"))
    with ground.opened(raw) as database:
        yield ground.house(raw), database


def register(house, database, key, now):
    """Register one letter as a request would: the whole work again when another was faster."""
    reader = Reader(
        person_id("agendaris.dinkes"), (position_id("agendaris", "DINKES"),), position_id("agendaris", "DINKES")
    )
    fields = {
        "sender": f"Pengirim {key}", "sender_number": key, "letter_date": "2026-11-20", "received_at": now.isoformat(),
        "subject": f"Surat ke-{key}", "classification": "400.7", "addressee": position_id("kepala", "DINKES"),
    }  # fmt: skip
    tm = transaction.TransactionManager(explicit=True)
    for _ in range(10):
        tm.begin()
        with closing(database.open(tm)) as connection:
            site = root_site(connection)
            try:
                letter = letters.create(
                    house, tm, site, site.office("DINKES"), "masuk", "surat-masuk", fields, reader, now, key=key
                )
                number = letter.fields["agenda_number"]
                tm.commit()
            except TransientError:
                tm.abort()
            except BaseException:
                tm.abort()
                raise
            else:
                return number
    raise AssertionError("ten attempts were not enough")


def test_letters_registered_at_once_are_numbered_without_gap(place, clock, amount):
    house, database = place
    many = amount(THREADS * 2, 2_000)
    barrier = threading.Barrier(THREADS)

    def work(number):
        if number < THREADS:
            barrier.wait(timeout=60)
        return register(house, database, f"kunci-kiriman-{number:05}", clock())

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = [str(each) for each in pool.map(work, range(many))]
    assert Counter(numbers) == Counter(str(each) for each in range(1, many + 1))


def test_a_form_sent_twice_at_once_registers_one_letter(place, clock, amount):
    house, database = place
    rounds, senders = amount(3, 100), 4
    for number in range(rounds):
        barrier = threading.Barrier(senders)

        def work(_sender, key=f"kunci-yang-sama-{number:05}", barrier=barrier):
            barrier.wait(timeout=60)
            return register(house, database, key, clock())

        with ThreadPoolExecutor(senders) as pool:
            assert len(set(pool.map(work, range(senders)))) == 1
    numbers = {str(register(house, database, "kunci-yang-lain", clock()))}
    assert numbers == {str(rounds + 1)}
