"""`{% load data_inventory %}{% what_is_kept as groups %}`: the data dictionary as /privacy/ prints it."""

from django import template

from s4jr.erasure.inventory import inventories
from s4jr.erasure.rules import Subject
from s4jr.erasure.third_party_inventory import BESIDE_THE_TABLES

register = template.Library()


@register.simple_tag
def what_is_kept():
    """(Subject, its dictionaries) for each there is, what knows most of a person first. No query."""
    told = [*(inventory for _model, inventory in inventories()), *BESIDE_THE_TABLES]
    groups = [(subject, _once(one for one in told if one.subject == subject)) for subject in Subject]
    return [(subject, tables) for subject, tables in groups if tables]


@register.filter
def names(readers):
    """Who reads a field, parted by commas."""
    return ", ".join(str(reader.label) for reader in readers)


def _once(told):
    """Tables that say the same are told once."""
    by_title = {str(inventory.title): inventory for inventory in told}
    return sorted(by_title.values(), key=_how_much_it_knows, reverse=True)


def _how_much_it_knows(inventory):
    return sum(kept.is_personal for kept in inventory.shown)
