"""Build the website of the course: ``python book/build.py`` (or ``make book``).

Jupyter Book reads nothing outside of its source folder, and the lectures live in ``notebooks/``,
where learners run them. So the pages and the lectures are first gathered in one folder, with the
links between them adjusted to their new places, and Jupyter Book builds from there. A lecture is
executed only when its code, the library under it or the data it reads have changed.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from course_utils import data_directory
from course_utils.datasets.registry import DATA_SETS
from course_utils.lectures import lecture_table, list_lectures, list_templates

PROJECT_ROOT = Path(__file__).resolve().parents[1]
KEPT_EXECUTIONS = 4  # photographs and paintings, each before and after an edit

GLOSSARY = Path("book/glossary.md")
TERM_ANCHOR = "#term-"
LECTURE_LIST = "<!-- the lectures, as their notebooks describe themselves -->"
TEMPLATE_LIST = "<!-- the templates, as their notebooks describe themselves -->"

# [text](target), not preceded by "!" or a backslash; pictures keep their own path
MARKDOWN_LINK = re.compile(
    r"(?<![!\\])\[(?P<text>[^\[\]]+)\]\((?P<path>[^()#\s]+)(?P<anchor>#[^()\s]*)?\)"
)


def pages_of(project_root: Path) -> dict[Path, Path]:
    """Map each file of the book to its place in the gathered source, both relative."""
    book = project_root / "book"
    pages = {
        path.relative_to(project_root): path.relative_to(book)
        for path in sorted(book.rglob("*"))
        if path.is_file()
        and path != Path(__file__).resolve()
        and not any(part in {"_build", "__pycache__"} for part in path.relative_to(book).parts)
    }
    for lecture in sorted((project_root / "notebooks").glob("[0-9]*.ipynb")):
        inside = lecture.relative_to(project_root)
        pages[inside] = inside
    return pages


def terms_of(glossary: str) -> dict[str, str]:
    """Map the anchor of each term, as Sphinx makes it, to the term."""
    terms = re.findall(r"^(\w[^\n]*)\n(?=  )", glossary, flags=re.MULTILINE)
    return {TERM_ANCHOR + re.sub(r"[^A-Za-z0-9]+", "-", term).strip("-"): term for term in terms}


def term_of(anchor: str, terms: dict[str, str], page: Path) -> str:
    """Give the term that a link to the glossary means."""
    if anchor not in terms:
        raise ValueError(f"{page} links to {anchor}, which is no term of {GLOSSARY}")
    return terms[anchor]


def relocate_links(
    text: str, page: Path, pages: dict[Path, Path], terms: dict[str, str] | None = None
) -> str:
    """Point the relative links of a page at where their targets are in the gathered source.

    Parameters
    ----------
    text : str
        Markdown.
    page : Path
        Where the page lies, relative to the project.
    pages : dict of Path to Path
        What `pages_of` gives.
    terms : dict of str to str, optional
        What `terms_of` gives: needed where the page links to terms of the glossary.

    Returns
    -------
    str
        The same text. A link to a term of the glossary, ``…/glossary.md#term-softmax``, becomes
        Sphinx's own, which JupyterLab could not show. A link to a file that the website does not
        hold (an assignment, a script) becomes its text and the file's path, since there is nothing
        to click on.

    Raises
    ------
    ValueError
        If a link means a term that the glossary does not have.
    """
    terms = terms or {}

    def relocated(link: re.Match[str]) -> str:
        path, anchor = link["path"], link["anchor"] or ""
        if re.match(r"[a-z][a-z0-9+.-]*:|/", path):
            return link[0]
        target = Path(os.path.normpath(page.parent / path))
        if target == GLOSSARY and anchor.startswith(TERM_ANCHOR):
            return f"{{term}}`{link['text']} <{term_of(anchor, terms, page)}>`"
        if target in pages:
            here = pages[page].parent
            return (
                f"[{link['text']}]({Path(os.path.relpath(pages[target], here)).as_posix()}{anchor})"
            )
        shown = f"`{target.as_posix()}`"
        return shown if link["text"].strip("`") in path else f"{link['text']} ({shown})"

    return MARKDOWN_LINK.sub(relocated, text)


def gathered(page: Path, project_root: Path, pages: dict[Path, Path], executions: Path) -> bytes:
    """Give the content of one file of the book as the gathered source needs it."""
    content = (project_root / page).read_bytes()
    glossary = project_root / GLOSSARY
    terms = terms_of(glossary.read_text(encoding="utf-8")) if glossary.is_file() else {}
    if page.name == "_config.yml":
        settings = yaml.safe_load(content)
        settings["execute"] = {**settings.get("execute", {}), "cache": str(executions)}
        return yaml.safe_dump(settings, allow_unicode=True).encode("utf-8")
    if page.suffix == ".md":
        text = content.decode("utf-8")
        notebooks = project_root / "notebooks"
        folder = Path(os.path.relpath(notebooks, (project_root / page).parent)).as_posix()
        for mark, listed in ((LECTURE_LIST, list_lectures), (TEMPLATE_LIST, list_templates)):
            if mark in text:
                text = text.replace(mark, lecture_table(listed(notebooks), folder))
        return relocate_links(text, page, pages, terms).encode("utf-8")
    if page.suffix == ".ipynb":
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                cell["source"] = relocate_links(source, page, pages, terms).splitlines(
                    keepends=True
                )
        return json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8")
    return content


def gather(project_root: Path, folder: Path, executions: Path) -> set[Path]:
    """Bring ``folder`` up to date, touching only what changed, so that Sphinx rebuilds only that.

    Parameters
    ----------
    project_root : Path
        The course.
    folder : Path
        Where pages and lectures come together.
    executions : Path
        Where executed lectures are kept; the gathered settings name it.

    Returns
    -------
    set of Path
        The places in ``folder`` of the files that are new, different or gone.
    """
    pages = pages_of(project_root)
    changed = set()
    for page, place in pages.items():
        content = gathered(page, project_root, pages, executions)
        copy = folder / place
        if not copy.is_file() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            changed.add(place)
    wanted = {folder / place for place in pages.values()}
    for path in folder.rglob("*"):
        if path.is_file() and path not in wanted and "__pycache__" not in path.parts:
            path.unlink()
            changed.add(path.relative_to(folder))
    return changed


def world_digest(project_root: Path, data: Path) -> str:
    """Digest what a lecture's results depend on besides its own code.

    That is the library, the versions of the installed packages, and which photographs are there
    (names and sizes: ``python -m data_scripts verify`` compares their content).
    """
    digest = hashlib.sha256()
    for package in ("course_utils", "data_scripts"):
        for path in sorted((project_root / package).rglob("*.py")):
            digest.update(path.relative_to(project_root).as_posix().encode())
            digest.update(path.read_bytes())
    installed = {f"{d.name}=={d.version}" for d in importlib.metadata.distributions()}
    digest.update("\n".join(sorted(installed)).encode())
    # What is made here, such as the painted pictures, follows from the code above.
    fetched = [info.name for info in DATA_SETS.values() if info.downloads(data)]
    for path in sorted(path for name in fetched for path in (data / name).rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(data).as_posix()} {path.stat().st_size}".encode())
    return digest.hexdigest()[:16]


def execution_folder(project_root: Path, cache: Path) -> Path:
    """Give the folder with the executed lectures for the world as it is now; drop the oldest."""
    folder = cache / world_digest(project_root, data_directory())
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    by_age = sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_age[KEPT_EXECUTIONS:]:
        shutil.rmtree(old)
    return folder


def build(project_root: Path, output: Path, cache: Path, flags: list[str]) -> int:
    """Build the website into ``output/_build/html``.

    Parameters
    ----------
    project_root : Path
        The course.
    output : Path
        Where Jupyter Book makes its ``_build`` folder.
    cache : Path
        Where executed lectures are kept from one build to the next.
    flags : list of str
        More flags for ``jupyter-book build``.

    Returns
    -------
    int
        Jupyter Book's exit status: 0 where there was neither an error nor a warning.
    """
    made = output / "_build"
    source = made / "source"
    changed = gather(project_root, source, execution_folder(project_root, cache))
    # Sphinx notices changed pages by itself, and nothing else: not a style, not an extension of
    # ours, not new photographs, for which the settings name another folder of executed lectures.
    if any(place.suffix not in {".md", ".ipynb"} for place in changed):
        shutil.rmtree(made / ".doctrees", ignore_errors=True)
        shutil.rmtree(made / "html", ignore_errors=True)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += [
        "build",
        str(source),
        "--path-output",
        str(output),
        "-n",
        "-W",
        "--keep-going",
        *flags,
    ]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    """Build the website as the command line says."""
    parser = argparse.ArgumentParser(description="Build the website of the course.")
    parser.add_argument("--output", type=Path, default=PROJECT_ROOT / "book", metavar="FOLDER")
    parser.add_argument(
        "--cache",
        type=Path,
        default=PROJECT_ROOT / ".cache" / "lectures",
        metavar="FOLDER",
        help="where executed lectures are kept from one build to the next",
    )
    options, flags = parser.parse_known_args()
    status = build(PROJECT_ROOT, options.output.resolve(), options.cache.resolve(), flags)
    page = options.output.resolve() / "_build" / "html" / "index.html"
    if status == 0:
        print(f"The website is ready. Open {page}")
    else:
        print("The website was not built: see the warnings above.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
