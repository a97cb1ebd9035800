from __future__ import annotations

import re

import pytest

from intranet_surat.resources.folder import Folder, find, new_id, path
from intranet_surat.resources.site import Office, new_site, section


def test_an_id_is_80_bits_in_lower_case_base32():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{16}", each) for each in ids)


def test_a_child_knows_its_name_and_its_folder():
    folder, child = Folder(), Folder()
    folder["a"] = child
    assert (child.__parent__, child.__name__) == (folder, "a")
    assert folder["a"] is child
    assert list(folder) == ["a"]
    assert "a" in folder


def test_a_taken_name_is_refused():
    folder = Folder()
    folder["a"] = Folder()
    with pytest.raises(KeyError, match="already has a child 'a'"):
        folder["a"] = Folder()


@pytest.mark.parametrize("name", ["", "a/b", "@@view", ".", "..", 3, None])
def test_a_name_that_a_url_cannot_carry_is_refused(name):
    with pytest.raises(ValueError, match="not a name"):
        Folder()[name] = Folder()


def test_an_empty_folder_is_true_and_has_no_length_and_no_tree():
    folder = Folder()
    assert folder
    assert not hasattr(folder, "__len__")
    assert folder._items is None
    assert list(folder.keys()) == list(folder.values()) == list(folder.items()) == []
    assert folder.get("a", 4) == 4
    assert "a" not in folder


def test_what_is_not_there_is_a_key_error_before_and_after_the_first_child():
    folder = Folder()
    with pytest.raises(KeyError):
        folder["a"]
    with pytest.raises(KeyError):
        del folder["a"]
    folder["b"] = Folder()
    with pytest.raises(KeyError):
        folder["a"]


def test_a_removed_child_hangs_nowhere():
    folder = Folder()
    folder["a"] = child = Folder()
    del folder["a"]
    assert "a" not in folder
    assert child.__parent__ is None


def test_a_path_leads_back_to_what_it_was_made_from():
    site = new_site("t", "k")
    office = site.add(Office(code="DINKES", slug="dinkes"))
    year = section(office, "surat-masuk", 2026)
    year["abc"] = letter = Folder()
    assert path(letter) == "/dinkes/surat-masuk/2026/abc"
    assert find(site, path(letter)) is letter
    assert path(site) == "/"
    assert find(site, "/") is site


def test_the_path_ends_at_the_site_even_when_a_host_hangs_it_below_its_own_tree():
    site, host = new_site("t", "k"), Folder()
    host["surat"] = site
    office = site.add(Office(code="DINKES", slug="dinkes"))
    assert path(office) == "/dinkes"


@pytest.mark.parametrize("where", ["/nowhere", "/desa/x", "/desa/../desa"])
def test_a_path_that_leads_nowhere_is_a_key_error(where):
    with pytest.raises(KeyError):
        find(new_site("t", "k"), where)


def test_a_path_through_something_without_children_is_a_key_error():
    folder = Folder()
    folder["a"] = type("Leaf", (), {})()
    with pytest.raises(KeyError):
        find(folder, "/a/b")
