"""Write a reference solution down in other ways that are as right: all of them must pass.

*Structure* is rewritten for every function and class: other names for variables and parameters, a
helper, a function inside of it, a name for what it returns, a wrapper. The *form of the result* is
rewritten as far as the text allows it: ``RESULTS`` in an assignment's ``answers.py`` names, for
each function, the forms in `FORMS` that its text allows. (A text that says *array* leaves out
``"list"``: then the tests must refuse a list, and say why.)
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

# What can be returned instead of `result`, by the name of the form.
FORMS: Mapping[str, str] = {
    "list": "np.asarray(result).tolist()",
    "tuple": "tuple(np.asarray(result).tolist())",
    "array": "np.array(result)",
    "object array": "np.array(result, dtype=object)",
    "array in Fortran's order": "np.asfortranarray(result)",
    "view of an array": "np.repeat(np.asarray(result), 2, axis=0)[::2]",
    "float64": "np.asarray(result, dtype=np.float64)",
    "float32": "np.asarray(result, dtype=np.float32)",
    "int64": "np.asarray(result, dtype=np.int64)",
    "int32": "np.asarray(result, dtype=np.int32)",
    "int8": "np.asarray(result, dtype=np.int8)",
    "uint8": "np.asarray(result, dtype=np.uint8)",
    "series": "pd.Series(np.asarray(result).tolist())",
    "series with another index": (
        "pd.Series(np.asarray(result).tolist(), index=range(7, 7 + len(result)))"
    ),
    "index": "pd.Index(np.asarray(result).tolist())",
    "category": "pd.Series(pd.Categorical(np.asarray(result).tolist()))",
    "table": "pd.DataFrame(np.asarray(result))",
    "tensor": "__import__('torch').as_tensor(np.array(result))",
    "int": "int(result)",
    "float": "float(result)",
    "NumPy's integer": "np.int64(result)",
    "NumPy's float": "np.float64(result)",
    "NumPy's float32": "np.float32(result)",
    "array of no dimension": "np.array(result)",
    "bool": "bool(result)",
    "NumPy's bool": "np.bool_(result)",
    "columns in another order": "result[result.columns[::-1]]",
    "columns of floats": "result.astype(float)",
    "columns of objects": "result.astype(object)",
    "as it is": "result",
}


@dataclass(frozen=True)
class Rewrite:
    """A solution cell, written in another way.

    Parameters
    ----------
    function
        The function or class that is written in another way.
    what
        In which.
    code
        The cell.
    """

    function: str
    what: str
    code: str


def definitions(source: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """Give the functions and classes that a cell defines at its top level."""
    return {
        node.name: node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def rewrites_of(source: str, results: Mapping[str, Sequence[str]]) -> list[Rewrite]:
    """Give all rewrites of the functions and classes that a cell defines.

    Parameters
    ----------
    source
        The cell.
    results
        Forms by function.
    """
    found = []
    for name, node in definitions(source).items():
        for what, code in _rewritten(node):
            found.append(Rewrite(name, what, _cell(source, name, code)))
        for form in results.get(name, ()):
            found.append(Rewrite(name, form, with_result(source, name, form)))
    return found


def with_result(source: str, function: str, form: str) -> str:
    """Give a cell of which one function returns its result in another form.

    Parameters
    ----------
    source
        The cell.
    function
        Its name.
    form
        One of `FORMS`.
    """
    node = copy.deepcopy(definitions(source)[function])
    node.name = f"{function}_as_before"
    code = (
        f"{ast.unparse(node)}\n\n"
        f"def {function}(*arguments):\n"
        f"    result = {node.name}(*arguments)\n"
        f"    return {FORMS[form]}\n"
    )
    return _cell(source, function, code)


def _cell(source: str, name: str, code: str) -> str:
    """Give the cell with other code in the place of one definition."""
    parts = [
        code if getattr(node, "name", None) == name else ast.unparse(node)
        for node in ast.parse(source).body
    ]
    return "\n\n".join(parts)


def _rewritten(node: ast.FunctionDef | ast.ClassDef) -> Iterator[tuple[str, str]]:
    name = node.name
    yield "other names for variables", ast.unparse(_renamed(node))
    yield "no docstring", ast.unparse(_without_docstrings(node))
    yield "names for what is returned", ast.unparse(_named_results(node))
    helper = _with_name(node, "my_own_helper")
    yield "another name first", f"{ast.unparse(helper)}\n\n{name} = my_own_helper\n"
    if isinstance(node, ast.ClassDef):
        yield (
            "a class derived from a helper",
            f"{ast.unparse(helper)}\n\nclass {name}(my_own_helper):\n    pass\n",
        )
        return
    call = ", ".join(arg.arg for arg in node.args.args)
    signature = ast.unparse(node.args)
    yield (
        "a helper",
        f"{ast.unparse(helper)}\n\ndef {name}({signature}):\n    return my_own_helper({call})\n",
    )
    yield (
        "a function inside",
        f"def {name}({signature}):\n{_indented(ast.unparse(helper))}\n"
        f"    return my_own_helper({call})\n",
    )
    yield (
        "a method",
        "class MyOwn:\n    @staticmethod\n"
        f"{_indented(ast.unparse(helper))}\n\n{name} = MyOwn.my_own_helper\n",
    )
    yield (
        "a lambda",
        f"{ast.unparse(helper)}\n\n{name} = lambda {signature}: my_own_helper({call})\n",
    )
    yield (
        "a wrapper that takes anything",
        f"{ast.unparse(helper)}\n\ndef {name}(*values, **named):\n"
        "    return my_own_helper(*values, **named)\n",
    )
    yield "more prints and warnings", _talking(node)


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.splitlines())


def _with_name(node: ast.FunctionDef | ast.ClassDef, name: str) -> ast.AST:
    other = copy.deepcopy(node)
    old, other.name = other.name, name
    for part in ast.walk(other):  # one that calls itself
        if isinstance(part, ast.Name) and part.id == old:
            part.id = name
    return other


def _functions(node: ast.AST) -> list[ast.FunctionDef]:
    return [part for part in ast.walk(node) if isinstance(part, ast.FunctionDef)]


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = f"my_{node.id}" if node.id in self.names else node.id
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = f"my_{node.arg}" if node.arg in self.names else node.arg
        return node


def _renamed(node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
    """Rename what is assigned inside, and the parameters of functions (not of methods)."""
    other = copy.deepcopy(node)
    is_class = isinstance(other, ast.ClassDef)
    for function in _functions(other):
        if is_class:
            inside: list[ast.AST] = [part for item in function.body for part in ast.walk(item)]
        else:
            inside = list(ast.walk(function))
        names = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        parameters = {n.arg for n in ast.walk(function) if isinstance(n, ast.arg)}
        if is_class:
            names -= parameters
        elif function is other:
            names |= parameters
        transformer = _Renamed({name for name in names if not name.startswith("my_")})
        function.args = transformer.visit(function.args)
        function.body = [transformer.visit(item) for item in function.body]
    return other


def _without_docstrings(node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
    other = copy.deepcopy(node)
    for part in ast.walk(other):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            part.body = part.body[1:] or [ast.Pass()]
    return other


class _NamedResults(ast.NodeTransformer):
    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.AST]:
        if node.value is None:
            return node
        store, load = (ast.Name("what_i_return", ctx) for ctx in (ast.Store(), ast.Load()))
        return [ast.Assign([store], node.value, lineno=0), ast.Return(load)]


def _named_results(node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
    return ast.fix_missing_locations(_NamedResults().visit(copy.deepcopy(node)))


def _talking(node: ast.FunctionDef) -> str:
    other = copy.deepcopy(node)
    said = ast.parse(
        "import sys, warnings\nprint('so far', file=sys.stderr)\nwarnings.warn('so good')"
    ).body
    other.body = [*said, *other.body]
    return ast.unparse(ast.fix_missing_locations(other))
