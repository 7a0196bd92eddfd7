"""A release migrates the schema while the previous release still serves: that release must still read and write.

`migrate` runs first, then each web server and worker restarts. So old code runs on the new schema for some minutes. A
migration may add; it may remove, rename or narrow only what the previous release no longer used, and EXCUSED then lists
it with that release.
"""

import pytest
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from s4jr.concurrent_indexes import AddIndexWhileServing, NarrowUniqueWhileServing, RemoveIndexWhileServing

OURS = (
    "security", "audit", "erasure", "accounts", "content", "mail", "conversations", "pages", "chapters", "members",
)  # fmt: skip
#: {(app, migration, operation): since which release nothing uses what it removes, or why it breaks nothing}.
EXCUSED = {}
HARMLESS = (
    ops.CreateModel, ops.AlterModelOptions, ops.AlterModelManagers, ops.AlterModelTableComment, ops.RemoveConstraint,
    AddIndexWhileServing, NarrowUniqueWhileServing, RemoveIndexWhileServing,
)  # fmt: skip
LOADER = MigrationLoader(None, ignore_no_migrations=True)
LATER = sorted(key for key in LOADER.graph.nodes if key[0] in OURS and not key[1].startswith("0001"))


def problems(app, operations, state, *, atomic=True):
    """Yield a sentence for each operation that breaks the previous release. `state` is the state before them."""
    new_tables = {operation.name_lower for operation in operations if isinstance(operation, ops.CreateModel)}
    for operation in operations:
        if getattr(operation, "model_name_lower", "") in new_tables:
            continue  # the previous release does not use that table
        sentence = _problem(app, operation, state, atomic)
        if sentence:
            yield f"{operation.describe()}: {sentence}"


def _problem(app, operation, state, atomic):
    if isinstance(operation, AddIndexWhileServing | NarrowUniqueWhileServing | RemoveIndexWhileServing) and atomic:
        return "its migration must say atomic = False."
    if isinstance(operation, HARMLESS):
        return ""
    if isinstance(operation, ops.AddField):
        return _new_column(operation.field)
    if isinstance(operation, ops.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return _changed_column(before, operation.field)
    if isinstance(operation, ops.AddIndex | ops.RemoveIndex):
        return (
            "it locks the table against writing. Use AddIndexWhileServing (s4jr/concurrent_indexes.py), "
            "with atomic = False."
        )
    if isinstance(operation, ops.AddConstraint):
        return "what the release before writes may break it. Keep to it in code for one release, then add it, excused."
    if isinstance(operation, ops.RunPython | ops.RunSQL):
        return "data changes while it is in use. Do it in a command that works a batch at a time, or say why not."
    return (
        "the release before still reads or writes it. Stop using it in one release, take it away in the next, excused."
    )


def _new_column(field):
    has_default_in_the_database = field.db_default is not NOT_PROVIDED
    if field.many_to_many or field.null or has_default_in_the_database:
        return ""
    return "the release before writes rows without it. Give it db_default=… (default=… is Python's alone) or null=True."


def _changed_column(before, after):
    if before.get_internal_type() != after.get_internal_type():
        return "its type changes: the table is written anew under a lock. Add a new field beside it."
    if before.null and not after.null:
        return "the release before may write nothing into it. Do this one release later, excused."
    if (before.max_length or 0) > (after.max_length or 0):
        return "the release before may write longer values. Do this one release later, excused."
    same = ("unique", "db_index", "db_column", "primary_key")
    if any(getattr(before, name) != getattr(after, name) for name in same):
        return "its column or index changes. Add an index with AddIndexWhileServing, or a new field beside it."
    return ""


def test_the_previous_release_works_after_each_migration():
    """Except the first migration of an app: there was no earlier release."""
    assert {key: found for key in LATER if (found := what_breaks(key))} == {}


def what_breaks(key):
    """Return the sentences about one migration, except excused ones."""
    migration = LOADER.get_migration(*key)
    state = LOADER.project_state(migration.dependencies)
    found = problems(key[0], migration.operations, state, atomic=migration.atomic)
    return [sentence for sentence in found if (*key, sentence.partition(":")[0]) not in EXCUSED]


@pytest.mark.django_db
def test_the_models_before_each_migration_read_and_write_the_current_schema():
    for key in LATER:
        before = LOADER.project_state(LOADER.get_migration(*key).dependencies).apps
        for model in before.get_models():
            if model._meta.app_label == key[0] and (*key, model._meta.label) not in EXCUSED:
                list(model._base_manager.all()[:1])
                assert columns_it_cannot_fill(model) == [], key


def columns_it_cannot_fill(model):
    """Return the required columns of the current table that the earlier model does not know."""
    known = {field.column for field in model._meta.local_concrete_fields}
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return [column.name for column in table if column.name not in known and not (column.null_ok or column.default)]


# --- the rules themselves


@pytest.fixture(scope="module")
def state():
    return LOADER.project_state([("members", "0001_first")])


TEXT = models.TextField()


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (ops.AddField("member", "mood", TEXT), "db_default"),
        (ops.AddField("member", "mood", models.TextField(default="")), "db_default"),
        (ops.RemoveField("member", "name"), "next"),
        (ops.RenameField("member", "name", "called"), "next"),
        (ops.DeleteModel("Member"), "next"),
        (ops.RenameModel("Member", "TeamMember"), "next"),
        (ops.AlterField("member", "number", models.IntegerField()), "type"),
        (ops.AlterField("member", "number", models.CharField(max_length=2)), "longer"),
        (ops.AlterField("member", "email_index", models.CharField(max_length=64)), "nothing"),
        (ops.AddIndex("member", models.Index(fields=["status"], name="x")), "AddIndexWhileServing"),
        (AddIndexWhileServing("member", models.Index(fields=["status"], name="x")), "atomic"),
        (ops.AddConstraint("member", models.UniqueConstraint(fields=["status"], name="x")), "constraint"),
        (ops.RunPython(ops.RunPython.noop), "batch"),
    ],
)
def test_operations_that_break_the_previous_release_are_reported(state, operation, word):
    [sentence] = problems("members", [operation], state)
    assert word in sentence


@pytest.mark.django_db(transaction=True)
def test_an_index_is_created_and_removed_outside_a_transaction(state):
    index = models.Index(fields=["received_on"], name="for_a_moment")
    after = state.clone()
    steps = [AddIndexWhileServing("member", index), RemoveIndexWhileServing("member", "for_a_moment")]
    steps[0].state_forwards("members", after)
    for step, (old, new), there in zip(steps, [(state, after), (after, state)], [True, False], strict=True):
        with connection.schema_editor(atomic=False) as editor:
            step.database_forwards("members", editor, old, new)
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "members_member")
        assert ("for_a_moment" in found) is there


def test_additive_operations_pass(state):
    new = ops.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))])
    added = [
        new,
        ops.AddIndex("mood", models.Index(fields=["id"], name="x")),
        ops.AddField("member", "mood", models.TextField(null=True)),
        ops.AddField("member", "other", models.TextField(db_default="", default="")),
        ops.AlterModelOptions("member", {}),
    ]
    assert list(problems("members", added, state)) == []
    index = AddIndexWhileServing("member", models.Index(fields=["status"], name="x"))
    assert list(problems("members", [index], state, atomic=False)) == []
