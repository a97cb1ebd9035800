from __future__ import annotations

import contextlib
import re
import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pyramid_zodbconn
import pytest
import transaction
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from ZODB.POSException import ConflictError

from intranet_surat.errors import Invalid, NotAllowed, Unavailable
from intranet_surat.resources.opening import open_database, put_site, root_site
from intranet_surat.resources.site import new_site
from intranet_surat.services import numbering
from intranet_surat.services.locks import Locks

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = numbering.key("DINKES", "agenda", 2026)


@pytest.fixture
def db(tmp_path):
    """A real FileStorage with a site."""
    db = open_database(f"file://{tmp_path}/Data.fs?pool_size=32")
    with db.transaction() as connection:
        put_site(connection, new_site("Surat", "Kabupaten Serang"))
    yield db
    db.close()


@pytest.fixture
def house():
    return SimpleNamespace(locks=Locks(timeout=60.0))


@pytest.fixture
def tm():
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    yield manager
    manager.abort()


def free(house, *keys) -> bool:
    """Whether all keys could be taken now by somebody else."""
    try:
        house.locks.take(keys, timeout=0).release()
    except Unavailable:
        return False
    return True


def in_threads(count: int, function) -> list[BaseException]:
    failures: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        try:
            function(number)
        except BaseException as error:  # noqa: BLE001  the test looks at what it was
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return failures


def give(house, db, letter: str, *, locked: bool) -> int:
    """One request: read, hold, give a number, commit. Raises ConflictError; never retried here."""
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    connection = db.open(manager)
    try:
        list(root_site(connection).registers)
        if locked:
            numbering.hold(house, manager, [KEY])
        number = numbering.register(root_site(connection), "DINKES", "agenda", 2026).give(letter, NOW)
        manager.commit()
        return number
    finally:
        with contextlib.suppress(transaction.interfaces.NoTransaction):
            manager.abort()
        connection.close()


def lines(db):
    with db.transaction() as connection:
        return [(line.number, line.letter) for line in root_site(connection).registers[KEY].lines()]


def test_sixteen_threads_get_consecutive_numbers_without_a_single_conflict(house, db):
    given: list[int] = []
    failures = in_threads(
        16, lambda worker: given.extend(give(house, db, f"s{worker}-{each}", locked=True) for each in range(10))
    )
    assert failures == []
    assert sorted(given) == list(range(1, 161))
    found = lines(db)
    assert [number for number, _ in found] == list(range(1, 161))
    assert len({letter for _, letter in found}) == 160


def test_without_the_lock_the_same_threads_collide_so_that_the_test_above_says_something(house, db):
    give(house, db, "first", locked=True)
    failures = in_threads(16, lambda worker: [give(house, db, f"s{worker}-{each}", locked=False) for each in range(10)])
    assert failures
    assert all(isinstance(each, ConflictError) for each in failures)
    numbers = [number for number, _ in lines(db)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_same_letter_sent_by_many_at_once_gets_one_number(house, db):
    given: list[int] = []
    failures = in_threads(8, lambda _: given.append(give(house, db, "same", locked=True)))
    assert failures == []
    assert given == [1] * 8
    assert lines(db) == [(1, "same")]


def test_a_void_number_is_never_given_again(house, db):
    give(house, db, "a", locked=True)
    with db.transaction() as connection:
        register = root_site(connection).registers[KEY]
        register.reserve("b", NOW)
        register.void("b", "salah klasifikasi")
    assert give(house, db, "b", locked=True) == 3


def test_what_was_read_before_is_read_again_after_the_lock(house, db, tm):
    connection = db.open(tm)
    assert KEY not in root_site(connection).registers
    give(house, db, "other", locked=True)
    assert KEY not in root_site(connection).registers
    numbering.hold(house, tm, [KEY])
    assert root_site(connection).registers[KEY].next == 2
    tm.abort()
    tm.begin()
    connection.close()


def test_locks_go_back_after_the_commit(house, tm):
    numbering.hold(house, tm, [KEY])
    assert not free(house, KEY)
    tm.commit()
    assert free(house, KEY)
    tm.begin()


def test_locks_go_back_after_an_abort(house, tm):
    numbering.hold(house, tm, [KEY])
    tm.abort()
    assert free(house, KEY)
    tm.begin()


def test_locks_go_back_after_a_commit_that_failed(house, db, tm):
    connection = db.open(tm)
    numbering.hold(house, tm, [KEY])
    connection.root()["a"] = 1
    with db.transaction() as other:
        other.root()["a"] = 2
    with pytest.raises(ConflictError):
        tm.commit()
    assert free(house, KEY)
    tm.abort()
    assert free(house, KEY)
    tm.begin()
    connection.close()


def test_locks_go_back_when_a_resource_cannot_be_aborted(house, tm):
    class Away:
        """A resource whose server is away."""

        transaction_manager = tm

        def sortKey(self):  # noqa: N802  the name is ZODB's
            return "away"

        def abort(self, _txn):
            raise OSError("server is away")

    numbering.hold(house, tm, [KEY])
    tm.get().join(Away())
    with pytest.raises(OSError, match="server is away"):
        tm.abort()
    assert free(house, KEY)
    tm.begin()


def test_an_abort_that_raises_is_not_hidden_takes_no_lock_and_leaves_a_transaction(house, tm):
    class Away:
        """A resource whose server is away."""

        transaction_manager = tm

        def sortKey(self):  # noqa: N802  the name is ZODB's
            return "away"

        def abort(self, _txn):
            raise OSError("server is away")

    tm.get().join(Away())
    with pytest.raises(OSError, match="server is away"):
        numbering.hold(house, tm, [KEY])
    assert free(house, KEY)
    tm.abort()
    tm.begin()


def test_holding_twice_does_not_abort_what_was_done_meanwhile(house, db, tm):
    connection = db.open(tm)
    numbering.hold(house, tm, [KEY, "b"])
    connection.root()["done"] = 1
    numbering.hold(house, tm, [KEY])
    numbering.hold(house, tm, [])
    assert connection.root()["done"] == 1
    tm.commit()
    assert free(house, KEY, "b")
    tm.begin()
    connection.close()


def test_a_further_register_is_taken_when_it_is_free_and_keeps_what_was_done(house, db, tm):
    connection = db.open(tm)
    numbering.hold(house, tm, ["b"])
    connection.root()["done"] = 1
    numbering.hold(house, tm, ["a"])
    assert connection.root()["done"] == 1
    assert not free(house, "a")
    tm.commit()
    assert free(house, "a", "b")
    tm.begin()
    connection.close()


def test_a_further_register_that_is_taken_ends_the_try_at_once_and_asks_for_a_retry(house, tm):
    numbering.hold(house, tm, ["b"])
    other = house.locks.take(["a"])
    with pytest.raises(numbering.Busy):
        numbering.hold(house, tm, ["a"])
    assert issubclass(numbering.Busy, transaction.interfaces.TransientError)
    other.release()
    tm.abort()
    assert free(house, "a", "b")
    tm.begin()


def test_registers_named_in_any_order_do_not_deadlock(house):
    def both(worker: int) -> None:
        manager = transaction.TransactionManager(explicit=True)
        for _ in range(50):
            manager.begin()
            numbering.hold(house, manager, ["a", "b"] if worker % 2 else ["b", "a"])
            manager.commit()

    assert in_threads(8, both) == []


def test_a_register_that_stays_locked_is_told_after_the_timeout_and_leaves_a_transaction_to_abort(tm):
    house = SimpleNamespace(locks=Locks(timeout=0.05))
    other = house.locks.take([KEY])
    with pytest.raises(Unavailable, match="Buku nomor sedang dipakai petugas lain"):
        numbering.hold(house, tm, [KEY])
    tm.abort()
    tm.begin()
    other.release()
    numbering.hold(house, tm, [KEY])


def test_what_was_noted_on_the_transaction_is_noted_on_the_new_one(house, tm):
    tm.get().user = "p1"
    tm.get().note("POST /dinkes")
    numbering.hold(house, tm, [KEY])
    assert tm.get().user == "p1"
    assert tm.get().description == "POST /dinkes"


def test_hold_begins_a_transaction_when_there_is_none(house):
    manager = transaction.TransactionManager(explicit=True)
    numbering.hold(house, manager, [KEY])
    manager.commit()
    assert free(house, KEY)


def test_hold_works_with_a_manager_that_is_not_explicit(house):
    manager = transaction.TransactionManager()
    numbering.hold(house, manager, [KEY])
    assert not free(house, KEY)
    manager.abort()
    assert free(house, KEY)


def test_requests_of_pyramid_get_consecutive_numbers_each_in_one_try(house, db):
    """The whole chain as it is deployed: pyramid_retry, pyramid_tm with explicit managers, pyramid_zodbconn."""
    tries: list[str] = []

    def view(request):
        tries.append(request.params["letter"])
        site = root_site(pyramid_zodbconn.get_connection(request))
        list(site.registers)
        numbering.hold(house, request.tm, [KEY])
        number = numbering.register(site, "DINKES", "agenda", 2026).give(request.params["letter"], NOW)
        if request.params.get("fail"):
            raise NotAllowed("Tidak boleh.")
        return Response(str(number))

    config = Configurator(settings={"tm.manager_hook": "pyramid_tm.explicit_manager", "retry.attempts": "3"})
    for name in ("pyramid_retry", "pyramid_tm", "pyramid_zodbconn"):
        config.include(name)
    config.commit()
    config.registry._zodb_databases = {"": db}
    config.add_route("give", "/")
    config.add_view(view, route_name="give")
    config.add_view(lambda _error, _request: Response("no", status=403), context=NotAllowed)
    app = config.make_wsgi_app()

    given: list[int] = []

    def send(worker: int) -> None:
        for each in range(5):
            given.append(int(Request.blank(f"/?letter={worker}-{each}").get_response(app).text))
            assert Request.blank(f"/?letter=x{worker}-{each}&fail=1").get_response(app).status_code == 403

    assert in_threads(8, send) == []
    assert sorted(given) == list(range(1, 41))
    assert len(tries) == 80
    assert free(house, KEY)


def test_a_register_is_made_once():
    site = new_site("Surat", "Kabupaten Serang")
    first = numbering.register(site, "DINKES", "agenda", 2026)
    assert numbering.register(site, "DINKES", "agenda", 2026) is first
    assert numbering.register(site, "DINKES", "agenda", 2027) is not first
    assert first.key == KEY == "DINKES/agenda/2026"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{klas}/{no}/{unit}", "000.8.3.3/15/DINKES"),
        ("{klas}/{no}/{unit}/{year}", "000.8.3.3/15/DINKES/2026"),
        ("{klas}/{no:03d}/{unit}/{month_roman}/{year}", "000.8.3.3/015/DINKES/V/2026"),
        ("{security}-{no}/{kind}/{month}/{year}", "R-15/nota-dinas/05/2026"),
        ("{klas}/{no:05d} TAHUN {year}", "000.8.3.3/00015 TAHUN 2026"),
        ("{no}", "15"),
    ],
)
def test_a_number_is_written_by_its_pattern(pattern, expected):
    text = numbering.render(
        pattern, no=15, klas="000.8.3.3", unit="DINKES", security="R", date=date(2026, 5, 4), kind="nota-dinas"
    )
    assert text == expected


def test_a_padded_number_may_outgrow_its_width():
    assert numbering.render("{no:03d}", no=12345, date=date(2026, 5, 4)) == "12345"


def test_values_that_look_like_places_are_left_alone():
    assert numbering.render("{unit}/{no}", no=1, unit="{year}", date=date(2026, 5, 4)) == "{year}/1"


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("{klas}/{nomor}", r"Pola nomor memuat \{nomor\}"),
        ("{no.__class__}", r"Pola nomor memuat \{no.__class__\}"),
        ("{no:3}", r"Pola nomor memuat \{no:3\}"),
        ("{no}/{", "kurung kurawal"),
        ("}{no}", "kurung kurawal"),
        ("{klas}/{unit}", r"harus memuat \{no\}"),
        ("", r"harus memuat \{no\}"),
    ],
)
def test_a_wrong_pattern_is_told_with_what_was_expected(pattern, says):
    with pytest.raises(Invalid) as caught:
        numbering.render(pattern, no=1, date=date(2026, 5, 4))
    assert re.search(says, caught.value.fields["pattern"])
