"""The imports among our files, including those inside functions and those through template tag libraries.

An import under `if TYPE_CHECKING:` is left out: it doesn't run.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("s4jr", "pages", "chapters", "members")
LOADS = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")


def source_files(*folders):
    """Return the Python files of these folders, without migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts]


def module_name(path):
    """Return `members.urls` for members/urls.py, `members.models` for members/models/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


class ImportGraph:
    """The imports among `files`: {module: {imported module, …}} for whole files and for functions only."""

    def __init__(self, files):
        self.files = {module_name(path): path for path in files}
        self.imports, self.hidden = {}, {}
        for name, path in self.files.items():
            tree = ast.parse(path.read_text(encoding="utf-8"))
            self.imports[name] = self._targets(tree) - {name}
            self.hidden[name] = set().union(*map(self._targets, functions_in(tree)))

    def _targets(self, tree):
        return {target for node in nodes_that_run(tree) for target in self._targets_of(node)}

    def _targets_of(self, node):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            named = []
        return {target for target in map(self._file_of, named) if target}

    def _file_of(self, dotted):
        """Return the file that defines the name `a.b.c`: `a.b.c` itself or `a.b`; None for a library."""
        while dotted and dotted not in self.files:
            dotted = dotted.rpartition(".")[0]
        return dotted or None

    def circles(self):
        """Return the groups of files that import each other, directly or not, each sorted by name."""
        return sorted(sorted(group) for group in strong_components(self.imports) if len(group) > 1)


def nodes_that_run(tree):
    """Yield every node except the body of `if TYPE_CHECKING:`."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from nodes_that_run(child)


def functions_in(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def strong_components(graph):
    """Return Tarjan's strongly connected components of {node: {node, …}} as a list of sets."""
    order, lowest, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for target in sorted(graph[node]):
            if target not in order:
                visit(target)
            if target in stack:
                lowest[node] = min(lowest[node], lowest[target])
        if lowest[node] == order[node]:
            start = stack.index(node)
            found.append(set(stack[start:]))
            del stack[start:]

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


def tag_libraries():
    """Return {library: its module} of our own template tags."""
    return {path.stem: module_name(path) for path in source_files(*PARTS) if path.parent.name == "templatetags"}


def loaded_tags():
    """Yield (template, module of a tag library of ours that it loads)."""
    libraries = tag_libraries()
    for template in sorted((ROOT / "templates").rglob("*.html")):
        for loaded in LOADS.findall(template.read_text(encoding="utf-8")):
            names = loaded.partition(" from ")[2].split() or loaded.split()
            yield from ((template, libraries[name]) for name in names if name in libraries)
