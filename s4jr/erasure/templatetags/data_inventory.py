"""`{% load data_inventory %}{% what_is_kept as groups %}`: the data inventory as /privacy/ prints it."""

from collections.abc import Iterable

from django import template

from s4jr.erasure.inventory import inventories
from s4jr.erasure.rules import DataInventory, Reader, Subject
from s4jr.erasure.third_party_inventory import BESIDE_THE_TABLES

register = template.Library()


@register.simple_tag
def what_is_kept() -> list[tuple[Subject, list[DataInventory]]]:
    """(Subject, its inventories) for each subject that has any, those that know most about a person first. No query."""
    told = [*(inventory for _model, inventory in inventories()), *BESIDE_THE_TABLES]
    groups = [(subject, _once(one for one in told if one.subject == subject)) for subject in Subject]
    return [(subject, tables) for subject, tables in groups if tables]


@register.filter
def names(readers: Iterable[Reader]) -> str:
    """Who reads a field, separated by commas."""
    return ", ".join(str(reader.label) for reader in readers)


def _once(told):
    """Tables with the same title are listed once."""
    by_title = {str(inventory.title): inventory for inventory in told}
    return sorted(by_title.values(), key=_how_much_it_knows, reverse=True)


def _how_much_it_knows(inventory):
    return sum(kept.is_personal for kept in inventory.shown)
