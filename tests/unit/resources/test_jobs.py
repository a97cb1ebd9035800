from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from resource_stage import NOW, committed, fresh
from ZODB.POSException import ConflictError

from intranet_surat.resources.jobs import FIRST_PAUSE, LONGEST_PAUSE, TRIES, JobQueue, LeaseLost
from intranet_surat.resources.opening import root_site

SECOND = timedelta(seconds=1)


@pytest.fixture
def queue():
    return JobQueue()


def names(jobs):
    return [job.name for job in jobs]


def test_a_key_is_taken_once_whatever_became_of_the_job(queue):
    job = queue.add("kirim", {"a": 1}, "k1", NOW)
    assert queue.add("kirim", {"a": 2}, "k1", NOW) is None
    leased = queue.lease(NOW, 60)
    queue.done(leased, leased.lease, NOW)
    assert queue.add("kirim", {"a": 3}, "k1", NOW) is None
    assert job.state == "done"
    assert list(queue.pending()) == []


def test_a_job_that_is_done_is_seen_no_more_even_before_it_is_swept(queue):
    queue.add("kirim", {}, "k1", NOW)
    leased = queue.lease(NOW, 60)
    queue.done(leased, leased.lease, NOW)
    assert list(queue.pending()) == list(queue.due(NOW + timedelta(days=1))) == []
    queue.sweep(NOW)
    assert queue.get(leased.id) is None
    assert queue.add("kirim", {}, "k1", NOW) is None


def test_a_key_may_be_used_again_once_it_was_forgotten(queue):
    leased = None
    queue.add("kirim", {}, "k1", NOW)
    leased = queue.lease(NOW, 60)
    queue.done(leased, leased.lease, NOW)
    assert queue.forget(NOW + SECOND) == 0
    assert queue.sweep(NOW) == 1
    assert queue.sweep(NOW) == 0
    queue.add("tunggu", {}, "k2", NOW)
    assert queue.forget(NOW) == 0
    assert queue.forget(NOW + SECOND) == 1
    assert queue.add("kirim", {}, "k1", NOW) is not None
    assert queue.add("tunggu", {}, "k2", NOW) is None


def test_arguments_are_copied_and_must_be_json(queue):
    args = {"letters": ["a"]}
    job = queue.add("kirim", args, "k1", NOW)
    args["letters"].append("b")
    assert job.args == {"letters": ["a"]}
    with pytest.raises(TypeError):
        queue.add("kirim", {"at": NOW}, "k2", NOW)
    with pytest.raises(ValueError, match="with a zone"):
        queue.add("kirim", {}, "k3", datetime(2026, 1, 1))  # noqa: DTZ001  that is the point


def test_jobs_are_due_at_their_time_the_longest_waiting_first(queue):
    queue.add("later", {}, "k1", NOW + SECOND)
    queue.add("second", {}, "k2", NOW - timedelta(minutes=2))
    queue.add("first", {}, "k3", NOW - timedelta(hours=2))
    assert names(queue.due(NOW)) == ["first", "second"]
    assert sorted(names(queue.due(NOW + SECOND))) == ["first", "later", "second"]


def test_a_leased_job_is_not_given_out_until_the_lease_ran_out(queue):
    queue.add("kirim", {}, "k1", NOW)
    first = queue.lease(NOW, 60).lease
    assert queue.lease(NOW + 59 * SECOND, 60) is None
    again = queue.lease(NOW + 60 * SECOND, 60)
    assert again.lease != first
    with pytest.raises(LeaseLost):
        queue.done(again, first, NOW)
    with pytest.raises(LeaseLost):
        queue.fail(again, first, NOW, "late")
    queue.done(again, again.lease, NOW)
    with pytest.raises(LeaseLost):
        queue.done(again, again.lease, NOW)


def test_a_failed_job_waits_longer_each_time_and_is_parked_in_the_end(queue):
    queue.add("kirim", {}, "k1", NOW)
    now, pauses = NOW, []
    for number in range(TRIES):
        job = queue.lease(now, 60)
        assert job.tries == number + 1
        queue.fail(job, job.lease, now, f"error {number}")
        if job.state == "waiting":
            pauses.append(job.at - now)
            assert queue.lease(now, 60) is None
            now = job.at
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses == sorted(pauses)
    assert max(pauses) <= LONGEST_PAUSE
    assert [(job.name, job.error) for job in queue.parked()] == [("kirim", f"error {TRIES - 1}")]
    assert list(queue.pending()) == []
    assert queue.add("kirim", {}, "k1", NOW) is None


def test_a_job_that_kills_its_worker_each_time_is_parked_and_others_run(queue):
    queue.add("poison", {}, "k1", NOW - timedelta(hours=1))
    queue.add("good", {}, "k2", NOW)
    now = NOW
    for _ in range(TRIES):
        assert queue.lease(now, 60).name == "poison"
        now += 61 * SECOND
    assert queue.lease(now, 60).name == "good"
    assert [job.error for job in queue.parked()] == ["the worker ended while it ran, each time"]


def test_a_parked_job_can_be_tried_again_as_if_it_were_new(queue):
    job = queue.add("kirim", {}, "k1", NOW)
    for _ in range(TRIES):
        job.leased_until = None
        leased = queue.lease(job.at, 60)
        queue.fail(leased, leased.lease, job.at, "x")
    queue.retry(job.id, NOW)
    assert queue.lease(NOW, 60) is job
    assert job.tries == 1
    with pytest.raises(KeyError):
        queue.retry("nothing", NOW)


def test_a_given_job_can_be_leased_and_found_by_id(queue):
    queue.add("other", {}, "k1", NOW - timedelta(hours=1))
    mine = queue.add("mine", {}, "k2", NOW)
    assert queue.lease(NOW, 60, mine) is mine
    assert queue.lease(NOW, 60, mine) is None
    assert queue.get(mine.id) is mine
    assert queue.get("nothing") is None


def test_of_two_workers_that_lease_the_same_job_one_collides(database, two):
    with database.transaction() as connection:
        root_site(connection).jobs.add("kirim", {}, "k1", NOW)
    fresh(*two)
    taken = [root_site(connection).jobs.lease(NOW, 60) for connection in two]
    assert taken[0].id == taken[1].id
    committed(two[0])
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()
    fresh(two[1])
    assert root_site(two[1]).jobs.lease(NOW, 60) is None


def test_jobs_added_at_once_do_not_collide(database, two):
    with database.transaction() as connection:
        root_site(connection).jobs.add("kirim", {}, "k0", NOW)
    fresh(*two)
    for number, connection in enumerate(two):
        root_site(connection).jobs.add("kirim", {}, f"k{number + 1}", NOW)
        committed(connection)
    fresh(two[0])
    assert len(list(root_site(two[0]).jobs.due(NOW))) == 3


def test_the_same_key_added_at_once_is_added_once(database, two):
    for connection in two:
        root_site(connection).jobs.add("kirim", {}, "same", NOW)
    committed(two[0])
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()
    two[1].transaction_manager.abort()
    two[1].transaction_manager.begin()
    assert root_site(two[1]).jobs.add("kirim", {}, "same", NOW) is None


def test_a_job_done_while_another_is_added_does_not_collide(database, two):
    with database.transaction() as connection:
        for number in range(4):
            root_site(connection).jobs.add("kirim", {}, f"k{number}", NOW)
        leased = root_site(connection).jobs.lease(NOW, 60, list(root_site(connection).jobs.due(NOW))[2])
        name, lease = leased.id, leased.lease
    fresh(*two)
    mine, other = (root_site(connection).jobs for connection in two)
    mine.done(mine.get(name), lease, NOW)
    other.add("kirim", {}, "k4", NOW)
    committed(two[0])
    committed(two[1])


def test_jobs_that_end_at_once_do_not_collide(database, two):
    with database.transaction() as connection:
        queue = root_site(connection).jobs
        for number in range(3):
            queue.add("kirim", {}, f"k{number}", NOW)
        leases = [(each.id, each.lease) for each in (queue.lease(NOW, 60), queue.lease(NOW, 60))]
    fresh(*two)
    for connection, (name, lease) in zip(two, leases, strict=True):
        jobs = root_site(connection).jobs
        jobs.done(jobs.get(name), lease, NOW)
    committed(two[0])
    committed(two[1])
    fresh(two[0])
    assert root_site(two[0]).jobs.sweep(NOW) == 2
