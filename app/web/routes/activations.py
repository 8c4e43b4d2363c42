"""The pages of the activation functions: their list, and one for each."""

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.lessons.statements import statements
from app.web.activation_pages import function_cards, function_page
from app.web.folders import TEMPLATES
from app.web.languages import page_language
from app.web.routes.lessons import AllLessons, present_query
from app.web.routes.pages import render_page
from app.web.texts import texts
from engine.layers.activations import ACTIVATIONS

router = APIRouter()


@router.get("/activations", include_in_schema=False)
async def functions_page(request: Request) -> Response:
    """The list of the activation functions."""
    cards = function_cards(texts(page_language(request)))
    return render_page(request, "activations.html", functions=cards, query=present_query(request))


@router.get("/activations/{name}", include_in_schema=False)
async def one_function_page(request: Request, name: str, lessons: AllLessons) -> Response:
    """One activation function, with a run that the page creates. Raises NotFound."""
    if name not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise NotFound("not_found", f"There is no activation function “{name}”; there are {known}.")
    language = page_language(request)
    said = statements(TEMPLATES / "lessons", language)
    page = function_page(name, lessons, said, texts(language))
    return render_page(request, "activation.html", **page, query=present_query(request))
