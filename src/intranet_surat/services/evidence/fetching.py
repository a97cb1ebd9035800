"""Fetches OCSP answers, lists and issuers for pyHanko, from hosts of the settings only, whatever a file names.

A certificate may name any address; what is asked is a destination of the outbound client, or nobody. Answers are
signed: pyHanko judges them, not the way they came.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import crl, ocsp, pem, x509
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.errors import CertificateFetchError, CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import CertificateFetcher, CRLFetcher, FetcherBackend, Fetchers, OCSPFetcher
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request, process_ocsp_response_data

from intranet_surat.services import signing_loop
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination, OutboundError

PREFIX = "bukti:"
LARGEST = 20 * 1024 * 1024
"""Lists of a large authority are long; an answer about one certificate is not."""
MOST = 40
"""How many questions one file may cause."""


class NotFetched(Exception):
    """Nobody that may be asked has an answer; English, for the log."""


def destinations(host: str, address: str = "") -> list[Destination]:
    """How a host of the settings is reached, for both schemes; at another ``address`` it may be an internal one."""
    return [
        Destination.at(
            f"{PREFIX}{scheme}://{host}",
            f"{scheme}://{address or host}",
            internal=bool(address),
            timeout=20.0,
            connect_timeout=5.0,
            max_bytes=LARGEST,
            signed=True,
        )
        for scheme in ("http", "https")
    ]


class Source:
    """Asks the hosts of the settings, each question once; ``problems`` tells what was not answered."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._answers: dict[tuple[str, bytes], bytes] = {}
        self._asked = 0
        self.problems: list[str] = []

    async def get(self, url: str, body: bytes = b"", kind: str = "") -> bytes:
        """What stands at ``url``, or its answer to ``body``. Raises NotFetched."""
        if (url, body) not in self._answers:
            try:
                self._answers[url, body] = await signing_loop.aside(self._ask, url, body, kind)
            except NotFetched as error:
                self.problems.append(str(error))
                raise
        return self._answers[url, body]

    def _ask(self, url: str, body: bytes, kind: str) -> bytes:
        self._asked += 1
        if self._asked > MOST:
            raise NotFetched("too many questions for one file")
        try:
            where = urlsplit(url)
            name, path = f"{PREFIX}{where.scheme}://{where.netloc.lower()}", where.path or "/"
        except ValueError:
            raise NotFetched("an address that is none") from None
        if name not in self._outbound:
            raise NotFetched(f"{where.scheme}://{where.netloc} is not among evidence_hosts")
        path += f"?{where.query}" if where.query else ""
        try:
            method, headers = ("POST", {"Content-Type": kind}) if body else ("GET", {})
            answer = self._outbound.request(name, method, path, headers=headers, body=body)
        except OutboundError as error:
            raise NotFetched(f"{where.netloc}: {error.detail}") from None
        if answer.status != 200:
            raise NotFetched(f"{where.netloc}: status {answer.status}")
        return answer.body


class Backend(FetcherBackend):
    """pyHanko's way to fetch, over a `Source`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def get_fetchers(self) -> Fetchers:
        """The three fetchers, sharing the source."""
        return Fetchers(_Ocsp(self._source), _Lists(self._source), _Issuers(self._source))


class _Ocsp(OCSPFetcher):
    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: dict[bytes, list[ocsp.OCSPResponse]] = {}

    async def fetch(self, cert: x509.Certificate, authority: Authority) -> ocsp.OCSPResponse:
        if (kept := self._found.get(cert.issuer_serial)) is not None:
            return kept[0]
        request = format_ocsp_request(cert, authority, certid_hash_algo="sha1", request_nonces=False)
        for url in cert.ocsp_urls:
            try:
                data = await self._source.get(url, request.dump(), "application/ocsp-request")
                response = process_ocsp_response_data(data, ocsp_request=request, ocsp_url=url)
            except (NotFetched, OCSPFetchError, ValueError):
                continue
            self._found.setdefault(cert.issuer_serial, []).append(response)
            return response
        raise OCSPFetchError("no OCSP answer")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return [each for found in self._found.values() for each in found]

    def fetched_responses_for_cert(self, cert: x509.Certificate) -> Iterable[ocsp.OCSPResponse]:
        return self._found.get(cert.issuer_serial, [])


class _Lists(CRLFetcher):
    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(self, cert: x509.Certificate, *, use_deltas: Any = None) -> Iterable[crl.CertificateList]:  # noqa: ARG002
        if (kept := self._found.get(cert.issuer_serial)) is not None:
            return kept
        found = []
        for point in cert.crl_distribution_points:
            if not (url := point.url):
                continue
            try:
                found.append(crl.CertificateList.load(_der(await self._source.get(url)), strict=True))
            except (NotFetched, ValueError):
                continue
        if not found:
            raise CRLFetchError("no list of revoked certificates")
        self._found[cert.issuer_serial] = found
        return found

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return [each for found in self._found.values() for each in found]

    def fetched_crls_for_cert(self, cert: x509.Certificate) -> Iterable[crl.CertificateList]:
        return self._found[cert.issuer_serial]


class _Issuers(CertificateFetcher):
    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: dict[bytes, x509.Certificate] = {}

    async def fetch_cert_issuers(self, cert: x509.Certificate) -> AsyncGenerator[x509.Certificate, None]:
        for url in _issuer_urls(cert):
            try:
                found = x509.Certificate.load(_der(await self._source.get(url)), strict=True)
            except (NotFetched, CertificateFetchError, ValueError):
                continue
            self._found[found.issuer_serial] = found
            yield found

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[x509.Certificate, None]:  # noqa: ARG002
        """Nobody: lists are signed by those who issued the certificates."""
        nobody: tuple[x509.Certificate, ...] = ()
        for each in nobody:
            yield each

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        return list(self._found.values())


def _issuer_urls(cert: x509.Certificate) -> list[str]:
    places = cert.authority_information_access_value
    found = [each for each in places or () if each["access_method"].native == "ca_issuers"]
    where = [each["access_location"] for each in found]
    return [each.native for each in where if each.name == "uniform_resource_identifier"]


def _der(data: bytes) -> bytes:
    return pem.unarmor(data)[2] if pem.detect(data) else data
