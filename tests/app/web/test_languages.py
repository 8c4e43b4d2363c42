"""The language of pages, modules and the catalogue: from the address, the cookie, or Accept-Language."""

import re

import pytest

from app.web.languages import COOKIE, preferred
from app.web.texts import text

SPANISH = {"accept-language": "es-CL,es;q=0.9,en;q=0.8"}
HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es-CL,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("de, es;q=0.5", "es"),
        ("de-DE,fr", "en"),
        ("en;q=0.4, ES;Q=0.7", "es"),
        ("es;q=0", "en"),
        ("es;q=much, en;q=0.1", "en"),
        ("es;q=7", "en"),
        ("es;q=nan", "en"),
        (";;,,es", "es"),
    ],
)
def test_the_language_of_ours_with_the_greatest_weight_is_preferred(header, language):
    assert preferred(header) == language


@pytest.mark.parametrize(
    ("query", "cookie", "header", "language"),
    [
        ("", None, {}, "en"),
        ("", None, SPANISH, "es"),
        ("", "en", SPANISH, "en"),
        ("?lang=es", "en", {}, "es"),
        ("?lang=en", "es", SPANISH, "en"),
        ("?lang=xx", "es", {}, "es"),
        ("?lang=", "../en", SPANISH, "es"),
    ],
)
def test_the_language_of_a_page_is_in_the_address_then_the_cookie_then_the_header(
    server, query, cookie, header, language
):
    cookies = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    answer = server.client.get(f"/runs{query}", headers=header | cookies)
    assert f'<html lang="{language}">' in answer.text
    assert text("gallery.heading", language) in answer.text
    assert answer.headers["content-language"] == language
    assert {"accept-language", "cookie"} <= set(answer.headers["vary"].split(", "))


def test_only_a_language_that_the_address_names_is_kept(server):
    kept = [
        server.client.get(f"/runs{query}", headers=SPANISH).headers.get("set-cookie", "").partition(";")[0]
        for query in ("", "?lang=xx", "?lang=es")
    ]
    server.client.cookies.clear()
    assert kept == ["", "", f"{COOKIE}=es"]


@pytest.mark.parametrize("path", ["/", "/runs", "/lessons", "/compare", "/docs", "/nowhere"])
def test_every_page_names_its_languages(server, path):
    page = server.client.get(path, headers=HTML).text
    links = re.findall(r'<link rel="alternate" hreflang="(\w+)" title="(\w+)" href="([^"]+)">', page)
    assert links == [("en", "English", "?lang=en"), ("es", "Español", "?lang=es")]


def test_modules_are_sent_with_the_sentences_of_the_page(server):
    page = server.client.get("/", headers=SPANISH).text
    scripts = re.search(r'src="(/static/[^"]+)/js/studio/boot.js"', page)
    assert scripts
    spanish = server.client.get(f"{scripts[1]}/js/studio/boot.js")
    english = server.client.get(f"{scripts[1].removesuffix('-es')}/js/studio/boot.js")
    assert text("studio.bar.train.help", "es") in spanish.text
    assert text("studio.bar.train.help") in english.text
    assert "immutable" in spanish.headers["cache-control"]
    assert spanish.headers["etag"] != english.headers["etag"]


def test_there_are_no_files_in_an_unknown_language(server):
    version = "0" * 12
    assert server.client.get(f"/static/{version}-es/icon.svg").status_code == 200
    assert server.client.get(f"/static/{version}-xx/icon.svg").status_code == 404


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/catalogue", "catalogue.datasets.moons.help"),
        ("/api/datasets", "catalogue.datasets.moons.help"),
        ("/api/schema", "form.run.l2.help"),
    ],
)
def test_titles_and_help_of_the_api_are_in_the_accepted_language(server, path, key):
    english, spanish = server.client.get(path), server.client.get(path, headers=SPANISH)
    assert text(key) in english.text and text(key, "es") not in english.text
    assert text(key, "es") in spanish.text
    assert "accept-language" in spanish.headers["vary"]


def test_the_catalogue_does_not_depend_on_the_cookie(server):
    answer = server.client.get("/api/catalogue", headers={"cookie": f"{COOKIE}=es"})
    assert text("catalogue.datasets.moons.help") in answer.text


def test_an_error_message_of_the_api_stays_english(server):
    answers = [
        server.client.post("/api/runs", json={"epochs": -1}, headers=headers).json()
        for headers in ({}, SPANISH)
    ]
    assert answers[0] == answers[1]
