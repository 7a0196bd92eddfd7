"""Form fields for codes and links, which people paste together with characters that do not show."""

from typing import Any

from django import forms

from s4jr.invisible_marks import plain_text, without_marks


class PastedCodeField(forms.CharField):
    """A code that is typed or pasted."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_text(value) if value else value)


class PastedLinkField(forms.URLField):
    """A link that is typed or pasted. Without a scheme it is https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)  # pyright: ignore[reportCallIssue]  # new in Django 5.0

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_marks(value).strip().strip("<>") if value else value)
