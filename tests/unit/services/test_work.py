from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import transaction
from ZODB.POSException import ConflictError

from intranet_surat.errors import Unavailable
from intranet_surat.resources.jobs import TRIES
from intranet_surat.resources.opening import open_database, put_site, root_site
from intranet_surat.resources.site import new_site
from intranet_surat.services import numbering, work
from intranet_surat.services.locks import Locks

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def db():
    db = open_database("memory://")
    with db.transaction() as connection:
        put_site(connection, new_site("Surat", "Kabupaten Serang"))
    yield db
    db.close()


@pytest.fixture
def house():
    return SimpleNamespace(jobs={}, locks=Locks(), clock=lambda: NOW)


def add(db, name: str, key: str = "", at: datetime = NOW, **args) -> None:
    with db.transaction() as connection:
        root_site(connection).jobs.add(name, args, key or name, at)


def look(db, ask):
    with db.transaction() as connection:
        return ask(root_site(connection))


def test_a_job_changes_the_database_and_is_done_in_one_commit(house, db):
    house.jobs["name"] = lambda _house, site, args, now: setattr(site, "title", f"{args['title']} {now.year}")
    add(db, "name", title="Baru")
    assert work.run_due(house, db, NOW) == 1
    assert look(db, lambda site: (site.title, list(site.jobs.pending()))) == ("Baru 2026", [])
    assert work.run_due(house, db, NOW) == 0


def test_only_what_is_due_is_run_and_no_more_than_the_limit(house, db):
    ran = []
    house.jobs["name"] = lambda _house, _site, args, _now: ran.append(args["n"])
    for number in range(4):
        add(db, "name", f"k{number}", NOW + timedelta(minutes=number - 2), n=number)
    assert work.run_due(house, db, NOW, limit=2) == 2
    assert work.run_due(house, db, NOW) == 1
    assert ran == [0, 1, 2]


def test_a_job_that_fails_changes_nothing_and_is_put_back_with_its_reason(house, db):
    def fail(house, site, args, now):
        site.title = "half"
        raise Unavailable("Server surel tidak menjawab.")

    house.jobs["fail"] = fail
    house.jobs["good"] = lambda _house, _site, _args, _now: None
    add(db, "fail", at=NOW - timedelta(hours=1))
    add(db, "good")
    assert work.run_due(house, db, NOW) == 1
    assert look(db, lambda site: site.title) == "Surat"
    [job] = look(db, lambda site: [(each.error, each.at > NOW) for each in site.jobs.pending()])
    assert job == ("Unavailable: Server surel tidak menjawab.", True)


def test_the_reason_of_an_error_that_was_not_made_for_people_is_its_class_only(house, db):
    def fail(house, site, args, now):
        raise ValueError("password=rahasia")

    house.jobs["fail"] = fail
    add(db, "fail")
    work.run_due(house, db, NOW)
    assert look(db, lambda site: [each.error for each in site.jobs.pending()]) == ["ValueError"]


def test_a_poisoned_job_is_parked_and_others_run(house, db):
    def fail(house, site, args, now):
        raise RuntimeError

    ran = []
    house.jobs |= {"poison": fail, "good": lambda _house, _site, _args, now: ran.append(now)}
    add(db, "poison")
    for number in range(TRIES + 2):
        now = NOW + timedelta(hours=7 * number)
        add(db, "good", f"g{number}", now)
        work.run_due(house, db, now)
    assert len(ran) == TRIES + 2
    assert look(db, lambda site: [(each.name, each.tries) for each in site.jobs.parked()]) == [("poison", TRIES)]


def test_a_job_of_another_release_waits_with_its_reason(house, db):
    add(db, "unheard")
    assert work.run_due(house, db, NOW) == 0
    assert look(db, lambda site: [each.error for each in site.jobs.pending()]) == ["LookupError"]


def test_a_collision_is_tried_again_at_once(house, db):
    tries = []

    def collide(house, site, args, now):
        tries.append(1)
        site.title = f"{len(tries)}"
        if len(tries) < 3:
            raise ConflictError

    house.jobs["collide"] = collide
    add(db, "collide")
    assert work.run_due(house, db, NOW) == 1
    assert look(db, lambda site: site.title) == "3"


def test_a_job_may_hold_registers(house, db):
    def number(house, site, args, now):
        numbering.hold(house, work.manager(site), [numbering.key("DINKES", "agenda", 2026)])
        numbering.register(site, "DINKES", "agenda", 2026).give(args["letter"], now)

    house.jobs["number"] = number
    add(db, "number", "k1", letter="a")
    add(db, "number", "k2", letter="b")
    assert work.run_due(house, db, NOW) == 2
    assert look(db, lambda site: site.registers["DINKES/agenda/2026"].next) == 3
    house.locks.take(["DINKES/agenda/2026"], timeout=0).release()


def test_two_workers_never_run_the_same_lease(house, db):
    ran: list[str] = []
    started = threading.Barrier(4)

    def slow(house, site, args, now):
        ran.append(args["n"])
        time.sleep(0.002)

    house.jobs["slow"] = slow
    for number in range(30):
        add(db, "slow", f"k{number}", n=number)

    def worker():
        started.wait()
        # Losing all collisions in a row ends a turn; the next turn goes on.
        for _ in range(40):
            work.run_due(house, db, NOW)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ran) == list(range(30))
    assert look(db, lambda site: list(site.jobs.pending())) == []


def test_a_worker_whose_lease_ran_out_commits_nothing(house, db):
    def slow(house, site, args, now):
        site.title = "too late"
        with db.transaction() as connection:
            root_site(connection).jobs.lease(now + timedelta(seconds=work.LEASE), 60)

    house.jobs["slow"] = slow
    add(db, "slow")
    assert work.run_due(house, db, NOW) == 0
    title, jobs = look(db, lambda site: (site.title, [(each.tries, each.error) for each in site.jobs.pending()]))
    assert title == "Surat"
    assert jobs == [(2, "")]


class Away:
    """A resource whose server is away: it can be neither committed nor aborted."""

    def __init__(self, manager) -> None:
        self.transaction_manager = manager

    def sortKey(self):  # noqa: N802  the name is ZODB's
        return "~away"

    def abort(self, _txn):
        raise OSError("server is away")

    tpc_begin = commit = tpc_vote = tpc_abort = abort


def test_an_abort_that_raises_does_not_hide_the_failure_or_stop_the_rest(house, db, caplog):
    def fail(house, site, args, now):
        manager = work.manager(site)
        manager.get().join(Away(manager))
        raise ValueError("first")

    house.jobs |= {"fail": fail, "good": lambda _house, _site, _args, _now: None}
    add(db, "fail", at=NOW - timedelta(hours=1))
    add(db, "good")
    with caplog.at_level(logging.ERROR):
        assert work.run_due(house, db, NOW) == 1
    assert "abort failed" in caplog.text
    assert look(db, lambda site: [each.error for each in site.jobs.pending()]) == ["ValueError"]


def test_connections_go_back_to_the_pool(house, db):
    house.jobs["good"] = lambda _house, _site, _args, _now: None
    for number in range(25):
        add(db, "good", f"k{number}")
    work.run_due(house, db, NOW)
    assert len(db.pool.all) <= 2


def test_a_database_without_site_has_no_jobs(house):
    db = open_database("memory://")
    assert work.run_due(house, db, NOW) == 0
    db.close()


def test_the_loop_runs_what_comes_and_ends_when_asked(house, db):
    done = threading.Event()
    house.jobs["good"] = lambda _house, _site, _args, _now: done.set()
    worker = work.Worker(house, db, pause=0.01)
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(0.05)
    add(db, "good")
    assert done.wait(10)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_an_idle_worker_ends_at_once_when_asked(house, db):
    worker = work.Worker(house, db, pause=60)
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(0.05)
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_the_loop_survives_a_database_that_is_away(house, db, caplog):
    class Flaky:
        """A database whose first connections fail."""

        left = 2

        def open(self, manager):
            if self.left:
                self.left -= 1
                raise OSError("server is away")
            return db.open(manager)

    done = threading.Event()
    house.jobs["good"] = lambda _house, _site, _args, _now: done.set()
    add(db, "good")
    worker = work.Worker(house, Flaky(), pause=0.01)
    thread = threading.Thread(target=worker.run)
    with caplog.at_level(logging.ERROR):
        thread.start()
        assert done.wait(10)
    worker.stop()
    thread.join(10)
    assert "could not reach the database" in caplog.text


def test_the_manager_of_a_site_is_that_of_its_connection(db):
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    connection = db.open(manager)
    assert work.manager(root_site(connection)) is manager
    manager.abort()
    connection.close()


def seen(db):
    return look(db, lambda site: site.jobs.seen)


def test_a_worker_leaves_word_that_it_lives_but_seldom(house, db):
    worker = work.Worker(house, db)
    moments = [NOW + timedelta(minutes=each) for each in range(12)]
    stored = []
    for moment in moments:
        house.clock = lambda now=moment: now
        worker.turn()
        stored.append(seen(db))
    assert sorted(set(stored)) == [moments[0], moments[5], moments[10]]


def test_of_two_workers_one_writes(house, db):
    for worker in (work.Worker(house, db), work.Worker(house, db)):
        worker.turn()
    before = db.lastTransaction()
    work.beat(db, NOW + timedelta(minutes=1))
    assert (seen(db), db.lastTransaction()) == (NOW, before)
