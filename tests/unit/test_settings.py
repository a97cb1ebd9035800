"""The table of settings: reading, and refusing what is fit for a demo only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intranet_surat import settings
from intranet_surat.services.providers import demo_authority
from intranet_surat.services.secret import Secret
from intranet_surat.settings import SETTINGS, SettingError, read, refuse_unsafe


@pytest.fixture
def safe(tmp_path):
    key = tmp_path / "kunci"
    key.write_bytes(bytes(32))
    return {
        "intranet_surat.public_url": "https://surat.example.go.id/",
        "intranet_surat.secret": "b3" * 32,
        "intranet_surat.private_key_file": str(key),
        "intranet_surat.var": str(tmp_path),
    }


def test_every_setting_has_a_name_of_its_own_a_default_that_reads_and_a_help():
    assert len({each.name for each in SETTINGS}) == len(SETTINGS)
    for each in SETTINGS:
        each.read(each.default)
        assert len(each.help) > 10


def test_defaults_are_typed_and_paths_follow_each_other():
    values = read({})
    assert values["demo"] is False
    assert values["session_idle_minutes"] == 30
    assert values["smtp"] is None
    assert values["roots"] == Path("var/ttd/akar.pem")


def test_a_misspelt_setting_is_refused_with_the_right_name():
    with pytest.raises(
        SettingError, match=r"intranet_surat\.public_ulr: no such setting; did you mean intranet_surat\.public_url"
    ):
        read({"intranet_surat.public_ulr": "https://x.example"})


def test_settings_of_other_packages_pass():
    assert read({"pyramid.debug_all": "false", "zodbconn.uri": "memory://"})["timezone"] == "Asia/Jakarta"


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingError) as refused:
        read(
            {
                "intranet_surat.demo": "mungkin",
                "intranet_surat.public_url": "surat.example",
                "intranet_surat.session_idle_minutes": "0",
                "intranet_surat.smtp": "tanpa-porta",
                "intranet_surat.locks": "redis",
            }
        )
    text = str(refused.value)
    for part in ("true or false", "expected an address", "whole number", "host:port", "thread, file, postgresql"):
        assert part in text


def test_public_url_loses_its_last_slash_and_smtp_becomes_a_pair():
    values = read({"intranet_surat.public_url": "http://x.example/", "intranet_surat.smtp": "127.0.0.1:2525"})
    assert values["public_url"] == "http://x.example"
    assert values["smtp"] == ("127.0.0.1", 2525)


def test_production_settings_that_are_complete_pass(safe):
    refuse_unsafe(read(safe))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("public_url", "", "public_url is missing"),
        ("public_url", "http://surat.example.go.id", "must begin with https://"),
        ("secret", "", "32 characters or more"),
        ("secret", settings.DEMO_SECRET, "the one of the demo"),
        ("private_key_file", "", "private_key_file is missing"),
        ("private_key_file", "/tidak/ada", "cannot be read"),
    ],
)
def test_production_refuses_what_is_missing_or_of_the_demo(safe, name, value, says):
    with pytest.raises(SettingError, match="refusing to start") as refused:
        refuse_unsafe(read({**safe, f"intranet_surat.{name}": value}))
    assert says in str(refused.value)


def test_the_demo_itself_needs_none_of_it():
    refuse_unsafe(read({"intranet_surat.demo": "true"}))


def test_production_on_the_own_machine_may_be_plain_http(safe):
    refuse_unsafe(read({**safe, "intranet_surat.public_url": "http://127.0.0.1:6543"}))


def test_production_refuses_the_keys_of_the_demo(safe, tmp_path):
    demo_authority.equip(tmp_path / "ttd", [], Secret("frasa"), datetime.now(UTC))
    with pytest.raises(SettingError, match="demo key"):
        refuse_unsafe(read(safe))


def test_a_file_of_roots_without_certificates_is_named(safe, tmp_path):
    (tmp_path / "ttd").mkdir()
    (tmp_path / "ttd" / "akar.pem").write_text("bukan sertifikat")
    with pytest.raises(SettingError, match=r"akar\.pem holds no certificates"):
        refuse_unsafe(read(safe))
