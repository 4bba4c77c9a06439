"""Where a request comes from: the host it asks for, the page that sent it, and whether it is this very machine."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

HERE = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("forwarded", "via", "x-real-ip", "cf-connecting-ip", "x-client-ip", "true-client-ip")
"""Headers that tell of a machine in between; so does every header that begins with x-forwarded."""
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def host_name(host: str) -> str | None:
    """The name in a Host header, without its port; None where it is none.

    >>> host_name("[::1]:8501"), host_name("Localhost:8501"), host_name("a@b"), host_name("a:b")
    ('::1', 'localhost', None, None)
    """
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    strange = "@" in parts.netloc or parts.path or parts.query or parts.fragment
    return parts.hostname.rstrip(".") if parts.hostname and not strange else None


def host_allowed(headers: Headers, allowed: Sequence[str]) -> bool:
    """Whether the Host is one of those that the app answers to; `*.name` stands for every name under it."""
    name = host_name(headers.get("host", ""))
    if not allowed:
        return True
    return name is not None and any(_fits(name, pattern.strip().lower().rstrip(".")) for pattern in allowed)


def _fits(name: str, pattern: str) -> bool:
    return pattern in ("*", name, f"[{name}]") or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def same_origin(connection: HTTPConnection) -> bool:
    """Whether the page that sent this is one of ours; what names no page (a command) passes."""
    return connection.headers.get("sec-fetch-site") != "cross-site" and _own_origin(connection)


def _own_origin(connection: HTTPConnection) -> bool:
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    if origin is None:
        return True
    place = _place(origin)
    return place[0] is not None and place == _place(f"{connection.scope.get('scheme', 'http')}://{host}")


def _place(origin: str) -> tuple[str | None, int | None]:
    """Host and port. The scheme is left out: a proxy in front may have taken off the encryption."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None, -1
    return parts.hostname, None if port == DEFAULT_PORTS.get(parts.scheme) else port


def from_this_machine(connection: HTTPConnection) -> bool:
    """Whether somebody at this machine asks, with no other machine and no foreign page in between."""
    headers = connection.headers
    passed_on = any(name in FORWARDED or name.startswith("x-forwarded") for name in headers)
    return (
        not passed_on
        and connection.client is not None
        and _loopback(connection.client.host)
        and host_name(headers.get("host", "")) in HERE
        and _own_origin(connection)
    )


def _loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback
