"""Where contents lie: CRM_DATA_DIR/files, each once, named by its SHA-256, never changed."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from PIL import Image, ImageOps

from config import Settings
from crm.errors import Invalid, NotFound

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 50_000_000
THUMBNAIL = (480, 480)
SMALL = ".small.jpg"
NAME_LENGTH = 64


def root() -> Path:
    """The folder of contents."""
    settings: Settings = current_app.extensions["settings"]
    return settings.data_dir / "files"


def keep(content: bytes) -> str:
    """Write a content that is not there yet, whole or not at all; returns its SHA-256."""
    name = hashlib.sha256(content).hexdigest()
    _write(path_of(name), content)
    return name


def put_back(name: str, content: bytes) -> bool:
    """Write what a copy held under this name; a content that is not what its name says is not
    written. Says whether it was."""
    small = name.endswith(SMALL)
    right = small or hashlib.sha256(content).hexdigest() == name
    if right:
        _write(path_of(name.removesuffix(SMALL), small), content)
    return right


def path_of(name: str, small: bool = False) -> Path:
    """Where a content lies, or the small picture of it."""
    return root() / name[:2] / (name + (SMALL if small else ""))


def found(name: str, small: bool = False) -> Path:
    """The same for a content that is there. Raises NotFound."""
    path = path_of(name, small)
    if not path.is_file():
        raise NotFound
    return path


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with fresh.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def keep_small(name: str, content: bytes) -> None:
    """Draw a picture small, upright and without what a camera noted of place and owner.

    Raises Invalid when it has too many pixels or is damaged; its size is read before its pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Invalid({"file": [_many_pixels()]})
                small = _small(picture)
    except Image.DecompressionBombError as error:
        raise Invalid({"file": [_many_pixels()]}) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Invalid({"file": [_("This picture is damaged.")]}) from error
    _write(path_of(name, small=True), small)


def _small(picture: Image.Image) -> bytes:
    picture.draft("RGB", THUMBNAIL)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail(THUMBNAIL)
    if upright.mode in ("RGBA", "LA", "P"):
        upright = upright.convert("RGBA")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        upright = paper
    drawn = io.BytesIO()
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))
    plain.save(drawn, "JPEG", quality=80, optimize=True)
    return drawn.getvalue()


def _many_pixels() -> str:
    most = MOST_PIXELS // 1_000_000
    return _("This picture has more than %(n)s million pixels.", n=most)


def folders() -> Iterator[tuple[Path, set[str]]]:
    """The folders of contents with the names in them, without endings."""
    if root().is_dir():
        for folder in sorted(one for one in root().iterdir() if one.is_dir()):
            yield folder, {one.name[:NAME_LENGTH] for one in folder.iterdir()}


def forget(folder: Path, name: str, older_than: float) -> None:
    """Delete what belongs to a name, when it has lain there for so many seconds."""
    for path in folder.glob(f"{name}*"):
        if path.stat().st_mtime < time.time() - older_than:
            path.unlink(missing_ok=True)
