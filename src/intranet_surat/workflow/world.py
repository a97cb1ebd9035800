"""What a flow may name outside itself: fields, roles, vocabularies, effects, templates, as plain data.

The application fills a `World` from its kinds, offices and plugins; the checker reads it. Wherever a set
may be None, any name is taken: it can only be known at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intranet_surat.workflow import language

Names = frozenset[str] | None
"""The names that may be used, or None when every name is taken."""


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings that a flow is checked against.

    A `World` without arguments takes every name and runs the effects of the language itself.

    ``fields`` maps a direction (``masuk``, ``keluar``) and each kind id to the names of its letter fields;
    a kind that is no key is unknown. ``effects`` maps an effect's name to the names of its options; an
    effect that is no key is not run by this application. ``posts`` are the codes of positions,
    ``words`` maps a vocabulary to its words (None: unknown), ``holds`` a direction and each kind id to the type and
    the vocabulary of its letter fields,
    ``offices`` those of offices, ``archives`` the values of ``archive``, ``sends`` the values of ``send``.
    Unless ``fresh``, nothing is found that older releases let pass (`check.LATER`): letters run on such flows.
    """

    fields: Mapping[str, frozenset[str]] | None = None
    effects: Mapping[str, frozenset[str]] | None = None
    offices: Names = None
    roles: Names = None
    posts: Names = None
    vocabularies: Names = None
    series: Names = None
    calendars: Names = None
    templates: Names = None
    archives: Names = None
    sends: Names = None
    words: Mapping[str, frozenset[str]] | None = None
    holds: Mapping[str, Mapping[str, tuple[str, str | None]]] | None = None
    fresh: bool = True

    def runs(self) -> Mapping[str, frozenset[str]]:
        """The effects that are run, each with its options."""
        if self.effects is not None:
            return self.effects
        return {word.key: frozenset() for word in language.at("effect").values()}

    def letter_fields(self, direction: str, kinds: tuple[str, ...] | None) -> Names:
        """The names that ``letter.x`` may have in a flow for this direction and these kinds.

        A flow for several kinds may read what only one of them has: for the others it is absent.
        """
        if self.fields is None:
            return None
        names = set(self.fields.get(direction, frozenset()))
        for kind in kinds or ():
            names |= self.fields.get(kind, frozenset())
        return frozenset(names)
