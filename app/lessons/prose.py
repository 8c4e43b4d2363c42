"""The text of a lesson: Markdown to HTML, with formulas in TeX as MathML.

`$...$` is a formula in a line, `$$...$$` one of its own. `\\prediction` and `\\target` are the letters that
the switch of the notation exchanges. HTML in the source is shown as text; pictures are not loaded.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

LETTERS = {"prediction": "ŷ", "target": "y"}
ATTRIBUTES = {"inline": "", "block": ' display="block"'}
BOLD = re.compile(r"<mi>&#x(1D4[0-3][0-9A-F]);</mi>")
BOLD_CAPITALS, BOLD_SMALL = 0x1D400, 0x1D41A  # the mathematical letters A and a


class FormulaError(ValueError):
    """A formula that cannot be read; `formula` is its source."""

    def __init__(self, formula: str) -> None:
        super().__init__(f"the formula “{formula}” cannot be read")
        self.formula = formula


def rendered(source: str) -> str:
    """The HTML of a text. Raises FormulaError."""
    html: str = _markdown().render(source)
    return html


def first_wrong_formula(source: str) -> tuple[int, str] | None:
    """The line (from 0) in which the first formula stands that cannot be read, and that formula; or None."""
    try:
        rendered(source)
    except FormulaError as error:
        lines = source.split("\n")
        wanted = error.formula.strip().split("\n")[0]
        return next((number for number, line in enumerate(lines) if wanted in line), 0), error.formula
    return None


def links(source: str) -> Iterator[str]:
    """The targets of all links of a text."""
    for token in _markdown().parse(source):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href"))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return markdown.use(dollarmath_plugin, renderer=_formula, allow_space=False, allow_digits=False)


def _formula(source: str, options: dict[str, bool]) -> str:
    display = "block" if options["display_mode"] else "inline"
    return f"<math{ATTRIBUTES[display]}>{_mathml(source.strip())}</math>"


@lru_cache(maxsize=2000)
def _mathml(source: str) -> str:
    """The content of the element `math`."""
    tex = source
    for name in LETTERS:
        tex = tex.replace(f"\\{name}", rf"\text{{@{name}@}}")
    try:
        element = convert(tex)
    except Exception as error:  # its errors have no common class
        raise FormulaError(source) from error
    content = element[element.index(">") + 1 : -len("</math>")]
    for name, letter in LETTERS.items():
        marked = f'<mi data-letter="{name}">{letter}</mi>'
        content = content.replace(f"<mtext>@{name}@</mtext>", marked)
    return BOLD.sub(_bold, content)


def _bold(found: re.Match[str]) -> str:
    """A bold letter as an ordinary one of a class, because few fonts have the mathematical letters."""
    code = int(found[1], 16)
    letter = chr(ord("a") + code - BOLD_SMALL if code >= BOLD_SMALL else ord("A") + code - BOLD_CAPITALS)
    return f'<mi class="bold">{letter}</mi>' if letter.isalpha() else found[0]
