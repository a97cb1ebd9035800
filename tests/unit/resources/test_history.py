from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import rfc8785
from resource_stage import NOW

from intranet_surat.resources.history import CHUNK, GENESIS, Act, History

GOLDEN = Path(__file__).with_name("golden_act.json")
SALT = bytes(range(16))


def grown(count: int, letter: str = "surat") -> History:
    history = History(letter)
    for number in range(count):
        history.add(
            at=NOW + timedelta(minutes=number),
            item=letter,
            state_from="a",
            state_to="b",
            action=f"aksi-{number}",
            position="pos",
            person="orang",
            entered={"catatan": f"isian {number}"},
        )
    return history


def golden_act() -> tuple[History, Act]:
    history = History("mfzwizltoq2gg2lo")
    act = history.add(
        at=datetime(2026, 11, 23, 9, 5, 0, 120000, tzinfo=timezone(timedelta(hours=7))),
        item="mfzwizltoq2gg2lo",
        state_from="menunggu_disposisi",
        state_to="didisposisikan",
        action="disposisi",
        position="nb2hi4dthixs653x",
        person="o53xoltfpbqw24dm",
        capacity="Plt.",
        order="800.1.3.1/12/BKPSDM/2026",
        flow="5f" * 32,
        files=("ab" * 32, "01" * 32),
        entered={"catatan": "Tindak lanjuti – segera ✓", "batas": "2026-11-27", "kepada": ["a", "b"], "lapor": True},
        who={"name": "Hj. Siti Aminah, S.Sos.", "title": "Sekretaris", "office": "Dinas Kesehatan"},
        salt=SALT,
    )
    return history, act


def test_the_format_of_an_act_is_that_of_the_golden_file():
    history, act = golden_act()
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert act.facts() == golden["facts"]
    assert act.hash == golden["hash"]
    assert history.entered(0) == golden["entered"]


def test_the_hashes_of_the_golden_file_follow_from_its_own_text():
    """A verifier that has never seen our code computes the same from the file alone."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    payload = bytes.fromhex(golden["salt"]) + rfc8785.dumps(golden["entered"])
    assert hashlib.sha256(payload).hexdigest() == golden["facts"]["payload_digest"]
    assert hashlib.sha256(rfc8785.dumps(golden["facts"])).hexdigest() == golden["hash"]


def test_the_chain_begins_at_zero_and_each_line_names_the_one_before():
    history = grown(20)
    acts = list(history)
    assert acts[0].prev == GENESIS
    assert [act.prev for act in acts[1:]] == [act.hash for act in acts[:-1]]
    assert [act.seq for act in acts] == list(range(20))
    assert history.head == acts[-1].hash
    assert len(history) == 20
    assert history[13] == acts[13]
    assert history.problems() == []


def test_an_empty_history_is_in_order_and_true():
    history = History("surat")
    assert history.problems() == []
    assert history
    assert history.head == GENESIS


def test_times_are_kept_in_utc():
    _, act = golden_act()
    assert act.at.tzinfo == UTC
    assert act.facts()["at"] == "2026-11-23T02:05:00.120000Z"


def test_a_time_without_zone_another_letter_and_values_that_are_not_json_are_refused():
    history = History("surat")
    good = {"at": NOW, "item": "s", "state_from": "", "state_to": "", "action": "a", "position": "p", "person": "o"}
    with pytest.raises(ValueError, match="with a zone"):
        history.add(**{**good, "at": datetime(2026, 11, 23)})  # noqa: DTZ001  that is the point
    with pytest.raises(ValueError, match="not of lain"):
        history.add(**good, letter="lain")
    with pytest.raises(ValueError, match=r"(?i)unsupported|datetime"):
        history.add(**good, entered={"kapan": NOW})
    assert len(history) == 0


def test_what_was_entered_comes_back_and_is_not_shared_with_the_caller():
    history, form = History("surat"), {"kepada": ["a"]}
    history.add(at=NOW, item="s", state_from="", state_to="", action="a", position="p", person="o", entered=form)
    form["kepada"].append("b")
    history.entered(0)["kepada"].append("c")
    assert history.entered(0) == {"kepada": ["a"]}


def test_equal_entries_have_different_digests_so_that_they_cannot_be_guessed():
    digests = {grown(1)[0].payload_digest for _ in range(5)}
    assert len(digests) == 5


def test_erasing_what_was_entered_leaves_the_chain_verifiable():
    history = grown(CHUNK + 3)
    history.erase(CHUNK + 1)
    assert history.entered(CHUNK + 1) == {}
    assert history.erased(CHUNK + 1)
    assert not history.erased(CHUNK)
    assert history.entered(CHUNK) == {"catatan": f"isian {CHUNK}"}
    assert history.problems() == []
    assert b"isian 9" not in repr(history.chunks[1].payloads).encode()


@pytest.mark.parametrize("seq", [-1, 3])
def test_a_line_that_is_not_there_is_an_index_error(seq):
    history = grown(3)
    for ask in (history.__getitem__, history.entered, history.erased, history.erase):
        with pytest.raises(IndexError):
            ask(seq)


def chunk_of(history, seq):
    return history.chunks[seq // CHUNK], seq % CHUNK


def edit(history):
    chunk, place = chunk_of(history, 9)
    chunk.acts = (*chunk.acts[:place], replace(chunk.acts[place], person="lain"), *chunk.acts[place + 1 :])


def edit_and_seal(history):
    """Change a line and give it the hash that fits, as one who knows our code would."""
    chunk, place = chunk_of(history, 9)
    changed = replace(chunk.acts[place], person="lain")
    changed = replace(changed, hash=changed.computed())
    chunk.acts = (*chunk.acts[:place], changed, *chunk.acts[place + 1 :])


def edit_who(history):
    chunk, place = chunk_of(history, 9)
    chunk.acts = (*chunk.acts[:place], replace(chunk.acts[place], who={"name": "Lain"}), *chunk.acts[place + 1 :])


def edit_entered(history):
    chunk, place = chunk_of(history, 9)
    salt, _ = chunk.payloads[place]
    chunk.payloads = (*chunk.payloads[:place], (salt, '{"catatan":"lain"}'), *chunk.payloads[place + 1 :])


def drop(history):
    chunk = history.chunks[1]
    chunk.acts, chunk.payloads = chunk.acts[1:], chunk.payloads[1:]
    history.count -= 1


def insert(history):
    chunk = history.chunks[1]
    chunk.acts = (chunk.acts[0], *chunk.acts)
    chunk.payloads = (chunk.payloads[0], *chunk.payloads)
    history.count += 1


def swap(history):
    chunk = history.chunks[0]
    chunk.acts = (chunk.acts[1], chunk.acts[0], *chunk.acts[2:])
    chunk.payloads = (chunk.payloads[1], chunk.payloads[0], *chunk.payloads[2:])


def reorder(history):
    history.chunks = (history.chunks[1], history.chunks[0], *history.chunks[2:])


def truncate(history):
    history.chunks = history.chunks[:-1]


def of_another_letter(history):
    history.chunks = grown(20, "lain").chunks
    history.head = history.chunks[-1].acts[-1].hash


@pytest.mark.parametrize(
    "tamper",
    [edit, edit_and_seal, edit_who, edit_entered, drop, insert, swap, reorder, truncate, of_another_letter],
)
def test_tampering_is_noticed_without_any_help(tamper):
    history = grown(20)
    tamper(history)
    assert history.problems()


def test_a_problem_is_told_in_words_with_its_line():
    history = grown(20)
    edit(history)
    assert history.problems() == ["Baris 10: isinya tidak cocok dengan sidik jarinya."]


def test_a_cut_end_with_a_fitting_head_is_noticed_by_a_head_noted_elsewhere():
    history = grown(20)
    noted = history.head
    history.chunks = history.chunks[:-1]
    history.count = sum(len(chunk.acts) for chunk in history.chunks)
    history.head = history.chunks[-1].acts[-1].hash
    assert history.problems() == []
    assert any("terpotong" in each for each in history.problems(noted))


def test_a_chain_written_anew_is_noticed_by_a_head_noted_elsewhere():
    noted = grown(20).head
    assert any("ditulis ulang" in each for each in grown(20).problems(noted))


def test_a_head_noted_earlier_stays_good_while_the_history_grows():
    history = grown(5)
    noted = history.head
    history.add(at=NOW, item="s", state_from="", state_to="", action="a", position="p", person="o")
    assert history.problems(noted) == []


def test_adding_an_act_rewrites_few_bytes_however_long_the_history_is(database):
    def cost(count: int) -> int:
        with database.transaction() as connection:
            connection.root()["h"] = grown(count)
        with database.transaction() as connection:
            history = connection.root()["h"]
            history.add(at=NOW, item="s", state_from="", state_to="", action="a", position="p", person="o")
            connection.savepoint()
            return connection._savepoint_storage.position

    short, long = cost(CHUNK + 1), cost(CHUNK * 30 + 1)
    assert short < 4_000
    assert long < short + 3_000


def test_no_two_acts_can_take_the_same_place(two, database):
    from ZODB.POSException import ConflictError

    with database.transaction() as connection:
        connection.root()["h"] = grown(CHUNK - 1)
    for connection in two:
        connection.transaction_manager.abort()
        connection.transaction_manager.begin()
        connection.root()["h"].add(at=NOW, item="s", state_from="", state_to="", action="a", position="p", person="o")
    two[0].transaction_manager.commit()
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()
    two[0].transaction_manager.begin()


def test_hashes_are_sha256_in_hex():
    _, act = golden_act()
    assert re.fullmatch("[0-9a-f]{64}", act.hash)
    assert re.fullmatch("[0-9a-f]{64}", act.payload_digest)
