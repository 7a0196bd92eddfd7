"""Encrypted values decrypt only with the right key, in the right column, and if unchanged."""

import base64
import secrets

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from s4jr.accounts.models import User
from s4jr.crypto.fields import DecryptionError, EncryptedTextField, contexts_are_unique, decrypt, encrypt, is_current
from tests import make

CANARY = "kanarek@example.org"
SCRIPTS = [
    "Ọláńrewájú",
    "ᐃᓄᒃᑎᑐᑦ",
    "سارا\u200cبانو",
    "👩🏽\u200d🚀",
    "李雪",
    "e\u0301",
    " two  spaces ",
    "line\nline",
    "\x01",
    "",
]


def new_key(key_id):
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def with_byte_flipped(token, place):
    version, key_id, encoded = token.split(".")
    raw = bytearray(base64.b64decode(encoded))
    raw[place] ^= 1
    return f"{version}.{key_id}.{base64.b64encode(bytes(raw)).decode()}"


@pytest.mark.parametrize("text", SCRIPTS)
def test_names_in_any_script_decrypt_unchanged(text):
    assert decrypt(encrypt(text, "a.b"), "a.b") == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_decrypts_unchanged(text):
    assert decrypt(encrypt(text, "a.b"), "a.b") == text


def test_the_length_of_a_token_does_not_reveal_short_values():
    assert len({len(encrypt(text, "a.b")) for text in ("", "yes", "no", "x" * 60)}) == 1


def test_the_same_text_gives_different_tokens():
    assert encrypt("yes", "a.b") != encrypt("yes", "a.b")


def test_a_token_names_version_and_key(settings):
    settings.FIELD_KEYS = [new_key("k7")]
    assert encrypt("yes", "a.b").startswith("v1.k7.")


def test_a_token_moved_to_another_column_does_not_decrypt():
    with pytest.raises(DecryptionError):
        decrypt(encrypt(CANARY, "member.name"), "member.email")


@pytest.mark.parametrize("place", [0, 11, 12, 40, -1])
def test_a_changed_token_does_not_decrypt(place):
    with pytest.raises(DecryptionError):
        decrypt(with_byte_flipped(encrypt(CANARY, "a.b"), place), "a.b")


@pytest.mark.parametrize("token", ["", "v1", "v1.k.", "v1.k.!!", "v2.test.AAAA", "clear text", "v1.k1.AAAA", "a.b.c.d"])
def test_a_malformed_token_does_not_decrypt(token, settings):
    settings.FIELD_KEYS = [new_key("k1")]
    with pytest.raises(DecryptionError):
        decrypt(token, "a.b")


def test_a_token_of_an_unknown_key_does_not_decrypt(settings):
    settings.FIELD_KEYS = [new_key("old")]
    token = encrypt(CANARY, "a.b")
    settings.FIELD_KEYS = [new_key("new")]
    with pytest.raises(DecryptionError):
        decrypt(token, "a.b")


def test_a_different_key_with_the_same_id_does_not_decrypt(settings):
    settings.FIELD_KEYS = [new_key("same")]
    token = encrypt(CANARY, "a.b")
    settings.FIELD_KEYS = [new_key("same")]
    with pytest.raises(DecryptionError):
        decrypt(token, "a.b")


def test_an_error_names_the_column_and_not_the_value():
    token = with_byte_flipped(encrypt(CANARY, "a.b"), 20)
    with pytest.raises(DecryptionError) as raised:
        decrypt(token, "a.b")
    assert str(raised.value) == "an encrypted value of a.b does not open"
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


def test_after_rotation_old_tokens_decrypt_and_the_new_key_encrypts(settings):
    old, new = new_key("old"), new_key("new")
    settings.FIELD_KEYS = [old]
    before = encrypt(CANARY, "a.b")
    settings.FIELD_KEYS = [new, old]
    assert decrypt(before, "a.b") == CANARY
    assert (is_current(before), is_current(encrypt(CANARY, "a.b"))) == (False, True)


@pytest.mark.django_db
def test_the_database_holds_no_plaintext():
    user = make.person_who_signs_in(address=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_user")
        held = str(cursor.fetchall())
    assert "kanarek" not in held
    assert User.objects.get(pk=user.pk).address == CANARY


@pytest.mark.django_db
def test_an_empty_value_is_encrypted_too():
    make.person_who_signs_in(address="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM accounts_user")
        assert cursor.fetchone()[0].startswith("v1.")


@pytest.mark.django_db
def test_a_tampered_row_raises_instead_of_being_empty():
    user = make.person_who_signs_in(address=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET address = 'kanarek@example.org'")
    held = User.objects.get(pk=user.pk)
    with pytest.raises(DecryptionError):
        held.address  # noqa: B018  to read it is to open it


@pytest.mark.django_db
def test_a_row_decrypts_only_the_fields_that_are_read():
    user = make.person_who_signs_in(address=CANARY, display_name="Imogen")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET address = 'kanarek@example.org'")
    assert User.objects.get(pk=user.pk).display_name == "Imogen"


@pytest.mark.django_db
def test_a_field_that_was_not_read_is_saved_unchanged():
    user = make.person_who_signs_in(address=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM accounts_user")
        [before] = cursor.fetchone()
        User.objects.get(pk=user.pk).save()
        cursor.execute("SELECT address FROM accounts_user")
        assert cursor.fetchone() == (before,)
    assert User.objects.get(pk=user.pk).address == CANARY


@pytest.mark.django_db
def test_a_value_from_values_list_cannot_be_shown():
    make.person_who_signs_in(address=CANARY)
    [value] = User.objects.values_list("address", flat=True)
    with pytest.raises(TypeError):
        str(value)
    assert repr(value) == "<encrypted>"


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["save", "update", "bulk_create", "bulk_update"])
def test_every_orm_write_encrypts(way):
    user = make.person_who_signs_in()
    user.address = CANARY
    if way == "save":
        user.save()
    elif way == "update":
        User.objects.update(address=CANARY)
    elif way == "bulk_update":
        User.objects.bulk_update([user], ["address"])
    else:
        User.objects.all().delete()
        User.objects.bulk_create([User(username="joan", address=CANARY)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM accounts_user")
        assert cursor.fetchone()[0].startswith("v1.")
    assert User.objects.get().address == CANARY


@pytest.mark.parametrize(
    "lookup", ["", "__exact", "__iexact", "__contains", "__in", "__startswith", "__gt", "__regex", "__length"]
)
def test_an_encrypted_column_supports_no_lookups(lookup):
    with pytest.raises(FieldError):
        User.objects.filter(**{f"address{lookup}": CANARY})


def test_an_encrypted_column_supports_isnull():
    assert "IS NULL" in str(User.objects.filter(address__isnull=True).query)


def test_the_context_survives_migrations():
    field = User._meta.get_field("address")
    *_, kwargs = field.deconstruct()
    assert kwargs["context"] == "user.address"
    assert field.clone().context == "user.address"


def test_a_field_needs_a_context():
    with pytest.raises(TypeError):
        EncryptedTextField()


def test_all_contexts_are_unique():
    assert contexts_are_unique(None) == []


@isolate_apps("s4jr.accounts.apps.AccountsConfig")
def test_two_columns_with_one_context_are_an_error(monkeypatch):
    class Twin(models.Model):
        one = EncryptedTextField(context="twin.text")
        other = EncryptedTextField(context="twin.text")

        class Meta:
            app_label = "accounts"

        def __str__(self):
            return "twin"

    monkeypatch.setattr("django.apps.apps.get_models", lambda: [Twin])
    assert [error.id for error in contexts_are_unique(None)] == ["crypto.E001"]
