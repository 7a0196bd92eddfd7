"""Encrypted text: the database, its backups and its logs hold personal text as ciphertext only.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The token is `v1.<key id>.<base64>`; the plain text is padded
to 64-byte steps, blanks too, so that its length reveals little; the field's context is authenticated, so a cell moved
to another column does not decrypt. A cell moved to another row of the same column does: `docs/safety.md` says so.
"""

import base64
import logging
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from s4jr.crypto import decryption_guard
from s4jr.crypto.unreadable_text import (
    DecryptionError,
    UnreadableText,
    is_unreadable,
    is_words_of_a_page,
    unreadable_text,
)

logger = logging.getLogger(__name__)

VERSION = "v1"
NONCE_BYTES = 12
LENGTH_BYTES = 4
STEP_BYTES = 64
_Row = TypeVar("_Row")


@lru_cache
def _ring(entries):
    pairs = (entry.partition(":") for entry in entries)
    return {key_id: AESGCM(base64.b64decode(encoded)) for key_id, _, encoded in pairs}


def key_ring() -> dict[str, AESGCM]:
    """The keys by id from `FIELD_KEYS`, the writing one first."""
    return _ring(tuple(settings.FIELD_KEYS))


def writing_key_id() -> str:
    """The id of the key that encrypts new values."""
    return next(iter(key_ring()))


def _pad(data):
    framed = len(data).to_bytes(LENGTH_BYTES, "big") + data
    return framed + bytes(-len(framed) % STEP_BYTES)


def _unpad(framed):
    length = int.from_bytes(framed[:LENGTH_BYTES], "big")
    return framed[LENGTH_BYTES : LENGTH_BYTES + length]


def encrypt(text: str, context: str) -> str:
    """The token that holds `text` for the column `context`."""
    key_id = writing_key_id()
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = key_ring()[key_id].encrypt(nonce, _pad(text.encode()), f"{VERSION}.{context}".encode())
    return f"{VERSION}.{key_id}.{base64.b64encode(nonce + ciphertext).decode()}"


def decrypt(token: str, context: str) -> str:
    """The text in a token of `encrypt`. Raises DecryptionError if it is not authentic."""
    try:
        version, key_id, encoded = token.split(".")
        if version != VERSION:
            raise ValueError
        raw = base64.b64decode(encoded, validate=True)
        framed = key_ring()[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{VERSION}.{context}".encode())
    except (ValueError, KeyError, InvalidTag):
        raise DecryptionError(f"an encrypted value of {context} does not open") from None
    return _unpad(framed).decode()


def is_current(token: str) -> bool:
    """Whether a token is encrypted under the writing key."""
    return token.startswith(f"{VERSION}.{writing_key_id()}.")


class Ciphertext:
    """The token in an encrypted field of a row until the field is read. It has no text to show."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ciphertext) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)

    def __str__(self) -> str:
        raise TypeError("an encrypted value has no text: read it from its row")

    def __repr__(self) -> str:
        return "<encrypted>"


class EncryptedAttribute(DeferredAttribute):
    """Decrypts a value when it is read from its row, and not before: a list of rows decrypts nothing.

    So a value that cannot be decrypted affects only what reads it, and each read can be authorized. During a request
    such a value is read as an `UnreadableText`; the row keeps the token.
    """

    field: "EncryptedTextField"

    def __get__(self, instance: Any, owner: type[Model] | None = None) -> Any:
        value = super().__get__(instance, owner)  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it
        if not isinstance(value, Ciphertext):
            return value
        is_kept = decryption_guard.check(instance, self.field)
        try:
            text = decrypt(value.token, self.field.context)
        except DecryptionError:
            if not decryption_guard.is_in_request():
                raise
            logger.error("%s of %s cannot be decrypted", self.field.attname, name_in_logs(instance))
            return unreadable_text(value.token, self.field.context)
        if is_kept:
            instance.__dict__[self.field.attname] = text
        return text

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that is encrypted when it is saved and decrypted when it is read from its row.

    `context` is a literal that never changes, unique in the project: it survives a rename of the model or the field.
    Every lookup but `isnull` is refused; to find a row by an address, store a `blind_index` beside the field.
    """

    description = "Encrypted text"
    descriptor_class = EncryptedAttribute

    if TYPE_CHECKING:  # as the stubs declare TextField

        @overload
        def __new__(
            cls, verbose_name: str | None = ..., *, context: str, null: Literal[False] = ..., **options: Any
        ) -> "models.TextField[str]": ...

        @overload
        def __new__(
            cls, verbose_name: str | None = ..., *, context: str, null: Literal[True], **options: Any
        ) -> "models.TextField[str | None]": ...

        def __new__(cls, *args: Any, **options: Any) -> Any: ...

    def __init__(self, *args: Any, context: str, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "context": self.context}

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Ciphertext):
            return value.token
        if isinstance(value, UnreadableText):
            return value.token_for(self.context)
        if is_words_of_a_page(value):
            raise DecryptionError(f"a page's words about a value of {self.context} are no value")
        value = super().get_prep_value(value)
        return None if value is None else encrypt(value, self.context)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Ciphertext) else super().to_python(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """Write back a value that no one read as it is."""
        held = model_instance.__dict__.get(self.attname)
        return held if isinstance(held, Ciphertext) else super().pre_save(model_instance, add)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.context} is encrypted: it cannot be looked up with '{lookup_name}'.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.context} is encrypted: it cannot be looked up with '{lookup_name}'.")


def name_in_logs(row: Any) -> str:
    """A row by its model and key. Its `str()` may be what someone wrote, such as a subject."""
    return f"{row._meta.label_lower} {row.pk}" if isinstance(row, Model) else type(row).__name__


def readable(row: Any, name: str) -> str:
    """The value of an encrypted field; "" if it cannot be decrypted, which is logged."""
    try:
        value = getattr(row, name)
    except DecryptionError:
        logger.error("%s of %s cannot be decrypted", name, name_in_logs(row))
        return ""
    return "" if is_unreadable(value) else value


def shown(row: Any, name: str) -> str:
    """The value of a field for a list or file, also outside a request, as in a streamed download."""
    try:
        return getattr(row, name)
    except DecryptionError:
        field = row._meta.get_field(name)
        return unreadable_text(row.__dict__[name].token, field.context)


def readable_rows(rows: Iterable[_Row], read: Callable[[_Row], Any]) -> list[_Row]:
    """Those of `rows` whose `read(row)` can be decrypted. The others are logged and skipped."""
    return [row for row in rows if _can_be_read(row, read)]


def _can_be_read(row, read):
    try:
        return not is_unreadable(read(row))
    except DecryptionError:
        logger.error("%s cannot be decrypted", name_in_logs(row))
        return False


def encrypted_fields(model: type[Model]) -> list[EncryptedTextField]:
    """The encrypted fields of a model, in order."""
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


@checks.register(checks.Tags.models)
def contexts_are_unique(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Two columns with the same context could be swapped unnoticed."""
    from django.apps import apps

    seen: dict[str, EncryptedTextField] = {}
    errors: list[checks.CheckMessage] = []
    for field in (field for model in apps.get_models() for field in encrypted_fields(model)):
        other = seen.setdefault(field.context, field)
        if other is not field:
            errors.append(checks.Error(f"{field} has the context of {other}.", obj=field, id="crypto.E001"))
    return errors
