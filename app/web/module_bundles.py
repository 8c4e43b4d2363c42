"""Joining: the page's modules as they are sent, so that a visit asks for a few files and not for dozens.

What a page needs at once travels in one file: its module and all that this one imports, each as a
function that returns what it exports. What is fetched later (a panel behind a tab, a dialog) stays a file
of its own and takes what is there already from where it is, so that every module exists once. Which is
which follows from the imports alone. See docs/decisions/0005-joined-modules.md.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from app.web.texts import Texts

STUDIO = "studio/boot.js"
# Every visit of the studio fetches it as well, with those of its imports that STUDIO does not have.
PANELS = "studio/mount-panels.js"

IMPORT = re.compile(r'^import \{ ([^}]*) \} from "([^"]+)";$', re.MULTILINE)
LATER = re.compile(r'(\bimport\()(["`])(\.[^"`]*)')
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
# Comments that fill whole lines: a sixth of what the page would load, of use to no browser.
COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*\*[\s\S]*?\*/[ \t]*)\n", re.MULTILINE)
# Comments at the end of a line, and indentation: 3 % of what is sent, compressed. A quotation mark after
# the two slashes may belong to a string with slashes in it. No template literal of ours spans lines.
REST_OF_LINE = re.compile(r"[ \t]+// [^\n\"'`]*$", re.MULTILINE)
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def without_comments(source: str) -> str:
    """A module without its comments and its indentation."""
    return INDENTATION.sub("", REST_OF_LINE.sub("", COMMENTS.sub("", source)))


class Modules:
    """All modules of a folder, and what each of them is sent as."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        paths = sorted(folder.rglob("*.js"))
        self._sources = {
            path.relative_to(folder).as_posix(): texts.in_module(without_comments(path.read_text("utf-8")))
            for path in paths
        }

    def sent(self, name: str) -> bytes:
        """The file that is sent under the name of a module."""
        if name in self.joined:
            return self._together(name).encode()
        source = self._sources[name]
        return (source if name in self._homes else self._alone(name)).encode()

    @cached_property
    def joined(self) -> dict[str, list[str]]:
        """The files that carry several modules, and their modules in the order in which they run."""
        found = {name: self._needs(name) for name in self._sources if name not in self._imported}
        if STUDIO in found and PANELS in self._sources:
            found[PANELS] = [name for name in self._needs(PANELS) if name not in found[STUDIO]]
        return found

    @cached_property
    def alone(self) -> list[str]:
        """The modules that the studio fetches when they are wanted, each a file of its own."""
        return [name for name in self._sources if name not in self.joined and name not in self._homes]

    def later(self, name: str) -> Iterator[str]:
        """The modules that a module imports only when they are wanted."""
        for _, _, target in LATER.findall(self._sources[name]):
            pattern = re.escape(_place(name, target)).replace(r"\$\{", "{")
            pattern = re.sub(r"\{.*\}", "[^/]*", pattern)
            yield from (each for each in self._sources if re.fullmatch(pattern, each))

    def imports(self, name: str) -> Iterator[str]:
        """The modules that a module imports at once."""
        return (_place(name, target) for _, target in IMPORT.findall(self._sources[name]))

    @cached_property
    def _imported(self) -> set[str]:
        """All but those that nobody imports: each of these begins a page."""
        kinds = (self.imports, self.later)
        return {each for name in self._sources for kind in kinds for each in kind(name)}

    @cached_property
    def _homes(self) -> dict[str, str]:
        """For each module that every visit of the studio has: the file it came in."""
        return {each: name for name in (PANELS, STUDIO) for each in self.joined.get(name, ())}

    def _needs(self, name: str) -> list[str]:
        """A module after all that it needs."""
        seen: set[str] = set()
        found: list[str] = []

        def visit(each: str) -> None:
            if each not in seen:
                seen.add(each)
                for needed in self.imports(each):
                    visit(needed)
                found.append(each)

        visit(name)
        return found

    def _together(self, name: str) -> str:
        """Several modules in one: each a function that returns what it exports."""
        members = self.joined[name]
        elsewhere = {need for each in members for need in self.imports(each) if need not in members}
        taken = ", ".join(sorted(_variable(each) for each in elsewhere))
        parts = [f'import {{ {taken} }} from "{_from(name, STUDIO)}";'] if taken else []
        parts += [self._as_function(each, name) for each in members]
        parts.append(f"export {{ {', '.join(map(_variable, members))} }};")
        if own := EXPORT.findall(self._sources[name]):
            parts.append(f"export const {{ {', '.join(own)} }} = {_variable(name)};")
        return "\n".join(parts) + "\n"

    def _as_function(self, name: str, home: str) -> str:
        def bound(match: re.Match[str]) -> str:
            return f"const {{ {_renamed(match[1])} }} = {_variable(_place(name, match[2]))};"

        def moved(match: re.Match[str]) -> str:
            return f"{match[1]}{match[2]}{_from(home, _place(name, match[3]))}"

        source = self._sources[name]
        exported = ", ".join(EXPORT.findall(source))
        body = LATER.sub(moved, EXPORT.sub("", IMPORT.sub(bound, source)))
        return f"const {_variable(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();"

    def _alone(self, name: str) -> str:
        """A module that comes later: what is there already it takes from the file that brought it."""

        def taken(match: re.Match[str]) -> str:
            target = _place(name, match[2])
            if target not in self._homes:
                return match[0]
            variable, home = _variable(target), _from(name, self._homes[target])
            return f'import {{ {variable} }} from "{home}"; const {{ {_renamed(match[1])} }} = {variable};'

        return IMPORT.sub(taken, self._sources[name])


def _place(name: str, target: str) -> str:
    """The name of a module that another one names relative to itself."""
    return normpath((PurePosixPath(name).parent / target).as_posix())


def _from(name: str, target: str) -> str:
    """What a module calls another one, relative to itself."""
    found = relpath(target, PurePosixPath(name).parent.as_posix())
    return found if found.startswith(".") else f"./{found}"


def _variable(name: str) -> str:
    """A module's exports; the $ keeps apart what the browser calls `history` and what we do."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _renamed(names: str) -> str:
    """`a as b` of an import, as `a: b` of an object."""
    return re.sub(r" as ", ": ", names)
