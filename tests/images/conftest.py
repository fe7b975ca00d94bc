"""A small set of pictures on disk."""

from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for label, shade in (("dark", 20), ("light", 230)):
        (tmp_path / "set" / label).mkdir(parents=True)
        for i in range(4):
            Image.new("RGB", (8, 6), (shade, shade, shade + i)).save(
                tmp_path / "set" / label / f"{i}.png"
            )
    return tmp_path / "set"
