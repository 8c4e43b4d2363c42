"""The language of an answer.

That of a page is in its address (`?lang=es`), else in the cookie, else in Accept-Language, else English.
A page requested with `?lang=` keeps the choice in a cookie, so that every later page has it. Answers of the
API depend on Accept-Language alone, in which a page sends its own language: two open pages can differ.
Source of the header: RFC 9110, section 12.5.4.
"""

from typing import Annotated

from fastapi import Depends, Request, Response

from app.web.texts import ENGLISH

LANGUAGES = {ENGLISH: "English", "es": "Español"}  # each named in itself
OPTION = "lang"
COOKIE = "perceptarium-language"
COOKIE_SECONDS = 365 * 24 * 3600
VARY = "accept-language, cookie"  # what the language of a page depends on


def page_language(request: Request) -> str:
    """The language of a page."""
    chosen = (request.query_params.get(OPTION), request.cookies.get(COOKIE))
    return next((name for name in chosen if name in LANGUAGES), None) or accepted_language(request)


def accepted_language(request: Request) -> str:
    """The language of an answer of the API: the one of ours that Accept-Language prefers; else English."""
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language of ours with the greatest weight in a value of Accept-Language, the first of equal ones.

    A tag such as `es-CL` names the language before its hyphen; weights that are no number count as 0.
    """
    weights: dict[str, float] = {}
    for part in header.split(","):
        tag, *parameters = part.split(";")
        language = tag.strip().lower().partition("-")[0]
        weights[language] = max(weights.get(language, 0.0), _weight(parameters))
    ours = [language for language in weights if language in LANGUAGES and weights[language] > 0]
    return max(ours, key=lambda language: weights[language], default=ENGLISH)


def _weight(parameters: list[str]) -> float:
    """The weight `q` among the parameters of a language, from 0 to 1; 1 without one."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def keep_choice(request: Request, response: Response) -> None:
    """Keeps the language that the address names in a cookie, which pages of other sites cannot send."""
    language = request.query_params.get(OPTION)
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, httponly=True, samesite="lax")


AcceptedLanguage = Annotated[str, Depends(accepted_language)]
