"""Who stands in for whom in the demo: a vacant post, the head of an office who is away, a standing order a.n."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from intranet_surat.demo.names import fixed_id
from intranet_surat.resources.mandates import ACTING, Mandate
from intranet_surat.resources.people import Away, Holding
from intranet_surat.resources.site import Site
from intranet_surat.services.mandate_rules import after, latest

VACANT = ("kabid-persandian", "DKISP")
ORDERS = (
    ("Plt.", *VACANT, "kabid-tik", "DKISP", "kasubag-umum.dkisp", "kepala.dkisp", "800.1.11.1/1877/2026"),
    ("Plh.", "kepala", "PUPR", "sekretaris", "PUPR", "kasubag-umum.pupr", "sekda.setda", "800.1.11.1/2201/2026"),
    ("an", "bupati", "KDH", "sekda", "SETDA", "staf-naskah.kdh", "bupati.kdh", "800.1.11.1/12/2026"),
)
"""Form, post and office acted for, post and office of the deputy, who registered it, who confirmed it, number."""


def appoint(site: Site, now: datetime) -> None:
    """Write the orders of the offices that this regency has; each began some days ago and is in force."""
    for form, post, office, own_post, own_office, clerk, head, number in ORDERS:
        acted_for, deputy = fixed_id("position", f"{post}@{office}"), fixed_id("position", f"{own_post}@{own_office}")
        if acted_for not in site.positions or deputy not in site.positions:
            continue
        since = now.date() - timedelta(days={"Plt.": 40, "Plh.": 1}.get(form, 200))
        written = now - (now.date() - since) - timedelta(days=1)
        person = site.positions[deputy].owners(now.date())[0]
        mandate = site.mandates.add(
            Mandate(
                id=fixed_id("mandate", f"{form} {post}@{office}"),
                form=form,
                position=acted_for,
                deputy=deputy,
                person=person if form in ACTING else "",
                order=number,
                order_date=since - timedelta(days=2),
                since=since,
                until={"Plt.": latest(since), "Plh.": since + timedelta(days=7)}.get(form),
                proposed_by=fixed_id("person", clerk),
                proposed_at=written,
                confirmed_by=fixed_id("person", head),
                confirmed_at=written,
            )
        )
        if form in ACTING:
            _hold(site, mandate, since)


def _hold(site: Site, mandate: Mandate, since: date) -> None:
    position = site.positions[mandate.position]
    end = after(mandate.until or since)
    position.away = tuple(Away(each, since, end, "Dinas luar") for each in position.owners(since))
    holding = Holding(mandate.person, since, end, mandate.form, mandate.order, mandate=mandate.id)
    site.positions.hold(position, holding)
