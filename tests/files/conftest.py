"""A customer with a unit, and pictures drawn for the test."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from crm.files import store
from tests.installed_base.conftest import plant, unit

__all__ = ["plant", "unit"]


@pytest.fixture(autouse=True)
def no_files(app: Any) -> Iterator[None]:
    """Every test begins without files."""
    with app.app_context():
        shutil.rmtree(store.root(), ignore_errors=True)
    yield


@pytest.fixture
def photo() -> Callable[..., bytes]:
    """Draw a picture: `photo("JPEG", (800, 600))`, with the place where it was taken."""

    def draw(kind: str = "JPEG", size: tuple[int, int] = (800, 600), colour: str = "red") -> bytes:
        drawn = io.BytesIO()
        exif = Image.Exif()
        exif[0x0112] = 6
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010E] = "Kawasaki secret"
        Image.new("RGB", size, colour).save(drawn, kind, exif=exif)
        return drawn.getvalue()

    return draw
