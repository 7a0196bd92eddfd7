"""Photographs of people: redrawn, small and square, with nothing in the file but the picture."""

import fcntl
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _

FORMATS = ("JPEG", "PNG", "WEBP")
#: Largest accepted file in bytes: any phone's photograph.
LARGEST_FILE = 10_000_000
#: Limits in pixels, since a picture may be far larger than its file. Drawing one takes at most 200 MB of memory:
#: a JPEG from a camera is decoded line by line, at an eighth of its size or more;
CAMERA_PIXELS = 64_000_000
#: one that is saved in several scans ("progressive") is decoded whole, at up to 6 bytes per pixel, before it is scaled;
SCANS_PIXELS = 25_000_000
#: and any other format is in memory two or three times, at 4 bytes per pixel.
DRAWN_PIXELS = 12_500_000
#: What is stored: a square with sides of this many pixels, in a WebP file of at most this many bytes.
SIDES = (480, 320)
MOST_BYTES = 60_000
QUALITIES = (82, 70, 58, 46)
#: Faces are usually above the middle.
CENTRE = (0.5, 0.4)


class PhotoField(forms.FileField):
    """A photograph; its cleaned value is the bytes of the WebP file to store, or None if nothing was uploaded."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        upload = super().clean(data, initial)
        return photo_from(upload) if upload else None


def photo_from(upload: UploadedFile) -> bytes:
    """The WebP file to store of an uploaded photograph. Raises ValidationError with a sentence for the uploader."""
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 10 MB. Choose a smaller one."))
    try:
        with _one_at_a_time():
            return _small_enough(_drawn_anew(upload))
    except ValidationError:
        raise
    except Exception:  # for broken or malicious files Pillow raises nearly anything
        raise ValidationError(_("We couldn’t read this file as a photo. Choose a JPEG, PNG or WebP file.")) from None


#: Seconds to wait for other uploads before asking to try again.
WAIT = 20
_drawing = threading.Lock()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Bound memory use to one drawing: one thread of this process, and one process on this machine (a file lock)."""
    if not _drawing.acquire(timeout=WAIT):
        raise ValidationError(_("Someone else is adding a photo right now. Try again in a minute."))
    try:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.VAR_DIR / "portraits.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    finally:
        _drawing.release()


def _drawn_anew(upload):
    """The picture alone, upright, on a new canvas: no EXIF data, location or camera name is copied."""
    from PIL import Image, ImageOps  # takes 8 MB of memory, and few workers ever draw

    with Image.open(upload, formats=FORMATS) as found:
        _refuse_more_than(_pixels_at_most(found, upload), found)
        found.draft("RGB", (2 * SIDES[0], 2 * SIDES[0]))  # a JPEG can be decoded at half its size or less
        _refuse_more_than(DRAWN_PIXELS, found)
        is_deep = _has_sixteen_bits(found)
        found.load()
        small = _shrunk(_in_eight_bits(found) if is_deep else found)
    square = ImageOps.fit(ImageOps.exif_transpose(small), (SIDES[0], SIDES[0]), centering=CENTRE)
    canvas = Image.new("RGB", square.size, "white")
    canvas.paste(square, mask=square)
    return canvas


def _has_sixteen_bits(found):
    """Whether a PNG that is not loaded yet has 16 bits for each color: Pillow's name of its pixels ends in 16B."""
    return found.format == "PNG" and any("16B" in str(tile.args) for tile in found.tile)


def _in_eight_bits(found):
    """The same picture with 8 bits for each color. Pillow would make every gray above 255 white, and compare the color
    that is transparent by its lower 8 bits."""
    seen = found.convert("I").point([value >> 8 for value in range(1 << 16)], "L") if "I" in found.mode else found
    clear = seen.info.get("transparency")
    if clear is not None:
        seen.info["transparency"] = clear >> 8 if isinstance(clear, int) else tuple(value >> 8 for value in clear)
    return seen


def _shrunk(found):
    """The picture as RGBA, at a whole fraction of its size; no side is too short for the square."""
    factor = max(1, min(found.size) // (2 * SIDES[0]))
    if found.mode in (
        "RGB",
        "RGBA",
        "L",
    ):  # reducing other modes would mix palette indexes, so they are converted first
        return found.reduce(factor).convert("RGBA")
    return found.convert("RGBA").reduce(factor)


def _refuse_more_than(pixels, picture):
    if picture.width * picture.height > pixels:
        raise ValidationError(_("This photo has too many pixels. Make it smaller, or save it as a JPEG."))


def _pixels_at_most(picture, file):
    if picture.format != "JPEG":
        return DRAWN_PIXELS
    return CAMERA_PIXELS if _is_in_one_scan(file) else SCANS_PIXELS


def _is_in_one_scan(file: BinaryIO) -> bool:
    """Whether a JPEG has all of its colors in one sequential scan, as libjpeg decides it (ITU T.81, annex B).

    Any other JPEG is decoded whole in memory, however small it is drawn. The file position is restored.
    """
    place = file.tell()
    file.seek(0)
    data = file.read()
    file.seek(place)
    at, colours = 2, 0
    while at + 9 < len(data) and data[at] == MARK:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if kind in SEQUENTIAL:
            colours = data[at + 9]
        elif kind == SCAN:
            return data[at + 4] == colours
        at += 1 if kind == MARK else 2 + length  # markers may be padded with more of their first byte
    return False


#: JPEG markers: their first byte, sequential frames, and the start of a scan.
MARK, SEQUENTIAL, SCAN = 0xFF, (0xC0, 0xC1), 0xDA


def _small_enough(picture):
    for side in SIDES:
        smaller = picture.resize((side, side))
        for quality in QUALITIES:
            file = io.BytesIO()
            smaller.save(file, "WEBP", quality=quality, method=4)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    raise ValueError


def answer_with(picture: bytes | memoryview | None, request: HttpRequest) -> HttpResponse:
    """The response with a stored photograph (bytes, or None: 404).

    A browser may cache it but must revalidate each time, so that a hidden photograph is gone at the next request. No
    proxy may store it.
    """
    if not picture:
        raise Http404
    etag = f'"{sha256(picture).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    response = HttpResponse(bytes(picture), content_type="image/webp", headers=headers)
    return get_conditional_response(request, etag, response=response) or response
