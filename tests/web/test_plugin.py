"""A host that keeps Intranet Surat in a branch of its own tree, and adds something by every directive."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace

import host_app
import pikepdf
import pytest
import transaction
from host_app import parts
from pyramid.response import Response
from pyramid.security import Allowed, Denied
from webtest import TestApp

from intranet_surat.app import make_ready
from intranet_surat.demo import keys, regency
from intranet_surat.resources import evolution
from intranet_surat.resources.evolution import Unfinished
from intranet_surat.resources.folder import Folder, find
from intranet_surat.services import work
from intranet_surat.web.security import Policy
from intranet_surat.workflow import testing

DRAWER = "/surat/dinkes/surat-keluar/"
SETTINGS = {"intranet_surat.demo": "true", "intranet_surat.secret": "uji-coba-" * 5}


@pytest.fixture
def place(tmp_path, pki, clock):
    """The settings of the host, and its database with a regency in one branch."""
    settings = {
        **SETTINGS,
        "zodbconn.uri": f"file://{tmp_path}/host.fs",
        "intranet_surat.var": str(tmp_path),
        "intranet_surat.public_url": "http://localhost/surat",
        "intranet_surat.signing_keys": str(pki),
        "intranet_surat.signing_provider": "loket",
    }
    parts.PROVIDER.keys = pki
    parts.told.clear()
    site = regency.build(clock(), small=True)
    database = host_app.opening.open_database(settings["zodbconn.uri"])
    with database.transaction() as connection:
        host_app.plant(connection, site)
    database.close()
    return settings


class Visitor(TestApp):
    """A browser."""

    def json(self, url):
        return self.get(url, headers={"Accept": "application/json"}).json


class Host:
    """The host's application, its database, and browsers that come in by its branch."""

    def __init__(self, settings, clock):
        self.wsgi = host_app.application(settings)
        self.registry = self.wsgi.registry
        self.registry.house = replace(self.registry.house, clock=clock)
        self.db = self.registry._zodb_databases[""]
        self.clock = clock

    @property
    def house(self):
        return self.registry.house

    def look(self, ask):
        with self.db.transaction() as connection:
            return ask(connection.root()["intranet_surat"])

    def enter(self, login, **environ):
        made = Visitor(self.wsgi)
        made.extra_environ.update(environ)
        page = made.get("/surat/@@masuk")
        token = page.text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        made.post("/surat/@@masuk", {"nama": login, "sandi": regency.PASSWORD, "csrf_token": token}, status=303)
        return made

    def program(self, login):
        """Log in for a token; what to send along."""
        made = Visitor(self.wsgi)
        made.extra_environ["HTTP_ACCEPT"] = "application/json"
        told = made.post_json("/surat/@@masuk", {"nama": login, "sandi": regency.PASSWORD}, status=201).json
        made.extra_environ["HTTP_AUTHORIZATION"] = f"Bearer {told['token']}"
        return made

    def run_jobs(self):
        return work.run_due(self.house, self.db, self.clock())


@pytest.fixture
def host(place, clock):
    from intranet_surat.services import accounts, passwords

    accounts.log_in.__kwdefaults__["brake"] = passwords.Brake()
    made = Host(place, clock)
    evolve(made)
    yield made
    made.db.close()


def evolve(host, steps=(parts.STEP,)):
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    connection = host.db.open(manager)

    def commit():
        manager.commit()
        manager.begin()

    done = evolution.evolve(connection.root()["intranet_surat"], commit, (*evolution.SHIPPED, *steps))
    manager.abort()
    connection.close()
    return done


def draft(host, login="staf-kesmas.dinkes", kind="notula", **more):
    """Write a letter of the kind as a program would; the program and what it was told."""
    program = host.program(login)
    head = host.look(lambda site: site.office("DINKES").head)
    values = {
        "kind": kind,
        "subject": "Serah terima aset puskesmas",
        "security": "B",
        "urgency": "biasa",
        "classification": "400.7",
        "body": {"v": 1, "blocks": [{"t": "p", "text": "Telah diserahkan satu ambulans."}]},
    }
    if kind == "notula":
        outside = {"kind": "external", "id": "", "name": "Kepala Balai", "place": "Serang", "channel": "cetak"}
        values |= {"held_on": "2026-11-20", "witness": "Siti Aminah", "signatory": head, "addressees": [outside]}
    return program, program.post_json(f"{DRAWER}@@tambah", values | more, status=201).json


def path(told):
    return told["@id"].removeprefix("http://localhost")


def aksi(program, told, name, values=None, **more):
    return program.post_json(f"{path(told)}@@aksi/{name}", values or {}, **more).json


# --- the branch -----------------------------------------------------------------------------------------------


def test_the_host_keeps_its_own_front_page(host):
    page = Visitor(host.wsgi).get("/")
    assert page.text == "Beranda kabupaten"
    assert "Content-Security-Policy" not in page.headers


def test_the_host_keeps_its_own_answer_for_what_it_does_not_have(host):
    assert "Intranet Surat" not in Visitor(host.wsgi).get("/tidak-ada", status=404).text


def test_who_comes_in_by_the_branch_sees_the_desk_with_addresses_below_it(host):
    browser = host.enter("kepala.dinkes")
    page = browser.get("/surat/")
    links = set(re.findall(r'(?:href|action|src)="([^"]+)"', page.text))
    ours = {each.removeprefix("http://localhost") for each in links if not each.startswith("#")}
    assert any(each.startswith("/surat/dinkes/surat-masuk/") for each in ours)
    assert [each for each in ours if not each.startswith(("/surat/", "/surat-statis/"))] == []


def test_pages_and_acts_work_below_a_prefix_of_the_server_as_well(host):
    browser = host.enter("staf-kesmas.dinkes", SCRIPT_NAME="/pemkab")
    page = browser.get(f"{DRAWER}@@tambah?jenis=notula")
    links = re.findall(r'(?:href|action|src)="(/[^"]*|http://localhost/[^"]*)"', page.text)
    assert [each for each in links if not each.removeprefix("http://localhost").startswith("/pemkab/")] == []


@pytest.mark.parametrize("login", ["agendaris.dinkes", "kepala.dinkes", "operator.pejaten"])
def test_no_link_of_any_page_leads_out_of_the_branch(host, login):
    """Follow every link that a person finds, from his desk on."""
    draft(host)
    browser = host.enter(login)
    seen, left = set(), ["/surat/"]
    while left and len(seen) < 60:
        here = left.pop(0)
        seen.add(here)
        answer = browser.get(here)
        if answer.content_type != "text/html":
            continue
        for what, link in re.findall(r'(href|action|src)="([^"#?][^"#]*)', answer.text):
            where = html.unescape(link).removeprefix("http://localhost")
            assert where.startswith(("/surat/", "/surat-statis/")), (here, where)
            if what == "href" and where not in (*seen, *left) and not where.startswith("/surat-statis/"):
                left.append(where)
    assert len(seen) > 5


def test_a_signed_letter_is_verified_by_anybody_below_the_branch(host):
    program, told = draft(host)
    aksi(program, told, "ajukan")
    head = host.program("kepala.dinkes")
    frozen = aksi(head, told, "siapkan")["frozen"]
    signed = aksi(head, told, "tanda_tangani", {"frasa": keys.PASSPHRASE, "sidik": frozen})
    page = Visitor(host.wsgi).get(signed["verification"].removeprefix("http://localhost"))
    assert "NT/001/XI/2026" in page.text


def test_who_has_not_come_in_is_led_to_the_door_of_the_branch_and_back(host):
    answer = Visitor(host.wsgi).get("/surat/dinkes/surat-masuk/", status=303)
    assert answer.location == "http://localhost/surat/@@masuk?kembali=%2Fsurat%2Fdinkes%2Fsurat-masuk%2F"


def test_a_form_is_sent_and_acted_on_below_the_branch(host):
    _program, told = draft(host)
    browser = host.enter("staf-kesmas.dinkes")
    page = browser.get(path(told))
    form = next(each for each in page.forms.values() if each.action.endswith("@@aksi/ajukan"))
    answer = form.submit(status=303)
    assert answer.location == told["@id"]
    assert browser.json(path(told))["state"] == "ttd_elektronik"


def test_a_page_is_replaced_by_the_hosts_own(host):
    page = Visitor(host.wsgi).get("/surat/@@masuk")
    assert "<h1>Pintu kabupaten</h1>" in page.text
    assert Visitor(host.wsgi).get("/surat/@@masuk").headers["Content-Security-Policy"]


class HostPolicy:
    """The host's own security policy: it hands on to ours what lies below our site."""

    def __init__(self):
        self.ours = Policy()

    def __getattr__(self, name):
        return getattr(self.ours, name)

    def permits(self, request, context, permission):
        if request.site is not None:
            return self.ours.permits(request, context, permission)
        return Allowed("everybody") if permission == "beranda" else Denied("nobody")


def test_a_host_keeps_its_own_security_policy_and_hands_on_to_ours(place, clock, monkeypatch):
    added = host_app.includeme

    def includeme(config):
        added(config)
        config.set_security_policy(HostPolicy())
        config.add_view(
            lambda _request: Response("papan"), context=Folder, physical_path="/", name="papan", permission="beranda"
        )

    monkeypatch.setattr(host_app, "includeme", includeme)
    host = Host(place, clock)
    assert Visitor(host.wsgi).get("/papan").text == "papan"
    _program, told = draft(host)
    assert host.enter("staf-kesmas.dinkes").get(path(told)).status_int == 200
    host.enter("agendaris.kramatwatu").get(path(told), status=404)
    host.db.close()


# --- what was added -------------------------------------------------------------------------------------------


def test_the_new_kind_is_written_signed_by_the_hosts_provider_numbered_and_filed(host):
    program, told = draft(host)
    aksi(program, told, "ajukan")
    head = host.program("kepala.dinkes")
    prepared = aksi(head, told, "siapkan")
    assert prepared["fields"]["number"] == "NT/001/XI/2026"
    signed = aksi(head, told, "tanda_tangani", {"frasa": keys.PASSPHRASE, "sidik": prepared["frozen"]})
    assert (signed["verdict"]["overall"], signed["state"]) == ("sah", "selesai")
    assert signed["verification"].startswith("http://localhost/surat/v/")
    assert ("tanda tangan", host.look(lambda site: site.people.login("kepala.dinkes").name)) in {
        each[:2] for each in parts.told
    }
    aksi(program, told, "berkaskan")
    host.run_jobs()
    assert [each for each in parts.told if each[0] == "depo"] == [("depo", "400.7-2026")]


def test_an_effect_inside_the_act_and_one_after_the_commit(host):
    program, told = draft(host, kind="pengumuman")
    aksi(program, told, "ajukan")
    assert find_letter(host, told, lambda letter: letter.fields["stamp"]) == "HUMAS 2026"
    assert find_letter(host, told, lambda letter: letter.history.entered(1)["facts"]["stamp"]) == "HUMAS"
    aksi(host.program("kepala.dinkes"), told, "setujui")
    assert [each for each in parts.told if each[0] == "siaran"] == []
    host.run_jobs()
    assert [each for each in parts.told if each[0] == "siaran"] == [("siaran", "radio", "1/PENG/2026", "diumumkan")]
    host.run_jobs()
    assert len([each for each in parts.told if each[0] == "siaran"]) == 1


def find_letter(host, told, ask):
    return host.look(lambda site: ask(find(site, path(told).removeprefix("/surat"))))


def test_the_paper_of_the_hosts_renderer_is_the_letters_file(host):
    program, told = draft(host, kind="pengumuman")
    aksi(program, told, "ajukan")
    aksi(host.program("kepala.dinkes"), told, "setujui")
    data = find_letter(host, told, lambda letter: letter.renditions[-1].content())
    with pikepdf.open(io.BytesIO(data)) as paper:
        title = str(paper.docinfo["/Title"])
    assert title == "Pengumuman 1/PENG/2026: Serah terima aset puskesmas (2026)"


def test_the_notice_board_of_the_host_is_told_who_has_something_to_do(host):
    program, told = draft(host, kind="pengumuman")
    aksi(program, told, "ajukan")
    host.run_jobs()
    assert ("kabar", "Kepala Dinas Kesehatan", told["@id"].rstrip("/")) in parts.told


def test_a_database_without_the_hosts_evolution_step_is_refused_until_it_ran(place, clock):
    host = Host(place, clock)
    steps = tuple(host.registry.surat_parts.evolution_steps.values())
    with pytest.raises(Unfinished, match="host-telepon"):
        make_ready(host.house, host.db, steps)
    assert evolve(host, steps) == ("host-telepon",)
    make_ready(host.house, host.db, steps)
    assert host.look(lambda site: site.office("DINKES").phone)
    with pytest.raises(Unfinished, match="newer release"):
        make_ready(host.house, host.db)
    host.db.close()


def test_what_the_host_added_can_be_looked_up(host):
    found = {
        each["introspectable"].discriminator
        for category in ("kinds", "effects", "providers", "renderers", "archive_targets", "notice_channels")
        for each in host.wsgi.registry.introspector.get_category(f"intranet_surat {category}")
    }
    assert {"notula", "cap", "siarkan", "loket", "lembar-pengumuman", "depo", "papan"} <= found


def test_the_flows_of_the_host_pass_their_own_tests(host):
    ours = [each for each in host.house.flows.all() if each.id in {"notula", "pengumuman"}]
    results = [result for flow in ours for result in testing.run(flow)]
    assert len(results) == 2
    assert [(each.name, each.message) for each in results if not each.ok] == []
