"""The table of settings: reading, and refusing what is fit for a demo only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intranet_surat import settings
from intranet_surat.demo.authority import issuing
from intranet_surat.services.secret import Secret
from intranet_surat.settings import SETTINGS, SettingError, read, refuse_half_signing, refuse_unsafe


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
    issuing.equip(tmp_path / "ttd", [], Secret("frasa"), datetime.now(UTC))
    with pytest.raises(SettingError, match="demo key"):
        refuse_unsafe(read(safe))


def test_a_file_of_roots_without_certificates_is_named(safe, tmp_path):
    (tmp_path / "ttd").mkdir()
    (tmp_path / "ttd" / "akar.pem").write_text("bukan sertifikat")
    with pytest.raises(SettingError, match=r"akar\.pem holds no certificates"):
        refuse_unsafe(read(safe))


@pytest.fixture
def connected(tmp_path):
    """What connects an installation to BSrE, as `docs/signing.md` has it."""
    for name in ("sandi-bsre", "aktivasi"):
        (tmp_path / name).write_text("rahasia")
        (tmp_path / name).chmod(0o400)
    return {
        "intranet_surat.signing_provider": "bsre-v2",
        "intranet_surat.bsre_url": "https://esign.intern.example.go.id",
        "intranet_surat.bsre_user": "surat",
        "intranet_surat.bsre_password_file": str(tmp_path / "sandi-bsre"),
        "intranet_surat.bsre_seal_subscriber": "SEGEL",
        "intranet_surat.bsre_seal_activation_file": str(tmp_path / "aktivasi"),
        "intranet_surat.sealer": "segel@example.go.id",
    }


def test_a_connection_to_bsre_that_is_complete_passes(connected):
    refuse_half_signing(read(connected))
    refuse_half_signing(read({}))
    plain = {"intranet_surat.bsre_url": "http://10.1.2.3:8080", "intranet_surat.allow_insecure_http": "10.1.2.3"}
    refuse_half_signing(read({**connected, **plain}))


def test_one_service_without_tls_leaves_the_other_as_it_is(connected, tmp_path):
    beside = {
        "intranet_surat.csc_url": "http://10.1.2.3",
        "intranet_surat.csc_token_file": str(tmp_path / "aktivasi"),
        "intranet_surat.allow_insecure_http": "10.1.2.3",
    }
    refuse_half_signing(read({**connected, **beside}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bsre_url": ""}, "signing_provider = bsre-v2 needs bsre_url"),
        ({"bsre_url": "https://esign.example/api/v2"}, "scheme, host and port only"),
        ({"bsre_url": "http://10.1.2.3"}, "not sent over plain http"),
        ({"bsre_url": "http://10.1.2.3", "allow_insecure_http": "10.1.2.4"}, "allow_insecure_http = 10.1.2.3"),
        ({"allow_insecure_http": "esign.intern.example.go.id"}, "leave it out"),
        ({"bsre_user": ""}, "make an application credential at /login"),
        ({"bsre_password_file": ""}, "bsre_password_file: no file cannot be read"),
        ({"bsre_password_file": "/tidak/ada"}, "/tidak/ada cannot be read"),
        ({"bsre_ca_file": "/tidak/ada"}, "bsre_ca_file"),
        ({"bsre_seal_activation_file": ""}, "bsre_seal_activation_file"),
        ({"sealer": ""}, "sealer is missing"),
    ],
)
def test_a_connection_to_bsre_that_cannot_work_is_refused_with_what_to_write(connected, changes, says):
    with pytest.raises(SettingError) as refused:
        refuse_half_signing(read({**connected, **{f"intranet_surat.{name}": value for name, value in changes.items()}}))
    assert says in str(refused.value)


def test_a_password_file_that_everybody_reads_or_that_is_empty_is_refused(connected):
    path = Path(connected["intranet_surat.bsre_password_file"])
    path.chmod(0o644)
    with pytest.raises(SettingError, match="chmod 0400"):
        refuse_half_signing(read(connected))
    path.write_text("")
    with pytest.raises(SettingError, match="is empty"):
        refuse_half_signing(read(connected))


def test_what_signatories_give_is_one_or_both_of_two():
    assert read({})["bsre_secrets"] == {"passphrase"}
    assert read({"intranet_surat.bsre_secrets": "totp passphrase"})["bsre_secrets"] == {"passphrase", "totp"}
    for wrong in ("", "sidik-jari"):
        with pytest.raises(SettingError, match="one or more of: passphrase totp"):
            read({"intranet_surat.bsre_secrets": wrong})


def test_production_with_bsre_needs_its_authorities(safe, connected):
    with pytest.raises(SettingError, match="every signature counts as invalid"):
        refuse_unsafe(read({**safe, **connected}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"signing_provider": "pkcs11"}, "signing_provider = pkcs11 needs pkcs11_module"),
        ({"pkcs11_module": "/tidak/ada.so"}, "there is no library /tidak/ada.so"),
        ({"signing_provider": "csc"}, "signing_provider = csc needs csc_url"),
        ({"csc_url": "https://csc.example/csc/v1"}, "scheme, host and port only"),
        ({"csc_url": "http://csc.example"}, "not sent over plain http"),
        ({"csc_url": "https://csc.example", "csc_ca_file": "/tidak/ada"}, "csc_ca_file: /tidak/ada cannot be read"),
        ({"csc_url": "https://csc.example"}, "csc_token_file: no file cannot be read"),
        ({"seal_passphrase_file": "/tidak/ada"}, "seal_passphrase_file: /tidak/ada cannot be read"),
        ({"pkcs11_seal_token": "segel"}, "seal_passphrase_file: no file cannot be read"),
    ],
)
def test_a_key_store_or_a_remote_service_that_cannot_work_is_refused_with_what_to_write(changes, says):
    with pytest.raises(SettingError) as refused:
        refuse_half_signing(read({f"intranet_surat.{name}": value for name, value in changes.items()}))
    assert says in str(refused.value)


def test_an_installation_without_tokens_and_remote_services_needs_to_say_nothing_of_them():
    refuse_half_signing(read({}))
