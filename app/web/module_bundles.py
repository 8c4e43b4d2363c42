"""Module bundles: the page's modules as they are sent, so that a visit requests few files.

A bundle is one file with an entry module and everything it imports; each member becomes a function that
returns its exports. A module that is imported dynamically (a panel in a tab, a dialog) is sent with the
modules that only it imports; what several of them import is a separate file. They import what is in a bundle
of the studio from there, so that every module is loaded once. The bundles follow from the imports alone. See
docs/decisions/0005-joined-modules.md.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from app.web.texts import Texts

STUDIO = "studio/boot.js"
# Imported dynamically at every visit of the studio; its bundle omits what is in that of STUDIO.
PANELS = "studio/mount-panels.js"

IMPORT = re.compile(r'^import \{ ([^}]*) \} from "([^"]+)";$', re.MULTILINE)
DYNAMIC_IMPORT = re.compile(r'(\bimport\()(["`])(\.[^"`]*)')
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
# Comments on lines of their own: a sixth of the scripts' size.
COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*\*[\s\S]*?\*/[ \t]*)\n", re.MULTILINE)
# Comments at the end of a line, indentation and empty lines: 3 % of the compressed size. Two slashes followed
# by a quotation mark may belong to a string. No template literal of the page's modules spans lines.
END_OF_LINE_COMMENT = re.compile(r"[ \t]+// [^\n\"'`]*$", re.MULTILINE)
INDENTATION = re.compile(r"^\s+", re.MULTILINE)
# What ends the last of several lines, and line breaks that separate no statements: 1 % of the size.
LAST_MARK = re.compile(r",\n(?=[)\]}])|;\n(?=\})")
BREAK_AFTER = re.compile(r"^((?:(?!// ).)*[({\[,])\n", re.MULTILINE)
# Spaces beside punctuation: 4 % of the compressed size. Lines with another string than "..." and one template
# literal, a regular expression (a slash where a value begins), a comment or an import keep theirs.
KEEPS_SPACES = re.compile(r"['\\]|^import |`.*`.*`|//|(?:^|[(,=:\[!&|?{};>]|return) */")
SPACES = re.compile(r'("[^"]*"|`[^`]*`)| ?([=<>?:&|,;{}()\[\]*!%/]) ?| ([+-]) (?![+-])')
# In bundles also those at the end of statements.
BREAK_BETWEEN = re.compile(r"^((?:(?!// ).)*[;}])\n", re.MULTILINE)
BREAK_BEFORE = re.compile(r"^((?:(?!// ).)*)\n(?=[)\]}.?:&|])", re.MULTILINE)
# Inside a bundled module `let` does what `const` does, and is shorter.
CONSTANT = re.compile(r"(^|[;{}(])const(?=[ {\[])", re.MULTILINE)


def without_comments(source: str) -> str:
    """A module without its comments, its indentation and its empty lines."""
    return INDENTATION.sub("", END_OF_LINE_COMMENT.sub("", COMMENTS.sub("", source)))


def with_joined_lines(source: str) -> str:
    """A module without the line breaks after opening brackets and commas, and before what continues a line.

    The lines that may have a comment at their end keep theirs. The last comma of a list and the last
    semicolon of a block go with their line break.
    """
    return BREAK_BEFORE.sub(r"\1", BREAK_AFTER.sub(r"\1", LAST_MARK.sub("", source)))


def without_spaces(source: str) -> str:
    """A module without the spaces beside punctuation, in the lines whose strings are all plain."""
    return "\n".join(
        line if KEEPS_SPACES.search(line) else SPACES.sub(lambda part: part[1] or part[2] or part[3], line)
        for line in source.split("\n")
    )


class Modules:
    """All modules of a folder, and the content that is sent for each."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        paths = sorted(folder.rglob("*.js"))
        self._sources = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}
        self._texts = texts
        # What a module imports statically, in order.
        self._imports_of = {
            name: [_resolve(name, target) for _, target in IMPORT.findall(source)]
            for name, source in self._sources.items()
        }
        # The variable of each module's exports, short because it is sent many times.
        self.variables = {name: f"${_base36(index)}" for index, name in enumerate(self._sources)}

    def content(self, name: str) -> bytes:
        """The content that is sent for the module `name`."""
        members = self.bundles.get(name) or self.later.get(name)
        if members:
            return self._bundle(name, members).encode()
        return (self._shortened(name) if name in self._bundle_of else self._separate(name)).encode()

    @cached_property
    def bundles(self) -> dict[str, list[str]]:
        """The bundles by entry module, each with its members in the order in which they run."""
        bundles = {name: self._with_imports(name) for name in self._sources if name not in self._imported}
        if STUDIO in bundles and PANELS in self._sources:
            bundles[PANELS] = [name for name in self._with_imports(PANELS) if name not in bundles[STUDIO]]
        return bundles

    @cached_property
    def later(self) -> dict[str, list[str]]:
        """The dynamically imported modules that are sent with others: those that only they import."""
        entries = {target for name in self._sources for target in self.dynamic_imports(name)}
        needed = {
            entry: [name for name in self._with_imports(entry) if name not in self._bundle_of]
            for entry in sorted(entries - self._bundle_of.keys() - self.bundles.keys())
        }
        counts = Counter(name for names in needed.values() for name in names)
        joined = {
            entry: [name for name in names if name == entry or counts[name] == 1]
            for entry, names in needed.items()
        }
        return {entry: names for entry, names in joined.items() if len(names) > 1}

    @cached_property
    def files(self) -> dict[str, str]:
        """The file that a studio loads for each module."""
        joined = {name: entry for entry, names in self.later.items() for name in names}
        return {name: joined.get(name) or self._bundle_of.get(name, name) for name in self._sources}

    @cached_property
    def separate(self) -> list[str]:
        """The files that pages load on demand."""
        return sorted(set(self.files.values()) - self.bundles.keys())

    def dynamic_imports(self, name: str) -> Iterator[str]:
        """The modules that a module imports dynamically; a path with an expression matches several."""
        for _, _, target in DYNAMIC_IMPORT.findall(self._sources[name]):
            pattern = re.escape(_resolve(name, target)).replace(r"\$\{", "{")
            pattern = re.sub(r"\{.*\}", "[^/]*", pattern)
            yield from (module for module in self._sources if re.fullmatch(pattern, module))

    def static_imports(self, name: str) -> Iterator[str]:
        """The modules that a module imports statically."""
        return iter(self._imports_of[name])

    @cached_property
    def _imported(self) -> set[str]:
        """The modules that other modules import; the remaining ones are entry modules of pages."""
        return {
            target
            for name in self._sources
            for imports_of in (self.static_imports, self.dynamic_imports)
            for target in imports_of(name)
        }

    @cached_property
    def _bundle_of(self) -> dict[str, str]:
        """The entry module of the bundle, for each module that every visit of the studio loads."""
        return {member: name for name in (PANELS, STUDIO) for member in self.bundles.get(name, ())}

    def _with_imports(self, name: str) -> list[str]:
        """A module and everything it imports, dependencies first."""
        ordered: dict[str, None] = {}
        visited: set[str] = set()

        def visit(module: str) -> None:
            if module not in visited:
                visited.add(module)
                for target in self.static_imports(module):
                    visit(target)
                ordered[module] = None

        visit(name)
        return list(ordered)

    def _shortened(self, name: str) -> str:
        """A module as it is sent by itself, with its sentences."""
        source = with_joined_lines(without_spaces(without_comments(self._sources[name])))
        return self._texts.in_module(source)

    def _bundle(self, name: str, members: list[str]) -> str:
        """The bundle of an entry module."""
        parts = [*self._imports(name, members), *(self._as_function(member, name) for member in members)]
        parts.append(f"export {{ {', '.join(self.variables[member] for member in members)} }};")
        if exports := EXPORT.findall(self._sources[name]):
            parts.append(f"export const {{ {', '.join(exports)} }} = {self.variables[name]};")
        return "\n".join(parts) + "\n"

    def _imports(self, bundle: str, members: list[str]) -> Iterator[str]:
        """The imports of a bundle: members of the studio's bundles, and separate modules as a whole."""
        external = {
            target for member in members for target in self.static_imports(member) if target not in members
        }
        for source in (STUDIO, PANELS):
            variables = [
                self.variables[target] for target in external if self._bundle_of.get(target) == source
            ]
            if variables:
                yield f'import {{ {", ".join(sorted(variables))} }} from "{_relative(bundle, source)}";'
        for target in sorted(external - self._bundle_of.keys()):
            yield f'import * as {self.variables[target]} from "{_relative(bundle, target)}";'

    def _as_function(self, name: str, bundle: str) -> str:
        """A member of a bundle as a function that returns its exports."""

        def constants(match: re.Match[str]) -> str:
            return f"const{{{_as_properties(match[1])}}}={self.variables[_resolve(name, match[2])]};"

        def relative_to_bundle(match: re.Match[str]) -> str:
            return f"{match[1]}{match[2]}{_relative(bundle, _resolve(name, match[3]))}"

        source = self._shortened(name)
        exports = ",".join(EXPORT.findall(source))
        body = DYNAMIC_IMPORT.sub(relative_to_bundle, EXPORT.sub("", IMPORT.sub(constants, source)))
        body = CONSTANT.sub(r"\1let", BREAK_BETWEEN.sub(r"\1", body))
        return f"const {self.variables[name]}=(()=>{{{body}return{{{exports}}}}})();"

    def _separate(self, name: str) -> str:
        """A module that is loaded dynamically; it imports bundled modules from their bundle."""

        def from_bundle(match: re.Match[str]) -> str:
            target = _resolve(name, match[2])
            if target not in self._bundle_of:
                return match[0]
            variable, path = self.variables[target], _relative(name, self._bundle_of[target])
            constants = f"const{{{_as_properties(match[1])}}}={variable};"
            return f'import {{ {variable} }} from "{path}"; {constants}'

        return IMPORT.sub(from_bundle, self._shortened(name))


def _resolve(name: str, target: str) -> str:
    """The name of a module, from its path relative to the module `name`."""
    return normpath((PurePosixPath(name).parent / target).as_posix())


def _relative(name: str, target: str) -> str:
    """The path of `target` relative to the module `name`."""
    path = relpath(target, PurePosixPath(name).parent.as_posix())
    return path if path.startswith(".") else f"./{path}"


def _base36(value: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while value:
        value, digit = divmod(value, 36)
        text = digits[digit] + text
    return text or "0"


def _as_properties(names: str) -> str:
    """`a as b` of an import, as `a: b` of an object pattern."""
    return names.replace(" as ", ":").replace(", ", ",")
