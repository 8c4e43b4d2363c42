"""Modules and templates of the page contain no sentence; all sentences are in static/locales/en.json.

`literals_in_modules` and `literals_in_templates` return the violations under the root of a project as
`file: text`. A sentence is any text with a word of two or more letters, unlike symbols and formulas ("x1").
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "Perceptarium"

WORD = re.compile(r"[^\W\d_₀-₉⁰-⁹²³]{2,}")
PROPERTIES = {"text", "title", "placeholder", "label", "aria-label", "alt"}
ASSIGNED = {"textContent", "title", "placeholder", "label", "alt", "ariaLabel"}
# Functions whose arguments are displayed: the index of the first one that is, and of the last.
DISPLAYED_ARGUMENTS = {"h": (2, 99), "setText": (1, 1), "iconButton": (1, 1), "fillText": (0, 0),
                   "append": (0, 99), "replaceChildren": (0, 99)}  # fmt: skip
ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "data-title"}
TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    r"|(?P<name>[\w$]+)"
    r"|(?P<sign>[=!]==?|=>|\?\?|\?\.|\.\.\.|&&|\|\||.)",
    re.DOTALL,
)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
EXPRESSIONS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
BODY_ATTRIBUTES = re.compile(r"\{% block body_data %\}(.*?)\{% endblock %\}", re.DOTALL)
OPENING, CLOSING = {"(", "[", "{", "${"}, {")", "]", "}"}


class Token(NamedTuple):
    """A part of a module: its kind ("string", "name", "sign") and text; a string without its quotes."""

    kind: str
    text: str


def is_sentence(text: str) -> bool:
    return bool(WORD.search(re.sub(r"\\.", " ", text).replace(PRODUCT, "")))


def tokens(source: str) -> list[Token]:
    """The tokens of a module; a template literal is its fixed text and, in `${` and `}`, its expressions."""
    return list(_tokens(source, 0, []))


def _tokens(source: str, start: int, ends: list[int]) -> Iterator[Token]:
    """The tokens from `start` to the end or to an unmatched `}`; appends the index after it to `ends`."""
    depth, last = 0, Token("sign", ";")
    while start < len(source):
        if source[start] == "`":
            parts, start = _template(source, start + 1)
            yield from parts
            last = parts[0]
            continue
        regex = REGEX.match(source, start) if last.kind == "sign" and last.text not in CLOSING else None
        match = TOKEN.match(source, start)
        assert match
        if match["space"]:
            start = match.end()
            continue
        if regex:
            start, last = regex.end(), Token("regex", regex[0])
            yield last
            continue
        start, text = match.end(), match[0]
        depth += (text == "{") - (text == "}")
        if depth < 0:
            break
        last = Token("string", text[1:-1]) if match["string"] else Token(match.lastgroup or "", text)
        yield last
    ends.append(start)


def _template(source: str, start: int) -> tuple[list[Token], int]:
    """The tokens of the template literal whose text begins at `start`, and the index after it."""
    text, expressions = "", []
    while source[start] != "`":
        if source.startswith("${", start):
            ends: list[int] = []
            expressions += [Token("sign", "${"), *_tokens(source, start + 2, ends), Token("sign", "}")]
            text, start = text + " ", ends[0]
        else:
            length = 2 if source[start] == "\\" else 1
            text, start = text + source[start : start + length], start + length
    return [Token("string", text), *expressions], start + 1


def arguments(parts: list[Token], start: int) -> list[list[Token]]:
    """The expressions between commas from `start` up to the bracket that closes them."""
    expressions: list[list[Token]] = [[]]
    depth = 0
    for part in parts[start:]:
        if part.kind == "sign":
            depth += (part.text in OPENING) - (part.text in CLOSING)
            if depth < 0:
                break
            if depth == 0 and part.text in {",", ";"}:
                if part.text == ";":
                    break
                expressions.append([])
                continue
        expressions[-1].append(part)
    return expressions


def values(expression: list[Token]) -> Iterator[str]:
    """The string literals that can be the value of an expression: not those compared or passed to calls."""
    stack: list[bool] = []
    before = Token("sign", "")
    for index, part in enumerate(expression):
        after = expression[index + 1].text if index + 1 < len(expression) else ""
        if part.kind == "sign" and part.text in OPENING:
            called = before.kind in {"name", "string"} or before.text in CLOSING
            stack.append(part.text == "${" or (part.text in {"(", "["} and not called))
        elif part.kind == "sign" and part.text in CLOSING:
            if stack:
                stack.pop()
        elif part.kind == "string" and all(stack) and not is_compared(before.text, after):
            yield part.text
        before = part


def is_compared(before: str, after: str) -> bool:
    return before in {"===", "!==", "=="} or after in {"===", "!==", "==", "in", "."}


def displayed(source: str) -> Iterator[str]:
    """The string literals of a module that the page displays."""
    parts = tokens(source)
    for index, part in enumerate(parts[:-1]):
        before, after = parts[index - 1].text if index else "", parts[index + 1].text
        is_property = part.text in PROPERTIES and after == ":" and before in {"{", ","}
        is_assigned = part.text in ASSIGNED and after == "=" and before == "."
        if is_property or is_assigned:
            yield from values(arguments(parts, index + 2)[0])
        elif part.kind == "name" and after == "(" and before != "function":
            yield from displayed_arguments(part.text, arguments(parts, index + 2))


def displayed_arguments(function: str, arguments: list[list[Token]]) -> Iterator[str]:
    if function == "setAttribute":
        is_text = len(arguments) > 1 and any(part.text in PROPERTIES for part in arguments[-2])
        first, last = (len(arguments) - 1, len(arguments) - 1) if is_text else (1, 0)
    else:
        first, last = DISPLAYED_ARGUMENTS.get(function, (1, 0))
    for argument in arguments[first : last + 1]:
        yield from values(argument)


class Page(HTMLParser):
    """The sentences of a template outside its expressions: text nodes, and attributes that are displayed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.sentences: list[str] = []
        self.is_code = False
        source = BODY_ATTRIBUTES.sub(r"<body \1>", source)
        self.feed(EXPRESSIONS.sub("", source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in {"script", "style"}
        self.sentences += [
            value for name, value in attrs if name in ATTRIBUTES and value and is_sentence(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code and is_sentence(data):
            self.sentences.append(data.strip())


def literals_in_modules(root: Path) -> list[str]:
    paths = {str(path.relative_to(root)): path for path in sorted((root / "static" / "js").rglob("*.js"))}
    return [f"{name}: {text}" for name, path in paths.items()
            for text in dict.fromkeys(displayed(path.read_text("utf-8"))) if is_sentence(text)]  # fmt: skip


def literals_in_templates(root: Path) -> list[str]:
    """The text of a lesson (templates/lessons) is a document, not part of the interface."""
    paths = {str(path.relative_to(root)): path for path in sorted((root / "templates").glob("*.html"))}
    return [f"{name}: {text}" for name, path in paths.items()
            for text in Page(path.read_text("utf-8")).sentences]  # fmt: skip


RULES: dict[str, Callable[[Path], list[str]]] = {
    "no literals in modules": literals_in_modules,
    "no literals in templates": literals_in_templates,
}
MODULE, TEMPLATE = "no literals in modules", "no literals in templates"
BREACHES = [
    (MODULE, 'h("p", { text: "Speed" })'),
    (MODULE, 'h("p", { title: name === "a" ? t("a.b") : `of ${name}` })'),
    (MODULE, 'h("p", { "aria-label": t("a.b", { c: `${d}` }) + " (now)" })'),
    (MODULE, 'h("p", { title: `${now ? "Delete" : ""} ${name}` })'),
    (MODULE, 'h("p", {}, "Speed ", value)'),
    (MODULE, 'h("p", {}, ["no reason given", value])'),
    (MODULE, 'const LOSSES = [{ name: "train", label: "Train loss" }];'),
    (MODULE, 'setText(element, given ?? "none yet");'),
    (MODULE, 'setAttribute(element, "aria-label", "Delete");'),
    (MODULE, 'iconButton("reset", "Reset", reset)'),
    (MODULE, 'context.fillText("step", 0, 0);'),
    (MODULE, 'element.placeholder = "Name";'),
    (MODULE, "element.append(value, ' steps');"),
    (MODULE, 'const quotes = /["`]/g; element.title = "Name";'),
    (TEMPLATE, "<h1>Runs of {{ name }}</h1>"),
    (TEMPLATE, '<a aria-label="The studio">{{ t("a.b") }}</a>'),
    (TEMPLATE, '{% block body_data %}class="a" data-title="{{ name }} in the studio"{% endblock %}'),
    (TEMPLATE, '<script>"a"</script><p>Perceptarium draws</p>'),
]
VALID = {
    "static/js/a.js": """// text: "A comment"
h("p", { class: "two words", text: t("a.b"), "data-text": "a" }, "x", " · ", `${value} η`,
  h("b", { text: "f′" }));
setText(element, names["title"] ?? words("train_loss")); setAttribute(element, "class", "small note");
element.title = state === "running" ? `x₁₂ = ${number(value, "short")}` : "Perceptarium";
const [text, title] = [value / 2, "name of a file"]; const label = /"text: "/.test(title);
""",
    "templates/a.html": """{# A comment #}<script>const a = "Runs";</script>
<style>main { color: red; }</style>
<main class="studio" aria-label="{{ t("a.b") }}">
Perceptarium {% if a %}{{ t("a.c") }}{% endif %} · 3</main>""",
    "templates/lessons/a.html": "<p>The text of a lesson.</p>",
}


@pytest.mark.parametrize("rule", RULES)
def test_the_page_has_no_sentences_outside_the_texts(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "content"), BREACHES)
def test_a_literal_sentence_is_found(rule, content, notices):
    file = "static/js/b.js" if rule == MODULE else "templates/b.html"
    notices(RULES[rule], VALID, file, content)


def test_every_rule_has_an_example_of_a_violation():
    assert {rule for rule, _ in BREACHES} == set(RULES)
