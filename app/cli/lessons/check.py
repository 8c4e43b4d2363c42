"""`perceptarium lessons check DIR`: what is wrong with the lessons of a folder."""

from pathlib import Path

from app.cli.printing import print_line
from app.lessons.library import BrokenFile, Lessons, read_folder


def check(folder: Path) -> int:
    """Prints every lesson and everything that is wrong; returns 1 if there is anything, else 0."""
    lessons = read_folder(folder, own=True)
    lines = [described(broken) for broken in lessons.broken] + _unmeasured(lessons)
    count = len(lessons.pages)
    named = ", ".join(lessons.pages)
    print_line(f"{count} {'lesson' if count == 1 else 'lessons'}{': ' if named else ''}{named}")
    for line in lines:
        print_line(line)
    return 1 if lines else 0


def described(broken: BrokenFile) -> str:
    """A broken file in one line, as compilers print it."""
    place = "" if broken.line is None else f":{broken.line}"
    return f"{broken.file}{place}: {broken.reason}"


def _unmeasured(lessons: Lessons) -> list[str]:
    """The claims that no measurement has been made of."""
    return [
        f"{name}: claim “{claim.name}” was not measured: `perceptarium lessons measure DIR {name}` does"
        for name, page in lessons.pages.items()
        for claim in page.lesson.claims
        if claim.name not in page.measured
    ]
