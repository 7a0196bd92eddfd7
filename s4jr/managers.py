"""Managers whose type is the QuerySet they are made from."""

from typing import Any, TypeVar, cast

from django.db import models

_QuerySet = TypeVar("_QuerySet", bound=models.QuerySet[Any])


def manager_of(queryset: type[_QuerySet], manager: type[models.Manager[Any]] = models.Manager) -> _QuerySet:
    """A manager with the methods of `queryset`, which Django's type stubs do not know of a manager."""
    return cast(_QuerySet, manager.from_queryset(queryset)())
