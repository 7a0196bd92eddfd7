"""Photographs: what is kept of them, and who may see it."""

import io
import random
import zlib
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image

from chapters.models import Representative
from s4jr.privacy.portraits import LARGEST_FILE, MOST_BYTES, PortraitField, portrait_from
from tests.chapters import cast

CANARY = "Canary Street 7, where nobody may know"
PLACE = {1: "N", 2: (43.0, 39.0, 11.0), 3: "W", 4: (79.0, 23.0, 0.0)}


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def telling_photograph():
    """A photograph that says where it was made, with which camera, and by whom."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = CANARY  # description and artist
    exif.get_ifd(0x8825).update(PLACE)  # where
    return cast.photograph(exif=exif.tobytes(), comment=CANARY.encode(), icc_profile=CANARY.encode() * 9)


def bomb(side=30_000):
    """A small PNG that says it is a picture of 900 million pixels."""
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(b"\x00" * 1000)
    chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    body = b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_the_photograph_tells_in_the_first_place():
    """What must not leak is really in what is sent."""
    content = telling_photograph()
    assert CANARY.encode() in content
    assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)) != {}


def test_nothing_but_the_picture_is_kept():
    kept = portrait_from(upload(telling_photograph()))
    picture = Image.open(io.BytesIO(kept))
    assert (CANARY.encode() in kept, b"EXIF" in kept, b"ICCP" in kept, b"XMP" in kept) == (False,) * 4
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"background", "loop", "duration", "timestamp"}


@pytest.mark.parametrize(
    ("size", "kind"), [((1600, 1200), "JPEG"), ((900, 2400), "PNG"), ((1900, 1000), "WEBP"), ((40, 30), "JPEG")]
)
def test_a_photograph_becomes_a_small_square_webp(size, kind):
    kept = portrait_from(upload(cast.photograph(size, kind)))
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.width == picture.height) == ("WEBP", True)
    assert len(kept) <= MOST_BYTES


def test_a_photograph_that_lies_on_its_side_is_put_upright():
    lying = Image.new("RGB", (400, 400), "white")
    lying.paste("black", (0, 0, 400, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right to see it upright
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=exif.tobytes())
    kept = Image.open(io.BytesIO(portrait_from(upload(file.getvalue())))).convert("L")
    assert (kept.getpixel((470, 240)) < 60, kept.getpixel((10, 240)) > 200) == (True, True)


def test_what_can_be_seen_through_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(file, "PNG")
    kept = Image.open(io.BytesIO(portrait_from(upload(file.getvalue()))))
    assert min(kept.convert("RGB").getpixel((100, 100))) > 250


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
        bomb(8000),
    ],
    ids=["empty", "text", "gif", "svg", "cut off", "broken png", "bomb", "smaller bomb"],
)
def test_a_file_that_is_no_photograph_is_turned_away_in_words(content):
    with pytest.raises(ValidationError) as refused:
        portrait_from(upload(content))
    assert refused.value.messages == ["This file could not be read as a photograph. JPEG, PNG and WebP can be."]


def test_a_picture_far_larger_than_its_file_is_turned_away_before_it_is_drawn():
    file = io.BytesIO()
    Image.new("1", (8000, 8000)).save(file, "PNG")
    with pytest.raises(ValidationError):
        portrait_from(upload(file.getvalue()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_that_was_meddled_with_is_kept_small_or_turned_away(kind):
    """Nothing else comes of it: no error of the library, whatever it meets."""
    whole, chance = cast.photograph((64, 48), kind), random.Random(5)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(5):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(ValidationError):
            assert len(portrait_from(upload(bytes(content)))) <= MOST_BYTES


def test_a_file_that_is_too_large_is_turned_away_unread():
    with pytest.raises(ValidationError) as refused:
        portrait_from(upload(bytes(LARGEST_FILE + 1)))
    assert refused.value.messages == ["This file is larger than 10 MB. Please choose a smaller one."]


def test_a_form_gets_the_bytes_to_keep_and_nothing_where_nothing_was_sent():
    field = PortraitField(required=False)
    assert field.clean(None) is None
    assert field.clean(upload(cast.photograph()))[8:12] == b"WEBP"


# --- who may see it


@pytest.fixture
def shown(db):
    picture = portrait_from(upload(cast.photograph((200, 200))))
    return cast.representative(photo=picture, photo_alt="Bands of colour")


def get(client, card, **headers):
    return client.get(f"/representatives/{card.pk}/photo/", headers=headers)


def test_a_photograph_must_be_described(db):
    with pytest.raises(IntegrityError):
        cast.representative(photo=b"a picture", photo_alt="")


def test_a_photograph_stands_on_the_card_with_its_description(client, shown):
    page = client.get("/representatives/").content.decode()
    assert f'src="/representatives/{shown.pk}/photo/" alt="Bands of colour"' in page


def test_everybody_may_see_it_and_must_ask_each_time(client, shown):
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
        {"begins_on": cast.today() - timedelta(days=9), "ends_on": cast.today() - timedelta(days=1)},
        {"photo": None, "photo_alt": ""},
    ],
    ids=["consent ended", "never agreed", "term over", "no photograph"],
)
def test_what_is_hidden_answers_404_also_to_who_saw_it_before(client, shown, hidden):
    seen = get(client, shown).headers["ETag"]
    Representative.objects.update(**hidden)
    assert (get(client, shown).status_code, get(client, shown, if_none_match=seen).status_code) == (404, 404)


def test_who_is_not_there_has_no_photograph(client, db):
    assert client.get("/representatives/00000000-0000-4000-8000-000000000000/photo/").status_code == 404


def test_its_owner_sees_it_before_anybody_else(client, shown):
    Representative.objects.update(confirmed_on=None, consent_until=None)
    client.force_login(cast.person("bram"))
    assert get(client, shown).status_code == 404
    client.force_login(shown.user)
    assert get(client, shown).status_code == 200


def test_no_list_of_people_carries_their_photographs(shown, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [card.has_photo for card in Representative.objects.public()] == [True]
    assert Representative.objects.get().get_deferred_fields() == {"photo"}
