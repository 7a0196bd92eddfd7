"""The data inventory of all installed models: what each states of its fields, and what is missing there."""

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise

from s4jr.erasure.rules import After, Reader, Subject
from s4jr.erasure.third_party_inventory import OTHERS


@dataclass(frozen=True)
class Entry:
    """One field of a model with what the dictionary says of it."""

    name: str
    what: str | Promise
    why: str | Promise
    goes: tuple[str | Promise | After, ...]
    readers: tuple[Reader, ...]
    is_personal: bool


def dictionary_of(model):
    """The DataDictionary of a model, ours or of a library; None where nobody has stated one."""
    return model.__dict__.get("data_dictionary") or OTHERS.get(model._meta.label_lower)


def dictionaries():
    """(model, DataDictionary) of every installed model that has one."""
    pairs = ((model, dictionary_of(model)) for model in apps.get_models())
    return [(model, dictionary) for model, dictionary in pairs if dictionary]


def entries_of(model):
    """An Entry for each field of a model, in the dictionary's order."""
    dictionary = dictionary_of(model)
    return [
        Entry(name, kept.what, kept.why, (kept.goes,) if kept.goes else dictionary.goes, kept.readers, kept.is_personal)
        for name, kept in dictionary.fields.items()
    ]


def traces_of(model):
    """(model, Trace) of everything that is about rows of this model."""
    return [
        (holder, trace)
        for holder, dictionary in dictionaries()
        for trace in dictionary.traces
        if model._meta.label_lower in trace.of
    ]


def faults(model, dictionary):
    """A sentence for each field without an entry, entry without a field, and personal field that the eraser misses."""
    if dictionary is None:
        return [f"{model._meta.label} has no data dictionary."]
    return [*_unstated(model, dictionary), *_missed(model, dictionary)]


def _unstated(model, dictionary):
    there = {stated.name for stated in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    for name in sorted(there - dictionary.fields.keys()):
        yield f"{model._meta.label}.{name} has no entry in the data dictionary."
    for name in sorted(dictionary.fields.keys() - there):
        yield f"The data dictionary of {model._meta.label} states {name}, which is no field of it."


def _missed(model, dictionary):
    may_stay = dictionary.subject in (Subject.STAFF, Subject.SPEAKERS)
    personal = [name for name, kept in dictionary.fields.items() if kept.is_personal]
    for name in [] if dictionary.traces or may_stay else personal:
        yield f"{model._meta.label}.{name} is personal, and the eraser does not find it."
    for relation in model._meta.concrete_fields:
        target = relation.related_model and relation.related_model._meta.label_lower
        if target in _erased() and not any(target in trace.of for trace in dictionary.traces):
            yield f"{model._meta.label}.{relation.name} leads to {target}, and the eraser does not follow it."


def _erased():
    """The models whose rows are people, or conversations, that can be erased."""
    return {label for _model, dictionary in dictionaries() for trace in dictionary.traces for label in trace.of}
