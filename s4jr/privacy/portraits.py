"""Photographs of people: drawn anew, small and square, with nothing in the file but the picture."""

import io
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _

FORMATS = ("JPEG", "PNG", "WEBP")
#: What is taken in, in bytes and in pixels: any phone's photograph. A picture may be far larger than its file.
LARGEST_FILE = 10_000_000
MOST_PIXELS = 50_000_000
#: What is kept: a square of this many pixels, in a WebP file of at most this many bytes.
SIDES = (480, 320)
MOST_BYTES = 60_000
QUALITIES = (82, 70, 58, 46)
#: Faces stand above the middle.
CENTRE = (0.5, 0.4)


class PortraitField(forms.FileField):
    """A photograph; its cleaned value is the bytes of the WebP file to keep, or None where nothing was sent."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return portrait_from(upload) if upload else None


def portrait_from(upload):
    """The WebP file to keep of an uploaded photograph. Raises ValidationError with a sentence for who sent it."""
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 10 MB. Please choose a smaller one."))
    try:
        return _small_enough(_drawn_anew(upload))
    except Exception:  # over files that are broken, or made to break their reader, Pillow raises nearly anything
        raise ValidationError(_("This file could not be read as a photograph. JPEG, PNG and WebP can be.")) from None


def _drawn_anew(upload):
    """The picture alone, upright, on a fresh canvas: no EXIF, no place, no name of a camera comes along."""
    from PIL import Image, ImageOps  # 8 MB of a worker's memory, and few workers ever draw

    with Image.open(upload, formats=FORMATS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError
        found.draft("RGB", (2 * SIDES[0], 2 * SIDES[0]))  # a JPEG can be read at half its size or less
        upright = ImageOps.exif_transpose(found).convert("RGBA")
    square = ImageOps.fit(upright, (SIDES[0], SIDES[0]), centering=CENTRE)
    canvas = Image.new("RGB", square.size, "white")
    canvas.paste(square, mask=square)
    return canvas


def _small_enough(picture):
    for side in SIDES:
        smaller = picture.resize((side, side))
        for quality in QUALITIES:
            file = io.BytesIO()
            smaller.save(file, "WEBP", quality=quality, method=4)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    raise ValueError


def answer_with(picture, request):
    """The answer that shows a kept photograph (bytes, or None: 404).

    A browser may keep it, and must ask each time whether it still may show it: what is hidden is gone at the next look.
    No proxy between may keep it at all.
    """
    if not picture:
        raise Http404
    etag = f'"{sha256(picture).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    response = HttpResponse(bytes(picture), content_type="image/webp", headers=headers)
    return get_conditional_response(request, etag, response=response)
