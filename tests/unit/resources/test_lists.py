from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from resource_stage import NOW, committed, fresh

from intranet_surat.resources.lists import (
    LONGEST,
    SEALS,
    TRAYS,
    Closed,
    Counts,
    PositionList,
    Row,
    query_words,
    sign_trays,
    words_of,
)
from intranet_surat.resources.opening import root_site


def row(item: str, **values) -> Row:
    made = {
        "item": item,
        "letter": item,
        "path": f"/dinkes/surat-masuk/2026/{item}",
        "direction": "masuk",
        "kind": "surat-masuk",
        "office": "DINKES",
        "year": 2026,
        "number": "",
        "sender": "Camat Kramatwatu",
        "subject": "Undangan rapat",
        "state": "baru",
        "state_title": "Baru",
        "state_class": "wait",
        "at": NOW,
        "trays": frozenset({"waiting"}),
    }
    return Row(**{**made, **values})


def signs(item, *, seals=False, since=NOW, **values):
    return row(item, trays=sign_trays(seals=seals), seals=seals, since=since, **values)


def items(found) -> list[str]:
    return [each.item for each in found[0]]


@pytest.fixture
def mine():
    return PositionList()


def test_the_longest_to_sign_and_what_is_a_seal_are_found_without_reading_the_tray(mine):
    day = timedelta(days=1)
    mine.put(signs("late", due=NOW - day))
    mine.put(signs("old", since=NOW - 9 * day, seals=True))
    mine.put(signs("older", since=NOW - 30 * day))
    assert items(mine.page("sign")) == ["late", "old", "older"]
    assert items(mine.page(LONGEST, 0, 1)) == ["older"]
    assert mine.page(SEALS, 0, 0) == ([], 1)
    mine.put(signs("older", since=NOW))
    mine.drop("late")
    assert items(mine.page(LONGEST)) == ["old", "older"]
    mine.drop("old")
    mine.drop("older")
    assert list(mine._trays) == []


def test_a_tray_is_sorted_by_deadline_then_newest_first_and_those_without_deadline_last(mine):
    hour = timedelta(hours=1)
    mine.put(row("none-old", at=NOW))
    mine.put(row("none-new", at=NOW + hour))
    mine.put(row("late", due=NOW + 9 * hour))
    mine.put(row("soon-old", due=NOW + hour, at=NOW))
    mine.put(row("soon-new", due=NOW + hour, at=NOW + hour))
    assert items(mine.page("waiting")) == ["soon-new", "soon-old", "late", "none-new", "none-old"]


def test_a_page_is_a_part_of_the_tray_with_the_size_of_the_whole(mine):
    for number in range(45):
        mine.put(row(f"i{number:02}", at=NOW - timedelta(minutes=number)))
    found, total = mine.page("waiting", 40, 20)
    assert ([each.item for each in found], total) == (["i40", "i41", "i42", "i43", "i44"], 45)
    assert mine.page("waiting", 45) == ([], 45)
    assert mine.page("sign") == ([], 0)


def test_a_row_that_is_put_again_leaves_its_old_places(mine):
    mine.put(row("a", trays=frozenset({"waiting", "unread"}), unread=True, words=("rapat",)))
    mine.put(row("a", trays=frozenset({"archived"}), year=2025, words=("arsip",)))
    assert mine.counts() == {**dict.fromkeys(TRAYS, 0), "archived": 1}
    assert items(mine.page("waiting")) == items(mine.page("unread")) == []
    assert mine.folders() == {("DINKES", "masuk", 2025): 1}
    assert mine.year_page("masuk", "DINKES", 2026) == ([], 0)
    assert mine.search("rapat") == ([], 0)
    assert items(mine.search("arsip")) == ["a"]


def test_an_equal_row_writes_nothing(database):
    with database.transaction() as connection:
        connection.root()["l"] = PositionList()
        connection.root()["l"].put(row("a"))
    connection = database.open()
    connection.root()["l"].put(row("a"))
    assert connection._registered_objects == []
    connection.close()


def test_a_dropped_row_is_nowhere(mine):
    mine.put(row("a", words=("rapat",), order=3))
    mine.drop("a")
    mine.drop("a")
    assert "a" not in mine
    assert mine.get("a") is None
    assert mine.folders() == {}
    assert not any(mine.counts().values())
    assert list(mine._trays) == list(mine._years) == list(mine._words) == list(mine._rows) == []


def test_a_register_is_read_by_number_from_either_end(mine):
    for order in random.Random(4).sample(range(1, 60), 59):
        mine.put(row(f"i{order}", order=order, number=str(order)))
    mine.put(row("other-office", office="BAPPEDA", order=100))
    mine.put(row("other-year", year=2025, order=100))
    mine.put(row("other-way", direction="keluar", order=100))
    assert items(mine.year_page("masuk", "DINKES", 2026, 0, 3)) == ["i59", "i58", "i57"]
    assert items(mine.year_page("masuk", "DINKES", 2026, 57, 9)) == ["i2", "i1"]
    assert items(mine.year_page("masuk", "DINKES", 2026, 10, 2, descending=False)) == ["i11", "i12"]
    assert mine.year_page("masuk", "DINKES", 2026)[1] == 59


def test_rows_without_number_are_read_by_time_even_when_times_are_equal(mine):
    for number in range(7):
        mine.put(row(f"i{number}", at=NOW + timedelta(seconds=number // 3)))
    down = items(mine.year_page("masuk", "DINKES", 2026, 0, 99))
    assert down == ["i6", "i5", "i4", "i3", "i2", "i1", "i0"]
    assert items(mine.year_page("masuk", "DINKES", 2026, 0, 99, descending=False)) == down[::-1]


def test_folders_count_what_the_position_knows(mine):
    mine.put(row("a"))
    mine.put(row("b"))
    mine.put(row("c", direction="keluar", year=2025))
    assert mine.folders() == {("DINKES", "masuk", 2026): 2, ("DINKES", "keluar", 2025): 1}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("undangan", ["b", "a"]),
        ("UNDANG", ["b", "a"]),
        ("und rap", ["a"]),
        ("rapat undangan", ["a"]),
        ("000.8.3", ["c"]),
        ("000.8.3.3/15/or", ["c"]),
        ("15", ["c"]),
        ("rapat tidak-ada", []),
        ("", []),
        ("  ... ", []),
        ("apat", []),
    ],
)
def test_search_finds_rows_in_which_each_word_begins_a_word_newest_first(mine, asked, expected):
    mine.put(row("a", at=NOW, words=words_of("Undangan rapat koordinasi")))
    mine.put(row("b", at=NOW + timedelta(days=1), words=words_of("undangan dinas")))
    mine.put(row("c", at=NOW + timedelta(days=2), words=words_of("Nomor 000.8.3.3/15/OR")))
    found, total = mine.search(asked)
    assert [each.item for each in found] == expected
    assert total == len(expected)


def test_search_takes_words_and_gives_pages(mine):
    for number in range(5):
        mine.put(row(f"i{number}", at=NOW + timedelta(days=number), words=("rapat", "rapatkan")))
    assert items(mine.search(["RAP"], 1, 2)) == ["i3", "i2"]
    assert mine.search(["rap"])[1] == 5


def test_words_are_folded_and_cut():
    assert words_of("“Hal: Rapat-Kerja”", "S.Sos.") == ("hal", "kerja", "rapat", "rapat-kerja", "s", "s.sos", "sos")
    assert query_words("ﬁle ﬁle, Rapat!") == ("file", "rapat")
    assert max(map(len, words_of("x" * 500))) == 64


def test_a_row_that_is_logged_shows_its_id_only():
    assert repr(row("a", subject="Rahasia negara")) == "Row(a)"


def test_two_connections_that_put_different_rows_at_once_both_commit_and_the_counts_are_exact(database, two):
    with database.transaction() as connection:
        mine = root_site(connection).lists["p"] = PositionList()
        mine.put(row("old", trays=frozenset({"waiting", "unread"})))
        mine.put(row("gone", trays=frozenset({"unread"})))
        mine.put(row("a-first", trays=frozenset({"internal"})))
    fresh(*two)
    first, second = (root_site(connection).lists["p"] for connection in two)
    first.put(row("one", trays=frozenset({"waiting", "unread", "urgent"})))
    first.put(row("old", trays=frozenset({"waiting", "read"})))
    second.put(row("two", trays=frozenset({"unread", "urgent"}), direction="keluar"))
    second.drop("gone")
    committed(two[0])
    committed(two[1])
    fresh(*two)
    result = root_site(two[0]).lists["p"]
    assert {name: count for name, count in result.counts().items() if count} == {
        "waiting": 2,
        "unread": 2,
        "urgent": 2,
        "read": 1,
        "internal": 1,
    }
    assert result.folders() == {("DINKES", "masuk", 2026): 3, ("DINKES", "keluar", 2026): 1}
    assert sorted(items(result.page("unread"))) == ["one", "two"]


def test_counts_that_were_changed_at_once_are_added_up_and_zeros_are_forgotten():
    old, committed_state, new = Counts(), Counts(), Counts()
    old.values = {"a": 1, "b": 1}
    committed_state.values = {"a": 2, "b": 1}
    new.values = {"a": 2, "c": 5}
    resolved = Counts()._p_resolveConflict(old.__getstate__(), committed_state.__getstate__(), new.__getstate__())
    assert resolved["values"] == {"a": 3, "c": 5}


def test_many_concurrent_puts_keep_rows_keys_and_counts_together(database):
    """Sixteen writers on one list: whatever collides is retried, and nothing is counted twice or lost."""
    import threading

    import transaction
    from ZODB.POSException import ConflictError

    with database.transaction() as connection:
        root_site(connection).lists["p"] = PositionList()
    conflicts = []

    def write(worker: int) -> None:
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        for number in range(12):
            while True:
                manager.begin()
                root_site(connection).lists["p"].put(
                    row(f"w{worker}-{number}", at=NOW + timedelta(seconds=random.randrange(9)), words=("rapat",))
                )
                try:
                    manager.commit()
                    break
                except ConflictError:
                    conflicts.append(worker)
                    manager.abort()
        connection.close()

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as connection:
        mine = root_site(connection).lists["p"]
        assert mine.counts()["waiting"] == len(list(mine.rows())) == len(mine.page("waiting", 0, 999)[0]) == 96
        assert mine.search("rapat")[1] == 96


def test_a_page_of_a_long_list_loads_few_objects_however_long_it_is(database):
    def loads(count: int) -> int:
        with database.transaction() as connection:
            mine = connection.root()["l"] = PositionList()
            for number in range(count):
                mine.put(row(f"{random.Random(number).random():.12f}", at=NOW + timedelta(seconds=number)))
        database.cacheMinimize()
        connection = database.open()
        connection.cacheMinimize()
        before = connection.getTransferCounts(clear=True)
        connection.root()["l"].page("waiting", 0, 20)
        before = connection.getTransferCounts()[0]
        connection.close()
        return before

    small, large = loads(1000), loads(5000)
    assert large <= 50
    assert large <= small * 1.5 + 5


ORDER = Closed(frozenset({"R", "SR"}), frozenset({"undangan"}))


def test_a_short_tray_of_who_stands_in_for_some_kinds_loads_few_of_many_rows(database):
    with database.transaction() as connection:
        mine = connection.root()["l"] = PositionList()
        for number in range(3000):
            kind, trays = ("surat-masuk", "undangan")[number % 2], frozenset({"waiting"} if number < 6 else ())
            mine.put(row(f"{random.Random(number).random():.12f}", kind=kind, trays=trays))
    database.cacheMinimize()
    connection = database.open()
    connection.cacheMinimize()
    connection.getTransferCounts(clear=True)
    rows, total = connection.root()["l"].page("waiting", 0, 20, ORDER)
    closed = connection.root()["l"].closed(ORDER, "waiting")
    assert [each.kind for each in rows] == ["undangan"] * 3
    assert (total, len(closed)) == (3, 3)
    assert connection.getTransferCounts()[0] <= 50
    connection.close()


@pytest.mark.parametrize("waiting", [0, 3, 24, 25, 60, 100])
def test_a_tray_shows_and_counts_what_an_order_opens_however_much_of_the_list_it_is(mine, waiting):
    chance = random.Random(waiting)
    for number in range(100):
        mine.put(
            row(
                f"i{number:02}",
                kind=chance.choice(["undangan", "surat-masuk"]),
                direction=chance.choice(["masuk", "kiriman"]),
                security=chance.choice(["B", "T", "R", "SR", "?"]),
                trays=frozenset({"waiting"} if number < waiting else {"archived"}),
            )
        )
    for tray in ("waiting", "archived", "secret"):
        inside = {each.item: each for each in mine.rows() if tray in each.trays}
        shut = {
            name
            for name, each in inside.items()
            if each.direction != "kiriman" and ORDER.holds(each.security, each.kind)
        }
        found, total = mine.page(tray, 0, 100, ORDER)
        assert ({each.item for each in found}, total) == (inside.keys() - shut, len(found))
        assert list(mine.closed(ORDER, tray)) == sorted(shut)
        assert mine.counts(ORDER)[tray] == total


def test_a_put_in_a_long_list_writes_few_bytes(database):
    def made(number: int) -> Row:
        return row(
            f"{random.Random(number).random():.12f}",
            at=NOW + timedelta(seconds=number),
            trays=frozenset({"waiting", "unread"}),
            words=words_of("Undangan rapat kerja"),
        )

    written = []
    with database.transaction() as connection:
        mine = connection.root()["l"] = PositionList()
        for number in range(2000):
            mine.put(made(number))
    for number in range(2000, 2030):
        with database.transaction() as connection:
            connection.root()["l"].put(made(number))
            connection.savepoint()
            written.append(connection._savepoint_storage.position)
    assert sum(written) / len(written) < 12_000


ROWS = st.builds(
    row,
    st.sampled_from([f"i{number}" for number in range(12)]),
    trays=st.frozensets(st.sampled_from(TRAYS), max_size=4),
    at=st.integers(0, 3).map(lambda days: NOW + timedelta(days=days)),
    due=st.none() | st.integers(0, 2).map(lambda days: NOW + timedelta(days=days)),
    year=st.sampled_from([2025, 2026]),
    direction=st.sampled_from(["masuk", "keluar"]),
    order=st.integers(0, 3),
    words=st.lists(st.sampled_from(["rapat", "rapatkan", "undangan", "umum"]), unique=True).map(tuple),
)


class ListsAgainstPlainDict(RuleBasedStateMachine):
    """Any puts and drops, compared with a dict that is sorted and counted by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.mine = PositionList()
        self.model: dict[str, Row] = {}

    @rule(made=ROWS)
    def put(self, made):
        self.mine.put(made)
        self.model[made.item] = made

    @rule(made=ROWS)
    def change(self, made):
        if made.item in self.model:
            self.mine.put(replace(self.model[made.item], trays=made.trays))
            self.model[made.item] = replace(self.model[made.item], trays=made.trays)

    @rule(made=ROWS)
    def drop(self, made):
        self.mine.drop(made.item)
        self.model.pop(made.item, None)

    @invariant()
    def trays_agree(self):
        for tray in TRAYS:
            inside = [each for each in self.model.values() if tray in each.trays]
            inside.sort(key=lambda each: (each.due is None, each.due or NOW, -each.at.timestamp(), each.item))
            assert self.mine.page(tray, 0, 99) == (inside, len(inside))
            assert self.mine.counts()[tray] == len(inside)

    @invariant()
    def registers_agree(self):
        assert self.mine.folders() == Counter((each.office, each.direction, each.year) for each in self.model.values())
        for direction in ("masuk", "keluar"):
            inside = [each for each in self.model.values() if (each.direction, each.year) == (direction, 2026)]
            inside.sort(key=lambda each: (each.order, each.at, each.item))
            assert self.mine.year_page(direction, "DINKES", 2026, 0, 99, descending=False) == (inside, len(inside))
            assert self.mine.year_page(direction, "DINKES", 2026, 0, 99) == (inside[::-1], len(inside))

    @invariant()
    def search_agrees(self):
        for asked in (("rapat",), ("rapatk",), ("u", "rapat")):
            inside = [
                each
                for each in self.model.values()
                if all(any(word.startswith(prefix) for word in each.words) for prefix in asked)
            ]
            inside.sort(key=lambda each: (-each.at.timestamp(), each.item))
            assert self.mine.search(asked, 0, 99) == (inside, len(inside))


TestListsAgainstPlainDict = ListsAgainstPlainDict.TestCase
TestListsAgainstPlainDict.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
