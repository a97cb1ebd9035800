"""Builds the signing providers, and the places outside that signatures need, from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem

from intranet_surat import settings as settings_
from intranet_surat.services import timestamping
from intranet_surat.services.evidence import fetching
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.providers import bsre_client, csc_door
from intranet_surat.services.providers.basah import WetInk
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.bsre_client import BsreClient
from intranet_surat.services.providers.bsre_v1 import BSRE_V1, BsreV1
from intranet_surat.services.providers.bsre_v2 import BSRE, BsreV2, SealingBsreV2
from intranet_surat.services.providers.csc import CscProvider
from intranet_surat.services.providers.pkcs12 import DEMO, FILE, Pkcs12Provider
from intranet_surat.services.timestamping import Stamper

NO_LIBRARY = (
    "signing_provider = pkcs11 needs the library python-pkcs11: build the environment with "
    "`python3 tools/environment.py production`"
)


def providers(
    values: Mapping[str, Any], plugged: Mapping[str, Any], outbound: Outbound, now: Callable[[], datetime]
) -> dict[str, Any]:
    """The configured providers and those of plugins, by name; raises SettingError unless the one in use may be."""
    stamper = _stamper(values, outbound, now)
    found: dict[str, Any] = {"pkcs12": _pkcs12(values, stamper), "basah": WetInk()}
    if values["pkcs11_module"]:
        found["pkcs11"] = _pkcs11(values, stamper)
    if values["csc_url"]:
        found["csc"] = CscProvider(
            outbound,
            csc_door.CSC,
            lambda: Path(values["csc_token_file"]).read_text().strip(),
            values["csc_identity"],
            timestamper=stamper,
        )
    if values["bsre_url"]:
        found.update(_bsre(values, outbound))
    found.update(plugged)
    if (name := values["signing_provider"]) not in found:
        raise settings_.SettingError(
            f"{settings_.PREFIX}signing_provider: expected one of: {', '.join(sorted(found))}, found {name!r}"
        )
    if found[name].capabilities.demo and not values["demo"]:
        raise settings_.SettingError(f"{settings_.PREFIX}signing_provider: {name} signs with keys of a demo only")
    return found


def destinations(values: Mapping[str, Any]) -> list[Destination]:
    """The clocks, the authorities that tell who is revoked, and the services that sign."""
    found = [timestamping.destination(url) for url in values["timestamp_urls"]]
    for host, address in values["evidence_hosts"].items():
        found += fetching.destinations(host, address)
    if values["bsre_url"]:
        password = Path(values["bsre_password_file"])
        found.append(
            _service(bsre_client.DESTINATION, "bsre", values, user=values["bsre_user"], password_file=password)
        )
    if values["csc_url"]:
        found.append(_service(csc_door.CSC, "csc", values))
    return found


def roots(values: Mapping[str, Any]) -> tuple[bytes, ...]:
    """The certificate authorities that are trusted, as PEM."""
    path: Path = values["roots"]
    return (path.read_bytes(),) if path.is_file() else ()


def _service(name: str, prefix: str, values: Mapping[str, Any], **more: Any) -> Destination:
    """A signing service, which stands in the regency's own network or is reached with TLS."""
    return Destination.at(
        name,
        values[f"{prefix}_url"],
        internal=True,
        ca_file=_optional(values[f"{prefix}_ca_file"]),
        allow_insecure_http=values["allow_insecure_http"],
        **more,
    )


def _stamper(values: Mapping[str, Any], outbound: Outbound, now: Callable[[], datetime]) -> Stamper | None:
    """Who stamps the time of signatures that are made here; None when no authority is named."""
    places = [timestamping.place(url) for url in values["timestamp_urls"]]
    return timestamping.stamper(outbound, places, roots(values), now)


def _pkcs12(values: Mapping[str, Any], stamper: Stamper | None) -> Pkcs12Provider:
    phrase = _seal_phrase(values)
    return Pkcs12Provider(
        values["signing_keys"],
        capabilities=replace(DEMO if values["demo"] else FILE, seal=phrase is not None),
        timestamper=stamper,
        sealer=_agency(values),
        seal_passphrase_file=phrase,
    )


def _seal_phrase(values: Mapping[str, Any]) -> Path | None:
    """The file with the passphrase of the agency's key: the one that is named, else in a demo the demo's own."""
    named = _optional(values["seal_passphrase_file"])
    if named is not None or not values["demo"]:
        return named
    # Nothing of the demo is loaded where there is none.
    from intranet_surat.demo import keys  # noqa: PLC0415

    return keys.seal_passphrase(values["signing_keys"])


def _pkcs11(values: Mapping[str, Any], stamper: Stamper | None) -> Any:
    try:
        # A compiled library that only who has a token needs.
        from intranet_surat.services.providers.pkcs11 import TOKEN, Pkcs11Provider  # noqa: PLC0415
    except ImportError as error:
        raise settings_.SettingError(f"{settings_.PREFIX}{NO_LIBRARY}") from error
    chain = [der for each in roots(values) for _, _, der in pem.unarmor(each, multiple=True)]
    return Pkcs11Provider(
        Path(values["pkcs11_module"]),
        tuple(chain),
        capabilities=replace(TOKEN, seal=bool(values["pkcs11_seal_token"])),
        timestamper=stamper,
        sealer=_agency(values),
        seal_token=values["pkcs11_seal_token"],
        seal_pin_file=_optional(values["seal_passphrase_file"]),
    )


def _agency(values: Mapping[str, Any]) -> Signer:
    """The agency as its seal's certificate names it: by a serial number or an e-mail."""
    named = values["sealer"]
    return Signer("" if "@" in named else named, f"Pemerintah {values['regency']}", email=named if "@" in named else "")


def _optional(path: str) -> Path | None:
    return Path(path) if path else None


def _bsre(values: Mapping[str, Any], outbound: Outbound) -> dict[str, Any]:
    """Both versions of the client service of BSrE: which one a regency runs is the setting's choice."""
    client = BsreClient(outbound, float(values["bsre_sign_seconds"]))
    identity = values["bsre_identity"]
    able = replace(BSRE, identity=frozenset({identity}), secrets=values["bsre_secrets"], calls=values["bsre_calls"])
    v2 = BsreV2(client, identity, able)
    if values["bsre_seal_subscriber"]:
        activation = Path(values["bsre_seal_activation_file"])
        v2 = SealingBsreV2(
            client,
            identity,
            replace(able, seal=True),
            subscriber=values["bsre_seal_subscriber"],
            activation_file=activation,
            sealer=_agency(values),
        )
    return {"bsre-v2": v2, "bsre-v1": BsreV1(client, replace(BSRE_V1, calls=values["bsre_calls"]))}
