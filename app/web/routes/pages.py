"""Pages: the HTML of studio, gallery, comparison and experiments, and the API's documentation."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import pass_context
from jinja2.runtime import Context

from app import installed_version
from app.errors import ApiError, NotFound
from app.web.dependencies import OneExperiment, OneRun
from app.web.folders import STATIC, TEMPLATES
from app.web.languages import LANGUAGES, VARY, keep_choice, page_language
from app.web.sections import sections
from app.web.security import NOT_PAGES
from app.web.texts import ENGLISH, text

FORM_SHEETS = ("tokens", "controls")  # in the page itself, as files are not sent without the token
NOT_FOUND_CODES = ("no_such_run", "no_such_experiment", "no_such_lesson", "not_found")

router = APIRouter()
templates = Jinja2Templates(TEMPLATES)


@pass_context
def _text(context: Context, key: str, **values: Any) -> str:
    """A text in the language of the page: `t` in templates."""
    return text(key, context["language"], **values)


templates.env.globals["t"] = _text


def render_page(request: Request, name: str, /, **context: Any) -> Response:
    """The page of a template. Raises NotFound if there is no such template."""
    if not (TEMPLATES / name).is_file():
        raise NotFound("not_found", f"There is nothing at {request.url.path}.")
    static_version, language = request.app.state.assets.version(), page_language(request)
    context |= {
        "version": installed_version(), "static_version": static_version,
        "static": f"/static/{static_version}" + ("" if language == ENGLISH else f"-{language}"),
        "language": language, "languages": LANGUAGES,
        "plotly_url": f"/static/{static_version}/vendor/plotly.min.js",
        "nonce": request.scope["nonce"], "read_only": request.app.state.access.read_only,
    }  # fmt: skip
    response = templates.TemplateResponse(request, name, context)
    response.headers.update({"cache-control": "no-cache", "vary": VARY, "content-language": language})
    keep_choice(request, response)
    return response


def not_found_page(request: Request, error: ApiError) -> Response | None:
    """The page for a browser that requests a page that does not exist; None if the answer is JSON."""
    if error.status != 404 or not _requests_page(request):
        return None
    code = error.code if error.code in NOT_FOUND_CODES else "not_found"
    response = render_page(request, "missing.html", code=code)
    response.status_code = error.status
    response.headers["vary"] = f"accept, {VARY}"
    response.headers["cache-control"] = "no-store"
    return response


def token_form(request: Request, error: ApiError) -> Response | None:
    """The page in which a person enters the token of the server; None if the answer is JSON."""
    if not _requests_page(request):
        return None
    style = "".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in FORM_SHEETS)
    wrong = "token" in request.query_params
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
    response = render_page(request, "token.html", style=style, wrong=wrong, kept=kept)
    response.status_code = error.status
    response.headers.update({**error.headers, "vary": f"accept, {VARY}"})
    return response


def _requests_page(request: Request) -> bool:
    """Whether a browser requests a page, not a file or an answer of the API."""
    accepts_html = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return accepts_html and not request.url.path.startswith(NOT_PAGES)


@router.get("/", include_in_schema=False)
async def studio(request: Request) -> Response:
    """The studio, which creates a run; the gallery on a read-only server."""
    if request.app.state.access.read_only:
        return render_page(request, "runs.html")
    return render_page(request, "studio.html", run_id=None, sections=sections())


@router.get("/runs", include_in_schema=False)
async def gallery(request: Request) -> Response:
    """The list of runs."""
    return render_page(request, "runs.html")


@router.get("/runs/{id}", include_in_schema=False)
async def run_page(request: Request, run: OneRun) -> Response:
    """The studio with one run."""
    return render_page(request, "studio.html", run_id=run.id, sections=sections())


@router.get("/compare", include_in_schema=False)
async def compare_page(request: Request) -> Response:
    """The comparison of the runs that its address names: `?runs=ID,ID,...`."""
    return render_page(request, "compare.html")


@router.get("/experiments/{id}", include_in_schema=False)
async def experiment_page(request: Request, experiment: OneExperiment) -> Response:
    """The page of one experiment."""
    return render_page(request, "experiment.html", experiment_id=experiment.id)


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """The documentation of the API, with scripts from this server."""
    return render_page(request, "docs.html")
