from __future__ import annotations

import pytest
from resource_stage import committed
from ZODB.POSException import ConflictError

from intranet_surat.resources.letter import Disposition, FlowRef, Item, Letter, TextVersion
from intranet_surat.resources.opening import root_site
from intranet_surat.resources.site import Office, section


@pytest.fixture
def stored_letter(database, two):
    with database.transaction() as connection:
        site = root_site(connection)
        year = section(site.add(Office(code="DINKES", slug="dinkes")), "surat-masuk", 2026)
        letter = year["surat"] = Letter(
            id="surat", office="DINKES", direction="masuk", kind="surat-masuk", flow=FlowRef("surat_masuk", 1, "0" * 64)
        )
        letter.add_disposition(Disposition(id="kiri", holder="a"))
        letter.add_disposition(Disposition(id="kanan", holder="b"))
    for connection in two:
        connection.transaction_manager.abort()
        connection.transaction_manager.begin()

    def seen_by(number):
        return root_site(two[number])["dinkes"]["surat-masuk"]["2026"]["surat"]

    return seen_by


def test_an_item_finds_the_letter_above_it():
    letter = Letter()
    child = letter.add_disposition(Disposition(id="b"))
    grandchild = child.add_disposition(Disposition(id="c"))
    assert letter.letter is letter
    assert grandchild.letter is letter
    with pytest.raises(LookupError, match="does not hang under a letter"):
        Item(id="alone").letter  # noqa: B018  the property is the question


def test_dispositions_come_in_the_order_in_which_they_were_given():
    letter = Letter()
    for name in ("z", "m", "a"):
        letter.add_disposition(Disposition(id=name))
    assert [each.id for each in letter.dispositions()] == ["z", "m", "a"]
    assert letter["d-z"].__parent__ is letter
    assert letter.open_children == 3


def test_fields_are_copied_so_that_the_form_may_change_its_own():
    form = {"subject": "Undangan"}
    letter = Letter(fields=form)
    form["subject"] = "Lain"
    assert letter.fields["subject"] == "Undangan"


def test_a_letter_without_an_id_gets_one_which_its_history_bears():
    letter = Letter()
    assert len(letter.id) == 16
    assert letter.history.letter == letter.id


def test_a_rendition_and_an_attachment_are_found_by_hash():
    letter = Letter()
    assert letter.rendition("ab") is None
    assert letter.attachment("ab") is None


def test_two_siblings_that_end_at_once_collide(stored_letter, two):
    for number, name in ((0, "d-kiri"), (1, "d-kanan")):
        letter = stored_letter(number)
        letter[name].state = "selesai"
        letter.open_children -= 1
    committed(two[0])
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()


def test_a_child_given_while_another_ends_collides(stored_letter, two):
    stored_letter(0)["d-kiri"].state = "selesai"
    stored_letter(0).open_children -= 1
    stored_letter(1).add_disposition(Disposition(id="baru"))
    committed(two[0])
    with pytest.raises(ConflictError):
        two[1].transaction_manager.commit()


def test_an_added_text_version_does_not_rewrite_the_older_ones(database, two):
    with database.transaction() as connection:
        connection.root()["letter"] = letter = Letter()
        letter.versions.append(TextVersion(version=1, fields={"body": "x" * 50_000}))
    with database.transaction() as connection:
        letter = connection.root()["letter"]
        letter.versions.append(TextVersion(version=2, fields={"body": "short"}))
        connection.savepoint()
        assert connection._savepoint_storage.position < 5_000


def test_a_field_that_an_old_record_lacks_reads_as_its_default(database):
    with database.transaction() as connection:
        connection.root()["letter"] = letter = Letter()
        del letter.__dict__["fields"]
        letter._p_changed = True
    with database.transaction() as connection:
        letter = connection.root()["letter"]
        assert dict(letter.fields) == {}
        assert letter.outcome is None
