"""What would make a refused deed possible: as whom, from when, and what must come true first.

The reasons themselves are `workflow.deeds`'; here each is turned into what a person or a program can do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, judging
from intranet_surat.workflow.answers import Asked, title
from intranet_surat.workflow.appointing import broken, lacking
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.literals import Literal
from intranet_surat.workflow.model import Sign, Who
from intranet_surat.workflow.model_words import SEAL
from intranet_surat.workflow.repairs import Gap, repair
from intranet_surat.workflow.rules import Among
from intranet_surat.workflow.view import Actor, Make, Remedy

if TYPE_CHECKING:
    from intranet_surat.workflow.deeds import Case

_NOTHING = Remedy()
_MOST_CANDIDATES = 12  # people who are tried out as those who could
_OTHERS = "Tanyakan lagi sesudahnya: atasan atau penanda tangan yang baru menentukan siapa yang bertindak berikutnya."
WHOEVER = "Tanyakan lagi sesudahnya: apakah pejabat itu boleh, baru diketahui bila sudah ditunjuk."
_BROKEN = "Kesalahan alur; admin kantor melaporkannya kepada perancang alur."


def remedy(
    case: Case, deed: Deed, who: tuple[str, ...], gaps: tuple[Gap, ...], missing: tuple[Gap, ...] | None = None
) -> Remedy:
    """What would let this deed be done: by the actor himself if he can come to it, else by somebody the flow names.

    ``gaps`` stand in the way of the actor himself, ``missing`` of everybody, for those who know.
    """
    mine = own(case, gaps)
    return looked_after(case, mine or somebody(case, deed, who, missed(case, deed) if missing is None else missing))


def looked_after(case: Case, remedy: Remedy) -> Remedy:
    """The same up to where it changes who must act next: behind that one must ask again."""
    return shortened(remedy.make, chart(case.flow, case.item.track).people) or remedy


def shortened(some: tuple[Make, ...], people: frozenset[str]) -> Remedy | None:
    """These up to the first that changes who must act next; None when none does. ``people`` are fields that say who."""
    held: dict[str, Any] = {}
    for number, make in enumerate(some, 1):
        if make.what == "holder" and held.setdefault(make.of, make.value) != make.value:
            return Remedy(make=some[: number - 1], then=WHOEVER)
        if make.what not in ("field", "position"):
            continue
        last = number == len(some)
        named = make.what == "position" and (
            (last and "chain" not in make.value)
            or (make.value.keys() & {"role", "position"} and "one_of" not in make.value)
        )
        other = make.what == "field" and make.of.removeprefix("letter.") in people
        if other or (make.what == "position" and not named):
            return Remedy(make=some[:number], then=_OTHERS)
    return None


def own(case: Case, gaps: tuple[Gap, ...]) -> Remedy | None:
    """What would let the actor himself do it, of what stands in his way; None when he cannot come to it."""
    if not gaps:
        return _NOTHING
    if any(gap.mine or gap.never for gap in gaps):
        return None
    make = _makes(gaps)
    # His position is told where somebody else is appointed besides: else who was appointed would act.
    return Remedy((case.actor.position,) if appoints(make) else (), make=make)


def in_order(own: tuple[Make, ...], besides: tuple[Make, ...], as_: tuple[str, ...]) -> tuple[Make, ...]:
    """What a deed needs and what is needed besides, none twice: where nobody is named, who was appointed last acts."""
    behind = not as_ and appoints(own) and appoints(besides)
    return _each((*besides, *own) if behind else (*own, *besides))


def appoints(some: Iterable[Make]) -> bool:
    """Whether somebody must be appointed for it."""
    return "position" in [make.what for make in some]


def missed(case: Case, deed: Deed) -> tuple[Gap, ...] | None:
    """What a deed misses, whoever does it; None when that depends on him."""
    return None if chart(case.flow, case.item.track).personal(deed) else tuple(case.missing(deed))


def against(case: Case, deed: Deed, actor: Actor, missing: tuple[Gap, ...] | None) -> tuple[Gap, ...]:
    """What stands in the way of somebody whom the flow names, when a deed misses this whoever does it."""
    gaps = tuple(case.of(actor).missing(deed)) if missing is None else missing
    unfit = case.unfit(deed, actor)
    return gaps if unfit is None else (unfit, *gaps)


def somebody(case: Case, deed: Deed, who: tuple[str, ...], missing: tuple[Gap, ...] | None) -> Remedy:
    """What would let the deed be done by whoever comes to it most easily, when it misses this whoever does it."""
    if not who:
        return _nobody_named(case, deed)
    found: list[tuple[str, tuple[Make, ...]]] = []
    failed: list[Gap] = []
    for actor in _candidates(case, who):
        gaps = against(case, deed, actor, missing)
        if not gaps:
            found.append((actor.position, ()))
        elif any(gap.never or gap.mine for gap in gaps):
            failed.extend(gaps)
        else:
            found.append((actor.position, _makes(gaps)))
    if len(found) == 1:
        return Remedy((found[0][0],), make=found[0][1])
    if found:
        least = min([make for _, make in found], key=len)
        return Remedy(tuple(dict.fromkeys([position for position, make in found if make == least])), make=least)
    return _nobody_can(case, deed, who, failed)


def fit(case: Case, deed: Deed, who: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these positions for which somebody may do a deed that misses nothing but people."""
    able = [actor.position for actor in _candidates(case, who) if case.unfit(deed, actor) is None]
    return tuple(dict.fromkeys(able))


def _candidates(case: Case, who: Iterable[str]) -> list[Actor]:
    persons, found = case.setting.org.persons, list[Actor]()
    for position in who:
        found.extend([Actor(person, position) for person in persons(position)])
        if len(found) >= _MOST_CANDIDATES:
            return found[:_MOST_CANDIDATES]
    return found


def _makes(gaps: Iterable[Gap]) -> tuple[Make, ...]:
    return _each(make for gap in gaps for make in gap.make)


def _each(some: Iterable[Make]) -> tuple[Make, ...]:
    found: list[Make] = []
    for make in some:
        if make not in found:
            found.append(make)
    return tuple(found)


def _nobody_named(case: Case, deed: Deed) -> Remedy:
    """The flow names nobody today: whom somebody must appoint, or which field must say it."""
    route = case.state.route
    if route is not None and not deed.action.by:
        try:
            case.levels()
        except NotAllowed as refused:
            return _besides(case, deed, broken(case, refused))
    made = [lacking(case, each) for each in deed.action.by] or [Gap(never=_BROKEN)]
    return _besides(case, deed, next((gap for gap in made if not gap.never), made[0]))


def _later(case: Case, deed: Deed, who: tuple[str, ...]) -> Iterator[Remedy]:
    """Somebody whose holding or order has not begun yet."""
    zone = getattr(case.setting.calendar, "zone", UTC)
    for position in who[:_MOST_CANDIDATES]:
        for day, org in case.setting.org.awaited(position):
            at = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
            then = replace(case, setting=replace(case.setting, org=org, now=at))
            for person in org.persons(position):
                gaps = tuple(then.of(Actor(person, position)).gaps(deed, who))
                if not any(gap.mine or gap.never for gap in gaps):
                    yield Remedy((position,), at, _makes(gaps))


def _besides(case: Case, deed: Deed, gap: Gap, comes: Actor | None = None) -> Remedy:
    """What is missing, and what else would stand in the way of whoever comes, if he is known."""
    as_ = (comes.position,) if comes is not None else ()
    who = as_ or ("?",)
    every = [gap, *case.of(comes or Actor("", "?")).gaps(deed, who)]
    never = next((each.never for each in every if each.never), "")
    if never:
        return Remedy(never=never)
    unsure = any(each.mine and {make.what for make in each.make} != {"holder"} for each in every)
    return Remedy(as_, make=in_order(gap.make, _makes(every[1:]), as_), then=WHOEVER if unsure else "")


def _nobody_can(case: Case, deed: Deed, who: tuple[str, ...], failed: list[Gap]) -> Remedy:
    """The flow names positions, but none of their holders could do it."""
    org = case.setting.org
    later = next(_later(case, deed, who), None)
    if later is not None:
        return later
    empty = next((each for each in who if not org.persons(each) and _welcome(case, deed, Actor("", each))), None)
    if empty is not None:
        return _held(case, deed, Make("holder", empty, None, f"{org.title(empty)} belum ada pemegang atau wakilnya."))
    never = next((gap.never for gap in failed if gap.never), "")
    if never:
        return Remedy(never=never)
    held = next((gap for gap in failed if gap.make and gap.mine), None)
    if held is not None and held.make[0].what == "holder" and _welcome(case, deed, Actor("", held.make[0].of)):
        return _held(case, deed, held.make[0])
    gap = somebody_else(case, deed)
    if held is not None and not gap.never:
        gap = Gap(make=_makes((held, gap)))
    named = [each for make in gap.make if make.what == "position" for each in make.value.get("one_of", ())]
    unsure = named and not any(_welcome(case, deed, actor) for actor in _candidates(case, named))
    return Remedy(make=gap.make, never=gap.never, then=WHOEVER if unsure else "")


def _held(case: Case, deed: Deed, make: Make) -> Remedy:
    """Somebody must hold a position; where the rules want people of another one, it must be one of these."""
    comes, org = Actor("", make.of), case.setting.org
    wanted = _wanted(case, deed)
    if wanted and make.of not in wanted:
        both = (Actor(person, make.of) for each in wanted for person in org.persons(each))
        comes = next((each for each in both if _welcome(case, deed, each)), comes)
    if comes.person:
        posts = [each for each in wanted if comes.person in org.persons(each)]
        says = f"{org.title(make.of)} harus dirangkap oleh {org.title(posts[0])}."
        make = Make("holder", make.of, {"one_of": posts}, says)
    return _besides(case, deed, Gap(make=(make,)), comes)


def _wanted(case: Case, deed: Deed) -> list[str]:
    """Of which positions the rules want one to do it; none where they do not ask for that."""
    found: list[str] | None = None
    for way in chart(case.flow, case.item.track).ways(deed.action.needs)[:1]:
        for literal in way.others:
            if isinstance(literal.test, Among) and literal.holds:
                among = cast.of_all((literal.test.who,), case.flow, case.item, case.setting)
                found = [each for each in among if found is None or each in found]
    return found or []


def _welcome(case: Case, deed: Deed, actor: Actor) -> bool:
    """Whether the rules take this actor; of a newcomer, told without a person, whether they do not refuse his post."""

    def met(literal: Literal) -> bool:
        if not isinstance(literal.test, Among) or (literal.holds and not actor.person):
            return True
        return judging.holds(literal.test, case.flow, case.item, actor, case.setting) == literal.holds

    return any(all(map(met, way.others)) for way in chart(case.flow, case.item.track).ways(deed.action.needs))


def somebody_else(case: Case, deed: Deed) -> Gap:
    """None of those whom the flow names is whom the rules want: who must be appointed besides."""
    for way in chart(case.flow, case.item.track).ways(deed.action.needs)[:1]:
        for literal in way.others:
            test = literal.test
            if not isinstance(test, Among) or not literal.holds:
                continue
            if not cast.of_all((test.who,), case.flow, case.item, case.setting):
                return lacking(case, test.who)
    wanted = _wanted(case, deed)
    for each in deed.action.by:
        gap = lacking(case, each)
        if gap.make and gap.make[0].what == "position" and {"role", "position"} & gap.make[0].value.keys():
            value = gap.make[0].value | ({"one_of": wanted} if wanted else {})
            made = gap.make[0]._replace(value=value, says=f"Harus ada jabatan lain sebagai {each.text!r}.")
            return Gap(make=(made,))
    says = next((case.flow.rules[name].says for name in deed.action.needs), _BROKEN)
    return Gap(never=f"Tidak ada jabatan lain yang dapat melakukannya: {says}")


def needed(case: Case, deed: Deed, form: Mapping[str, Any] | None = None) -> Gap | None:
    """What the rules of the deed miss; with ``form`` None, only what no answer could mend."""
    names = deed.action.needs
    if not names:
        return None
    known = chart(case.flow, case.item.track)
    free = [name for name in names if known.asks(name)] if form is None else []
    failed = [name for name in names if name not in free and not case.holds(name, form)][:1] or free
    if not failed:
        return None
    says = case.flow.rules[failed[0]].says
    return repair(known.ways(names), case.spot, asked=case.asked(deed), form=form, says=says)


def unprepared(case: Case, sign: Sign) -> Gap:
    """The file to be signed must be made first."""
    deed = next(each for each in case.deeds() if each.kind == "prepare")
    seen = "disegel" if sign.method == SEAL else "ditandatangani"
    says = f"Lakukan '{sign.prepare.title}' lebih dulu, agar Anda melihat yang {seen}."
    value = {"title": sign.prepare.title, "as": list(case.who(deed))}
    return Gap(says, (Make("act", sign.prepare.name, value, says),))


def hopeless(case: Case, asked: Asked) -> Gap | None:
    """A field that must be filled and has nothing to choose from."""
    field = asked.hopeless()
    if field is None:
        return None
    if isinstance(field.source, Who):
        says = f"Tidak ada jabatan yang dapat dipilih untuk '{title(field)}'."
        return lacking(case, field.source)._replace(says=says)
    says = f"Daftar pilihan '{field.of}' kosong. Hubungi admin kantor."
    return Gap(says, (Make("list", field.of or "", None, says),))


def all_busy(case: Case, deed: Deed, asked: Asked) -> Gap | None:
    """Everybody who could receive a child has one already."""
    fan_out = deed.action.fan_out
    field = asked.form.fields.get(fan_out.per) if fan_out is not None else None
    if fan_out is None or field is None or not isinstance(field.source, Who):
        return None
    busy = case.busy(deed)
    if set(asked.candidates(field)) - busy:
        return None
    says = "Semua jabatan yang dapat dipilih sudah memegang surat ini."
    gather = case.state.gather
    if gather is not None and gather.track == fan_out.track and (len(busy) == 1 or gather.until != "all"):
        # Were one of them to end, the state would be left: only somebody else can still receive it.
        return lacking(case, field.source)._replace(says=says)
    return Gap(says, (Make("children", fan_out.track, {"quantity": "some", "state": "final", "holds": True}, says),))
