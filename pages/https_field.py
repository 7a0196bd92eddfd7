"""A URL field for the links of statistics and support lines."""

from typing import Any

from django.forms import URLField


class HttpsField(URLField):
    """A URL field that assumes https if the scheme is missing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)  # pyright: ignore[reportCallIssue]  # new in Django 5.0
