"""Which providers the settings give: each with its destination, and none that was not asked for."""

from __future__ import annotations

import pytest

from intranet_surat import building_signing
from intranet_surat.building import now
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.providers.base import SigningProvider
from intranet_surat.services.providers.pkcs12 import DEMO, Pkcs12Provider
from intranet_surat.settings import SettingError, read


def built(plugged=None, **settings):
    values = read({f"intranet_surat.{name}": value for name, value in settings.items()})
    outbound = Outbound(building_signing.destinations(values))
    return building_signing.providers(values, plugged or {}, outbound, now), outbound


def test_without_settings_there_are_files_and_ink():
    providers, _ = built()
    assert sorted(providers) == ["basah", "pkcs12"]


def test_each_provider_is_called_by_the_name_it_is_registered_under(tmp_path):
    token = tmp_path / "token"
    token.write_text("rahasia")
    providers, outbound = built(
        csc_url="https://csc.example.go.id", csc_token_file=str(token), bsre_url="https://esign.example.go.id",
        bsre_user="surat", bsre_password_file=str(token), pkcs11_module="/usr/lib/softhsm/libsofthsm2.so",
    )  # fmt: skip
    assert sorted(providers) == ["basah", "bsre-v1", "bsre-v2", "csc", "pkcs11", "pkcs12"]
    for name, each in providers.items():
        assert each.id == name
        assert isinstance(each, SigningProvider)
    assert "csc" in outbound


def test_a_name_that_no_provider_has_is_refused_with_those_that_there_are():
    with pytest.raises(SettingError, match="expected one of: basah, pkcs12"):
        built(signing_provider="bsre")


def test_a_plugin_with_keys_of_a_demo_signs_in_a_demo_only(tmp_path):
    plugged = {"loket": Pkcs12Provider(tmp_path, capabilities=DEMO)}
    assert built(plugged, signing_provider="loket", demo="true")[0]["loket"] is plugged["loket"]
    with pytest.raises(SettingError, match="loket signs with keys of a demo only"):
        built(plugged, signing_provider="loket")


def test_the_token_of_a_remote_service_is_read_at_each_call(tmp_path):
    token = tmp_path / "token"
    token.write_text("lama\n")
    providers, _ = built(csc_url="https://csc.example.go.id", csc_token_file=str(token))
    assert providers["csc"].token() == "lama"
    token.write_text("baru")
    assert providers["csc"].token() == "baru"


def test_a_provider_seals_only_where_the_seal_is_configured(tmp_path):
    phrase = tmp_path / "frasa"
    phrase.write_text("rahasia")
    module = "/usr/lib/softhsm/libsofthsm2.so"

    def able(**settings):
        return {name: each.capabilities.seal for name, each in built(**settings)[0].items()}

    assert able(pkcs11_module=module) == {"basah": False, "pkcs11": False, "pkcs12": False}
    assert able(seal_passphrase_file=str(phrase))["pkcs12"]
    assert able(pkcs11_module=module, pkcs11_seal_token="segel", seal_passphrase_file=str(phrase))["pkcs11"]


def test_the_demo_has_a_seal_of_its_own_and_an_installation_does_not_take_it_by_chance(pki):
    assert built(demo="true", signing_keys=str(pki))[0]["pkcs12"].capabilities.seal
    assert not built(signing_keys=str(pki))[0]["pkcs12"].capabilities.seal
    assert (pki / "segel.frasa").stat().st_mode & 0o077 == 0
