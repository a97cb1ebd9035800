from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
from datetime import date, timedelta

import pytest
from evidence_stage import Town
from hypothesis import given, settings
from hypothesis import strategies as st

from intranet_surat.demo.authority import issuing
from intranet_surat.services import signing_loop, timestamping, work
from intranet_surat.services.evidence import anchored, anchors, merkle
from intranet_surat.services.timestamping import TimestampUnavailable

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=20)


@given(LEAVES, st.data())
def test_each_leaf_leads_to_the_root_and_no_other_bytes_do(leaves, data):
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    beside = merkle.path(leaves, index)
    assert merkle.leads_to(leaves[index], index, len(leaves), beside, root)
    assert not merkle.leads_to(leaves[index] + b"x", index, len(leaves), beside, root)
    assert not merkle.leads_to(leaves[index], index, len(leaves), (*beside, b"x" * 32), root)
    for other in range(len(leaves)):
        if leaves[other] != leaves[index]:
            assert not merkle.leads_to(leaves[other], index, len(leaves), beside, root)


@settings(max_examples=50)
@given(LEAVES)
def test_a_tree_of_other_leaves_has_another_root(leaves):
    assert merkle.root(leaves) != merkle.root([*leaves, b""])
    assert merkle.root([merkle.root(leaves)]) != merkle.root(leaves), "a node is no leaf"


def test_the_known_roots_of_rfc_6962_are_found():
    data = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(data[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(data[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(data).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


@pytest.fixture
def town(desk, pki, tmp_path):
    made = Town()
    made.servers[""].authority = issuing.kept(pki / issuing.KEPT)
    made.servers[""].clock = lambda: desk.now
    places = tuple(timestamping.place(each) for each in made.urls)
    known = dataclasses.replace(
        desk.house.settings, timestamps=places, anchors_file=tmp_path / "luar" / "jangkar.jsonl"
    )
    desk.house = dataclasses.replace(desk.house, outbound=made.outbound, settings=known)
    anchors.schedule(desk.house, desk.site, desk.now)
    desk.commit()
    yield made
    made.close()


def letters(desk, count=3):
    return [
        desk.register("agendaris.dinkes", "DINKES", sender_number=f"600/{number}/2026", subject=f"Perihal {number}")
        for number in range(count)
    ]


def day(desk, db, clock):
    """A night passes."""
    clock.forward(days=1)
    desk.commit()
    work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    return desk.site.anchors.last()


def problems(desk):
    return list(anchors.problems(desk.house, desk.site))


def outside(desk):
    return [json.loads(each) for each in desk.house.settings.anchors_file.read_text().splitlines()]


def test_each_night_binds_the_heads_that_changed_and_names_the_night_before(desk, db, clock, town):
    made = letters(desk)
    first = day(desk, db, clock)
    assert {(name, head) for name, head, _ in first.leaves} >= {(each.id, each.history.head) for each in made}
    second = day(desk, db, clock)
    third = day(desk, db, clock)
    assert [each.number for each in desk.site.anchors] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert len(third.leaves) == 0, "a quiet day is anchored too"
    assert [each["number"] for each in outside(desk) if "leaves" in each] == [1, 2, 3]
    assert problems(desk) == []


def test_the_proof_of_a_letter_stands_alone_and_fails_for_any_change(desk, db, clock, town):
    made = letters(desk, 5)
    day(desk, db, clock)
    # The leaves stand in the order of their ids, which are random: the third has three nodes beside it, the last only one.
    ours = sorted(made, key=lambda each: each.id)[2]
    told = anchors.proof(desk.site, ours.id)
    assert anchored.proves(told)
    assert len(told["path"]) == 3
    assert told["leaf"] == {"letter": ours.id, "head": ours.history.head, "acts": ours.history.count}
    assert anchors.stamped(anchors.digest(told["anchor"]), bytes.fromhex(told["token"]), desk.house.roots) == desk.now
    for spoil in (
        lambda each: each["leaf"].update(head="0" * 64),
        lambda each: each["leaf"].update(acts=9),
        lambda each: each["leaf"].update(letter="surat-lain"),
        lambda each: each.update(index=each["index"] + 1),
        lambda each: each["path"].reverse(),
        lambda each: each["path"].pop(),
        lambda each: each["anchor"].update(root="0" * 64),
        lambda each: each.pop("path"),
    ):
        spoiled = copy.deepcopy(told)
        spoil(spoiled)
        assert not anchored.proves(spoiled)
    other = {**told["anchor"], "day": "2020-01-01"}
    with pytest.raises(TimestampUnavailable):
        anchors.stamped(anchors.digest(other), bytes.fromhex(told["token"]), desk.house.roots)
    assert anchors.proof(desk.site, "tidakada") is None


def test_a_database_that_was_set_back_is_noticed(desk, db, clock, town):
    letters(desk)
    day(desk, db, clock)
    before = desk.house.settings.anchors_file.read_text()
    letters(desk, 1)
    day(desk, db, clock)
    del desk.site.anchors._anchors["00000002"]
    found = problems(desk)
    assert any("anchor 2" in each and "set back" in each for each in found), found
    desk.tm.abort()
    desk.tm.begin()
    desk.house.settings.anchors_file.write_text(before)
    assert any("is not in" in each for each in problems(desk))


def test_a_history_that_was_cut_or_written_anew_is_noticed_though_its_chain_is_good(desk, db, clock, town):
    made = letters(desk, 2)
    day(desk, db, clock)
    history = made[0].history
    kind = type(history)
    forged = kind(made[0].id)
    for act in history:
        facts = act.facts()
        facts.pop("v"), facts.pop("seq"), facts.pop("prev"), facts.pop("payload_digest")
        facts["at"] = act.at
        forged.add(**{**facts, "action": "palsu"})
    assert forged.problems() == []
    made[0].history = forged
    assert [each for each in problems(desk) if made[0].id in each]


def test_a_letter_that_is_gone_is_noticed(desk, db, clock, town):
    made = letters(desk, 2)
    day(desk, db, clock)
    del made[1].__parent__[made[1].__name__]
    assert [each for each in problems(desk) if made[1].id in each and "gone" in each]


def test_an_anchor_written_anew_is_noticed(desk, db, clock, town):
    letters(desk, 2)
    anchor = day(desk, db, clock)
    anchor.leaves = anchor.leaves[:1]
    anchor.root = merkle.root([anchors.leaf(*anchor.leaves[0])]).hex()
    anchor.digest = anchors.digest(anchors.line(anchor))
    told = " ".join(problems(desk))
    assert "timestamp proves nothing" in told
    assert "written anew" in told


def test_while_the_clock_is_away_anchors_are_made_and_stamped_later_in_order(desk, db, clock, town):
    letters(desk, 1)
    town.away.add("/tsa")
    day(desk, db, clock)
    assert day(desk, db, clock).token == b""
    assert [each for each in problems(desk) if "has no timestamp" in each] == [
        f"anchor {each.number} of {each.day}: has no timestamp" for each in desk.site.anchors
    ]
    assert [each["number"] for each in outside(desk)] == [1, 2]
    town.away.clear()
    clock.forward(hours=2)
    work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    assert all(each.token for each in desk.site.anchors)
    assert [("token" in each, each["number"]) for each in outside(desk)] == [
        (False, 1),
        (False, 2),
        (True, 1),
        (True, 2),
    ]
    assert problems(desk) == []


def test_an_anchor_that_was_stamped_long_after_or_before_its_day_is_named(desk, db, clock, town):
    letters(desk, 1)
    anchor = day(desk, db, clock)
    assert problems(desk) == []
    for shift, says in ((timedelta(days=-20), "20 days after its day"), (timedelta(days=3), "before its day was over")):
        anchor.day = (date.fromisoformat(str(anchor.day)) + shift).isoformat()
        anchor.digest = anchors.digest(anchors.line(anchor))
        stamper = timestamping.of_house(desk.house)
        token = signing_loop.run(stamper.async_timestamp(bytes.fromhex(anchor.digest), "sha256"))
        anchor.token = token.dump()
        assert [each for each in problems(desk) if says in each], (says, problems(desk))
        anchor.day = (date.fromisoformat(str(anchor.day)) - shift).isoformat()


@pytest.mark.needs("openssl")
def test_openssl_accepts_the_token_of_an_anchor(desk, db, clock, town, pki, tmp_path):
    letters(desk, 1)
    anchor = day(desk, db, clock)
    (tmp_path / "token").write_bytes(anchor.token)
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", str(tmp_path / "token"), "-token_in", "-digest", anchor.digest, "-CAfile",
         str(pki / "akar.pem"), "-attime", str(int(desk.now.timestamp()))], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_act_beside_the_nightly_job_is_anchored_now_or_the_next_night(two, clock):
    mine, other = two
    letter = mine.register("agendaris.dinkes", "DINKES")
    other.tm.abort()
    other.tm.begin()
    anchors.make(other.house, other.site, other.now)
    mine.site.anchors.touch(letter.id, "f" * 64, 99)
    mine.commit()
    with pytest.raises(Exception, match="conflict"):
        other.tm.commit()
