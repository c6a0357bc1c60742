"""The file of certificate authorities that this machine names for a server, whichever variable it names them by.

git, Python's requests and GitLab's runner each have a variable of their own: a server of a private authority that one
of them reaches, the others shall reach, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

NAMED: Final = ("GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Variables that name a file of authorities, the first that does counts."""
_OF_GITLAB: Final = "CI_SERVER_TLS_CA_FILE"


def authorities_for(url: str, environment: Mapping[str, str]) -> str:
    """The absolute path of that file, or empty for those that git and Python know by themselves.

    What GitLab's runner tells is its own server's chain and nobody else's.
    """
    told = next((found for name in NAMED if (found := _file(environment.get(name, "")))), "")
    gitlab = urlsplit(environment.get("CI_SERVER_URL", "")).hostname
    is_gitlab = gitlab is not None and urlsplit(url).hostname == gitlab
    return told or (_file(environment.get(_OF_GITLAB, "")) if is_gitlab else "")


def _file(named: str) -> str:
    # A relative one would be a file of whoever wrote what is judged.
    path = Path(named)
    with suppress(OSError):
        return named if path.is_absolute() and path.is_file() else ""
    return ""
