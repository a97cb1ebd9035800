from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from resource_stage import NOW
from zodbpickle import pickle

from intranet_surat.resources.register import Line
from intranet_surat.resources.site import Office
from intranet_surat.resources.values import stored


@stored
@dataclass(frozen=True, slots=True)
class Grown:
    old: str
    number: int = 7
    names: tuple = field(default_factory=tuple)


def test_a_value_comes_back_equal_from_a_pickle():
    line = Line(4, "surat", NOW, "void", "salah ketik")
    assert pickle.loads(pickle.dumps(line, 3)) == line


def test_a_value_is_stored_as_a_tuple_without_the_names_of_its_fields():
    assert Line(4, "surat", NOW).__getstate__() == (4, "surat", NOW, "reserved", "")
    assert b"number" not in pickle.dumps(Line(4, "surat", NOW), 3)


def test_fields_that_were_added_later_get_their_defaults():
    old = Grown.__new__(Grown)
    old.__setstate__(("a",))
    assert old == Grown("a", 7, ())


def test_a_field_without_default_that_was_not_stored_is_an_error():
    with pytest.raises(TypeError, match=r"Grown\.old was not stored"):
        Grown.__new__(Grown).__setstate__(())


def test_more_values_than_fields_are_an_error_of_an_older_release():
    with pytest.raises(TypeError, match="4 values stored, this release knows 3"):
        Grown.__new__(Grown).__setstate__(("a", 1, (), "x"))


def test_a_record_refuses_fields_that_its_class_does_not_declare():
    with pytest.raises(TypeError, match="Office has no field 'colour'"):
        Office(colour="red")


def test_a_record_refuses_private_fields():
    with pytest.raises(TypeError, match="_items"):
        Office(_items=None)


def test_values_can_be_compared_in_any_mixture_because_the_resolution_of_conflicts_does():
    values = [Line(1, "a", NOW), Line(1, "a", NOW, "void", "x"), Line(2, "a", None), Grown("a", None)]
    for one in values[:3]:
        for other in values[:3]:
            assert (one < other) is not (other < one) or one == other
    with pytest.raises(TypeError):
        values[0] < values[3]  # noqa: B015  the comparison is the question
