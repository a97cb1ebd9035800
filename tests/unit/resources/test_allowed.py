from __future__ import annotations

import importlib
import json
import re
from dataclasses import is_dataclass
from pathlib import Path

import pytest
import transaction
import ZODB
from persistent import Persistent
from ZODB.MappingStorage import MappingStorage

import intranet_surat
from intranet_surat.resources import allowed
from intranet_surat.resources.opening import open_database

STORED = r"^from (persistent|BTrees)\b|^@stored|^class \w+\(.*(Record|Folder|Item|Letter|Persistent)"
FROZEN = Path(__file__).with_name("class_paths.json")


def modules():
    """The modules that could define something that is stored: by what they import."""
    home = Path(intranet_surat.__file__).parent
    for source in sorted(home.rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        if re.search(STORED, text, re.MULTILINE):
            name = ".".join(("intranet_surat", *source.relative_to(home).with_suffix("").parts))
            yield importlib.import_module(name.removesuffix(".__init__"))


def own_classes():
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield value


def test_every_persistent_class_and_every_stored_value_of_the_project_is_listed():
    persistent = {cls for cls in own_classes() if issubclass(cls, Persistent) or hasattr(cls, "_p_jar")}
    values = {cls for cls in own_classes() if is_dataclass(cls) and "stored" in cls.__getstate__.__qualname__}
    assert len(persistent) > 25
    assert len(values) >= 7
    expected = {(cls.__module__, cls.__qualname__) for cls in persistent | values}
    assert expected == allowed.OURS


def test_class_paths_are_frozen_because_stored_records_name_them():
    """To add a class, add it to the file; to rename or remove one, write an evolution step instead."""
    frozen = {tuple(each) for each in json.loads(FROZEN.read_text(encoding="ascii"))}
    assert frozen == allowed.OURS


def test_every_listed_name_can_be_found():
    for module, name in allowed.ALLOWED:
        found = allowed.resolve(module, name)
        assert isinstance(found, type)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("posix", "system"),
        ("builtins", "eval"),
        ("intranet_surat.resources.site", "os"),
        ("intranet_surat.resources.opening", "open_database"),
        ("intranet_surat.services.secret", "Secret"),
        ("BTrees.OOBTree", "BTree"),
        ("datetime", "sys"),
        ("intranet_surat.resources", "site.Site"),
    ],
)
def test_what_is_not_listed_is_refused_even_in_a_module_that_is(module, name):
    with pytest.raises(allowed.Refused, match=r"not on the list"):
        allowed.resolve(module, name)


def test_every_database_that_we_open_has_the_list():
    db = open_database("memory://")
    assert db.classFactory is allowed.class_factory
    db.close()


def test_install_closes_a_database_that_others_opened():
    db = ZODB.DB(MappingStorage())
    assert allowed.install(db) is db
    connection = db.open()
    with pytest.raises(allowed.Refused):
        connection._reader._get_class("posix", "system")
    connection.close()
    assert allowed.install(db) is db
    db.close()


def test_install_refuses_a_database_that_is_in_use_without_the_list():
    db = ZODB.DB(MappingStorage())
    connection = db.open(transaction.TransactionManager())
    with pytest.raises(ValueError, match="open connections"):
        allowed.install(db)
    connection.close()
    db.close()
