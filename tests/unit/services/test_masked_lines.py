"""The row of a secret letter tells that it exists and how it stands, and nothing that follows from what is in it."""

from __future__ import annotations

import pytest
from turns_stage import LAST, THREE, record, signed_by

COPIED = "camat.kramatwatu"


@pytest.fixture
def rows(desk):
    """The rows of a signed secret record, with and without addressees: of who has a copy of it and of who signed it."""
    copy = {"kind": "position", "id": desk.post(COPIED), "name": "", "place": "", "channel": "sistem", "email": ""}
    found = []
    for more in ({}, {"addressees": []}):
        letter = record(desk, security="R", carbon_copies=[copy], **more)
        signed_by(desk, letter, *THREE)
        found.append([desk.site.lists[desk.post(each)].get(letter.id) for each in (COPIED, LAST)])
    return found


def test_who_has_a_copy_of_a_secret_record_does_not_read_from_the_next_act_whether_it_names_addressees(rows):
    (sent, _), (filed, _) = rows
    assert [(each.masked, each.state_title) for each in (sent, filed)] == [(True, "Lengkap ditandatangani")] * 2
    assert (sent.act_title, filed.act_title) == ("", "")


def test_who_reads_the_whole_record_is_told_its_next_act(rows):
    assert [(mine.masked, mine.act_title) for _, mine in rows] == [(False, "Kirim"), (False, "Berkaskan")]
