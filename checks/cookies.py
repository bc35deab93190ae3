"""What an answer's cookies say."""

from http.cookies import Morsel, SimpleCookie

import httpx

SESSION_COOKIE = "JSESSIONID"


def set_cookies(response: httpx.Response) -> dict[str, Morsel[str]]:
    """The cookies that this answer sets, with their attributes."""
    found: dict[str, Morsel[str]] = {}
    for header in response.headers.get_list("set-cookie"):
        found.update(SimpleCookie(header))
    return found
