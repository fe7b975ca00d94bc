"""Where the project lies."""

from __future__ import annotations

from pathlib import Path


def project_root() -> Path:
    """Give the project's folder; the current one where the package is installed without it."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()
