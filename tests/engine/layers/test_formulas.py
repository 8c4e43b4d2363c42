"""The formulas of the activation functions, which pages show, say what the engine computes."""

import math
import re
from typing import Any

import numpy as np
import pytest

from engine.layers.activations import ACTIVATIONS, derivative, value

NAMES = [name for name in ACTIVATIONS if not ACTIVATIONS[name].pullback]
FUNCTIONS = {"exp": math.exp, "tanh": math.tanh, "max": max, "ln": math.log, "sqrt": math.sqrt}
CONSTANTS = {"alpha": 0.3, "pi": math.pi}
CASES = re.compile(r"\\begin{cases}(.*?)&(.*?)\\\\(.*?)&(.*?)\\end{cases}")
TOKEN = re.compile(r"\d+\.\d+|\d+|[a-z]+|<=|>=|\*\*|[-+*/(),<>]| if | else ")
ALPHA = CONSTANTS["alpha"]


def group(tex: str, start: int) -> tuple[str, int]:
    """The content of the braces that open at `start`, and the position after them."""
    depth = 0
    for position in range(start, len(tex)):
        depth += {"{": 1, "}": -1}.get(tex[position], 0)
        if depth == 0:
            return tex[start + 1 : position], position + 1
    raise ValueError(tex)


def without_groups(tex: str) -> str:
    """TeX with fractions, roots and powers as expressions in parentheses."""
    for command, count, form in ((r"\frac", 2, "(({})/({}))"), (r"\sqrt", 1, "sqrt({})"), ("^", 1, "**({})")):
        while (start := tex.find(command + "{")) >= 0:
            end, parts = start + len(command), []
            for _ in range(count):
                part, end = group(tex, end)
                parts.append(without_groups(part))
            tex = tex[:start] + form.format(*parts) + tex[end:]
    return tex


def expression(tex: str) -> str:
    """A Python expression of a formula in TeX; a product needs no sign."""
    plain = re.sub(r"\be\^", "exp^", tex.replace(r"\,", " ").replace("f(z)", "(f)"))
    plain = without_groups(CASES.sub(r"((\1) if (\2) else (\3))", plain)).replace("exp**", "exp")
    for old, new in ((r"\alpha", " alpha "), (r"\le", "<="), (r"\ge", ">="), ("\\", " ")):
        plain = plain.replace(old, new)
    tokens, result = TOKEN.findall(plain), ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        ends = before == ")" or (before.isalpha() and before not in FUNCTIONS) or before[:1].isdigit()
        begins = token == "(" or token.isalpha() or token[:1].isdigit()
        result += "*" + token if ends and begins else token
    return result


def evaluated(formula: str, z: float, **known: Any) -> float:
    """The value of a formula; what follows after `,\\quad ` defines letters of it, the last one first."""
    main, *definitions = formula.split(r",\quad ")
    values = {**FUNCTIONS, **CONSTANTS, "z": z, **known}
    for definition in reversed(definitions):
        letter, _, right = definition.partition("=")
        values[letter] = eval(expression(right), {}, values)
    return float(eval(expression(main), {}, values))


@pytest.mark.parametrize("name", NAMES)
def test_the_formulas_of_an_activation_are_what_the_engine_computes(name: str) -> None:
    entry = ACTIVATIONS[name]
    alpha = ALPHA if entry.parameters else None
    z = np.array([[-4.1, -1.3, -0.2, 0.4, 2.7]])
    f, slope = value(name, z, alpha)[0], derivative(name, z, alpha)[0]
    for index, at in enumerate(z[0].tolist()):
        assert evaluated(entry.formula, at) == pytest.approx(f[index], rel=1e-4, abs=1e-6)
        assert evaluated(entry.slope_formula, at, f=f[index]) == pytest.approx(
            slope[index], rel=1e-4, abs=1e-6
        )


def test_the_formulas_say_what_holds_at_zero() -> None:
    zero = np.zeros((1, 1))
    for name in ("step", "relu", "leaky_relu", "prelu"):
        entry, alpha = ACTIVATIONS[name], ALPHA if ACTIVATIONS[name].parameters else None
        assert evaluated(entry.formula, 0.0) == value(name, zero, alpha)[0, 0]
        assert evaluated(entry.slope_formula, 0.0) == derivative(name, zero, alpha)[0, 0]
