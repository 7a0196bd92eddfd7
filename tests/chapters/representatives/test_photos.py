"""Photos: what the site stores of them, and who may see them."""

import io
import random
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image

from chapters.models import Representative
from s4jr.form_fields import photos
from s4jr.form_fields.photos import LARGEST_FILE, MOST_BYTES, PhotoField, photo_from
from tests.chapters import cast

CANARY = "Canary Street 7, where nobody may know"
PLACE = {1: "N", 2: (43.0, 39.0, 11.0), 3: "W", 4: (79.0, 23.0, 0.0)}


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def telling_photograph():
    """A photo with place, camera and author in its metadata."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = CANARY  # description and artist
    exif.get_ifd(0x8825).update(PLACE)  # place
    return cast.photograph(exif=exif.tobytes(), comment=CANARY.encode(), icc_profile=CANARY.encode() * 9)


def bomb(side=30_000):
    """A small PNG that claims 900 million pixels."""
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(b"\x00" * 1000)
    chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    body = b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_the_test_photo_has_metadata():
    """The uploaded file really contains what must not leak."""
    content = telling_photograph()
    assert CANARY.encode() in content
    assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)) != {}


def test_only_the_picture_is_stored():
    kept = photo_from(upload(telling_photograph()))
    picture = Image.open(io.BytesIO(kept))
    assert (CANARY.encode() in kept, b"EXIF" in kept, b"ICCP" in kept, b"XMP" in kept) == (False,) * 4
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"background", "loop", "duration", "timestamp"}


@pytest.mark.parametrize(
    ("size", "kind"), [((1600, 1200), "JPEG"), ((900, 2400), "PNG"), ((1900, 1000), "WEBP"), ((40, 30), "JPEG")]
)
def test_a_photo_becomes_a_small_square_webp(size, kind):
    kept = photo_from(upload(cast.photograph(size, kind)))
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.width == picture.height) == ("WEBP", True)
    assert len(kept) <= MOST_BYTES


def test_a_photo_is_rotated_by_its_exif_orientation():
    lying = Image.new("RGB", (400, 400), "white")
    lying.paste("black", (0, 0, 400, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate it 90 degrees to the right
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=exif.tobytes())
    kept = Image.open(io.BytesIO(photo_from(upload(file.getvalue())))).convert("L")
    assert (kept.getpixel((470, 240)) < 60, kept.getpixel((10, 240)) > 200) == (True, True)


def test_transparent_pixels_become_white():
    file = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(file, "PNG")
    kept = Image.open(io.BytesIO(photo_from(upload(file.getvalue()))))
    assert min(kept.convert("RGB").getpixel((100, 100))) > 250


def deep_png(kind, bands, clear=b"", side=300):
    """A PNG with 16 bits for each color, as libpng names its kinds: bands from top to bottom, each color a tuple."""
    rows = [b"\0" + struct.pack(f">{len(band)}H", *band) * side for band in bands for _ in range(side // len(bands))]
    header = struct.pack(">IIBBBBB", side, len(rows), 16, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, [chunks[0], *([(b"tRNS", clear)] if clear else []), *chunks[1:]]))


def chunk(named):
    kind, data = named
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def tones_of(content):
    """The gray of the top, the middle and the bottom of what is stored, in steps of 32."""
    picture = Image.open(io.BytesIO(photo_from(upload(content)))).convert("L")
    return [
        round(picture.getpixel((picture.width // 2, round(picture.height * part))) / 32) for part in (0.1, 0.5, 0.9)
    ]


GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6
DARK, MIDDLE, PALE = 0x0000, 0x8000, 0xC0FF


@pytest.mark.parametrize(("kind", "length"), [(GREY, 1), (RGB, 3), (GREY_ALPHA, 2), (RGBA, 4)])
def test_a_png_with_16_bits_for_each_color_keeps_its_picture(kind, length):
    alpha = [0xFFFF] if kind in (GREY_ALPHA, RGBA) else []
    bands = [[tone] * (length - len(alpha)) + alpha for tone in (DARK, MIDDLE, PALE)]
    assert tones_of(deep_png(kind, bands)) == [0, 4, 6]


@pytest.mark.parametrize(("kind", "length"), [(GREY, 1), (RGB, 3)])
def test_only_the_transparent_color_of_such_a_png_becomes_white(kind, length):
    clear = struct.pack(f">{length}H", *[MIDDLE] * length)
    bands = [[tone] * length for tone in (DARK, MIDDLE, PALE)]
    assert tones_of(deep_png(kind, bands, clear)) == [0, 8, 6]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"GIF89a" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        cast.photograph()[:2000],
        b"\x89PNG\r\n\x1a\n" + bytes(80),
        bomb(),
    ],
    ids=["empty", "text", "gif", "svg", "cut off", "broken png", "bomb"],
)
def test_a_file_that_is_not_a_photo_gets_an_error(content):
    with pytest.raises(ValidationError) as refused:
        photo_from(upload(content))
    assert refused.value.messages == ["We couldn’t read this file as a photo. Choose a JPEG, PNG or WebP file."]


TOO_MANY_PIXELS = "This photo has too many pixels. Make it smaller, or save it as a JPEG."
#: The memory that one resize may take in addition to the process, in MB.
MOST_MEMORY = 200
PHONE = (8192, 6144)  # 50 megapixels
#: {upload: (size, mode, kind, save options, whether it is accepted)}.
LARGE = {
    "phone": (PHONE, "RGB", "JPEG", {}, True),
    "phone, grey": (PHONE, "L", "JPEG", {}, True),
    "phone, all colours whole": (PHONE, "RGB", "JPEG", {"subsampling": 0}, True),
    "in several scans": ((5000, 5000), "RGB", "JPEG", {"progressive": True, "subsampling": 0}, True),
    "phone, in several scans": (PHONE, "RGB", "JPEG", {"progressive": True}, False),
    "long and thin": ((65_000, 760), "RGB", "JPEG", {}, False),
    "png": ((4000, 3100), "RGBA", "PNG", {}, True),
    "png, grey, 16 bits": ((4000, 3100), "I;16", "PNG", {}, True),
    "png of a palette": ((4000, 3100), "P", "PNG", {}, True),
    "webp": ((4000, 3100), "RGBA", "WEBP", {"method": 0}, True),
    "square png of the issue": ((7071, 7071), "RGB", "PNG", {"compress_level": 1}, False),
    "png in one bit": ((8000, 8000), "1", "PNG", {}, False),
    "webp past it": ((4200, 3100), "RGB", "WEBP", {"method": 0}, False),
}
#: Resizes a small picture and then a file, in its own process: prints the peak memory of the second, in MB.
MEASURE = """
import io, resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(VAR_DIR=Path(sys.argv[2]), USE_I18N=False)
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from s4jr.form_fields.photos import photo_from
small = io.BytesIO()
Image.new("RGB", (500, 500)).save(small, "JPEG")
photo_from(SimpleUploadedFile("small.jpg", small.getvalue()))
sent = SimpleUploadedFile("large", Path(sys.argv[1]).read_bytes())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    photo_from(sent)
    said = "taken"
except ValidationError as refused:
    said = refused.messages[0]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * UNIT // 2**20, said)
""".replace("UNIT", "1" if sys.platform == "darwin" else "1024")


@pytest.mark.parametrize(("size", "mode", "kind", "saved", "is_taken"), LARGE.values(), ids=LARGE)
def test_a_resize_takes_bounded_memory_for_any_upload(tmp_path, size, mode, kind, saved, is_taken):
    file = tmp_path / "photo"
    Image.new(mode, size).save(file, kind, **saved)
    assert file.stat().st_size <= LARGEST_FILE
    measure = [sys.executable, "-c", MEASURE, file, tmp_path]
    done = subprocess.run(measure, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    took, _, said = done.stdout.strip().partition(" ")
    assert said == ("taken" if is_taken else TOO_MANY_PIXELS)
    assert int(took) <= (MOST_MEMORY if is_taken else 20)


def test_a_decompression_bomb_is_refused_before_decoding():
    with pytest.raises(ValidationError) as refused:
        photo_from(upload(bomb(8000)))
    assert refused.value.messages == [TOO_MANY_PIXELS]


class TestOneAtATime:
    """Memory suffices for one resize at a time: a lock covers all threads and all processes of the machine."""

    def test_threads_wait_for_one_another(self, monkeypatch):
        inside, most, really = [], [], photos._drawn_anew

        def counted(upload):
            inside.append(1)
            most.append(len(inside))
            try:
                return really(upload)
            finally:
                inside.pop()

        monkeypatch.setattr(photos, "_drawn_anew", counted)
        with ThreadPoolExecutor(4) as pool:
            kept = list(pool.map(lambda _n: photo_from(upload(cast.photograph((900, 900)))), range(8)))
        assert (len(kept), max(most), len(most)) == (8, 1, 8)

    def test_a_request_that_waits_too_long_gets_an_error(self, monkeypatch):
        monkeypatch.setattr(photos, "WAIT", 0.01)
        with photos._drawing, pytest.raises(ValidationError) as refused:
            photo_from(upload(cast.photograph((90, 90))))
        assert "Try again in a minute." in refused.value.messages[0]

    def test_a_resize_waits_for_another_process(self, settings, tmp_path):
        """A child process holds the lock until the test releases it; only then is the picture resized."""
        settings.VAR_DIR = tmp_path
        holds = "import fcntl, sys; f = open(sys.argv[1], 'ab'); fcntl.flock(f, 2); print('held', flush=True); input()"
        child = subprocess.Popen(
            [sys.executable, "-c", holds, tmp_path / "portraits.lock"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout.readline() == "held\n"
        with ThreadPoolExecutor(1) as pool:
            drawing = pool.submit(photo_from, upload(cast.photograph((90, 90))))
            assert wait([drawing], timeout=0.5).done == set()
            child.communicate("\n")
            assert drawing.result()[8:12] == b"WEBP"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_corrupted_file_is_resized_or_refused(kind):
    """It causes no other error, whatever the image library meets."""
    whole, chance = cast.photograph((64, 48), kind), random.Random(5)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(5):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(ValidationError):
            assert len(photo_from(upload(bytes(content)))) <= MOST_BYTES


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(ValidationError) as refused:
        photo_from(upload(bytes(LARGEST_FILE + 1)))
    assert refused.value.messages == ["This file is larger than 10 MB. Choose a smaller one."]


def test_the_field_returns_the_bytes_or_nothing():
    field = PhotoField(required=False)
    assert field.clean(None) is None
    assert field.clean(upload(cast.photograph()))[8:12] == b"WEBP"


# --- access


@pytest.fixture
def shown(db):
    picture = photo_from(upload(cast.photograph((200, 200))))
    return cast.representative(photo=picture, photo_alt="Bands of colour")


def get(client, profile, **headers):
    return client.get(f"/representatives/{profile.pk}/photo/", headers=headers)


def test_a_photo_needs_a_description(db):
    with pytest.raises(IntegrityError):
        cast.representative(photo=b"a picture", photo_alt="")


def test_the_profile_shows_the_photo_with_its_description(client, shown):
    page = client.get("/representatives/").content.decode()
    assert f'src="/representatives/{shown.pk}/photo/" alt="Bands of colour"' in page


def test_anyone_can_see_it_and_caches_must_revalidate(client, shown):
    answer = get(client, shown)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, noimageindex"
    assert answer.content == bytes(Representative.objects.get().photo)
    assert get(client, shown, if_none_match=answer.headers["ETag"]).status_code == 304


@pytest.mark.parametrize(
    "hidden",
    [
        cast.hidden_since_yesterday(),
        {"confirmed_on": None, "consent_until": None},
        {"begins_on": cast.today() - timedelta(days=9), "ends_on": cast.today() - timedelta(days=2)},
        {"photo": None, "photo_alt": ""},
    ],
    ids=["consent ended", "never agreed", "term over", "no photograph"],
)
def test_a_hidden_photo_is_404_even_with_a_matching_etag(client, shown, hidden):
    seen = get(client, shown).headers["ETag"]
    Representative.objects.update(**hidden)
    assert (get(client, shown).status_code, get(client, shown, if_none_match=seen).status_code) == (404, 404)


def test_a_missing_representative_has_no_photo(client, db):
    assert client.get("/representatives/00000000-0000-4000-8000-000000000000/photo/").status_code == 404


def test_its_owner_sees_it_before_it_is_public(client, shown):
    Representative.objects.update(confirmed_on=None, consent_until=None)
    client.force_login(cast.person("bram"))
    assert get(client, shown).status_code == 404
    client.force_login(shown.user)
    assert get(client, shown).status_code == 200


def test_lists_do_not_load_photos(shown, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [profile.has_photo for profile in Representative.objects.public()] == [True]
    assert Representative.objects.get().get_deferred_fields() == {"photo"}
