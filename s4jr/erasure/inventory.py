"""The data inventory of all installed models: what each states about its fields, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from s4jr.erasure.rules import DataInventory, ErasureRule, Reader, Subject, TimeLimit
from s4jr.erasure.third_party_inventory import OTHERS


@dataclass(frozen=True)
class Entry:
    """One field of a model with what the inventory says about it."""

    name: str
    what: str | Promise
    why: str | Promise
    goes: tuple[str | Promise | TimeLimit, ...]
    readers: tuple[Reader, ...]
    is_personal: bool


def inventory_of(model: type[Any]) -> DataInventory | None:
    """The DataInventory of a model, ours or of a library; None if it has none."""
    return model.__dict__.get("inventory") or OTHERS.get(model._meta.label_lower)


def stated_inventory(model: type[Any]) -> DataInventory:
    """The DataInventory of a model. Raises LookupError if it has none."""
    inventory = inventory_of(model)
    if inventory is None:
        raise LookupError(f"{model._meta.label} has no data inventory.")
    return inventory


def inventories() -> list[tuple[type[Any], DataInventory]]:
    """(model, DataInventory) of every installed model that has one."""
    pairs = ((model, inventory_of(model)) for model in apps.get_models())
    return [(model, inventory) for model, inventory in pairs if inventory]


def entries_of(model: type[Any]) -> list[Entry]:
    """An Entry for each field of a model, in the inventory's order."""
    inventory = stated_inventory(model)
    return [
        Entry(name, kept.what, kept.why, (kept.goes,) if kept.goes else inventory.goes, kept.readers, kept.is_personal)
        for name, kept in inventory.fields.items()
    ]


def erasure_rules_for(model: type[Any]) -> list[tuple[type[Any], ErasureRule]]:
    """(model, ErasureRule) of everything that is about rows of this model."""
    return [
        (holder, rule)
        for holder, inventory in inventories()
        for rule in inventory.erasure_rules
        if model._meta.label_lower in rule.of
    ]


def faults(model: type[Any], inventory: DataInventory | None) -> list[str]:
    """A sentence for each field without an entry, entry without a field, and personal field that the eraser misses."""
    if inventory is None:
        return [f"{model._meta.label} has no data dictionary."]
    return [*_unstated(model, inventory), *_missed(model, inventory)]


def _unstated(model, inventory):
    there = {stated.name for stated in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    for name in sorted(there - inventory.fields.keys()):
        yield f"{model._meta.label}.{name} has no entry in the data dictionary."
    for name in sorted(inventory.fields.keys() - there):
        yield f"The data dictionary of {model._meta.label} states {name}, which is no field of it."


def _missed(model, inventory):
    may_stay = inventory.subject in (Subject.STAFF, Subject.SPEAKERS)
    personal = [name for name, kept in inventory.fields.items() if kept.is_personal]
    for name in [] if inventory.erasure_rules or may_stay else personal:
        yield f"{model._meta.label}.{name} is personal, and the eraser does not find it."
    for relation in model._meta.concrete_fields:
        target = relation.related_model and relation.related_model._meta.label_lower
        if target in _erased() and not any(target in rule.of for rule in inventory.erasure_rules):
            yield f"{model._meta.label}.{relation.name} leads to {target}, and the eraser does not follow it."


def _erased():
    """Labels of the models whose rows, people or conversations, can be erased."""
    return {label for _model, inventory in inventories() for rule in inventory.erasure_rules for label in rule.of}
