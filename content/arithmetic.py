"""What an arithmetic expression comes to: numbers, operators, a few functions, and nothing else."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from simpleeval import DEFAULT_OPERATORS, InvalidExpression, SimpleEval

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd)
FUNCTIONS: dict[str, Callable[..., float]] = {
    name: getattr(math, name)
    for name in ("comb", "sqrt", "log", "log2", "log10", "exp", "sin", "cos", "ceil", "floor")
} | {"abs": abs, "min": min, "max": max, "round": round}
# The parser's memory ends with some thousands of brackets or signs in a row.
LONGEST = 300
NAMES = {"e": math.e, "pi": math.pi}


def evaluated(expression: str) -> float:
    """The value of an expression such as `0.95**20` or `comb(7, 5) / comb(10, 5)`.

    Raises ValueError, saying why, for what is no arithmetic or has no finite value.
    """
    operators = {name: DEFAULT_OPERATORS[name] for name in OPERATORS}
    if len(expression) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    try:
        parsed = ast.parse(expression.replace("math.", ""), mode="eval").body
        value = SimpleEval(operators, FUNCTIONS, NAMES).eval(expression, parsed)
        if isinstance(value, (int, float)) and math.isfinite(value):
            return float(value)
    except (InvalidExpression, SyntaxError, ArithmeticError, TypeError, KeyError, ValueError) as error:
        raise ValueError(str(error) or type(error).__name__) from None
    raise ValueError("it is not a number")
