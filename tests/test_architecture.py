"""Architecture rules that a machine can check: import directions, length limits, and forbidden constructs."""

import ast
import io
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
APPS = ["pages", "chapters", "members"]
#: Modules next to the settings that every part may import: they import no part themselves.
LEAVES = {
    "s4jr.beat_schedule", "s4jr.checks", "s4jr.chunked", "s4jr.conflicts", "s4jr.days", "s4jr.email_address",
    "s4jr.email_rules", "s4jr.erasure.rules", "s4jr.error_views", "s4jr.idn", "s4jr.invisible_marks", "s4jr.language",
    "s4jr.managers", "s4jr.page_cache", "s4jr.pagination", "s4jr.providers", "s4jr.steps",
}  # fmt: skip
#: {part: the parts that it may import}; each part may also import itself and the leaves.
_LOW = {"s4jr.form_fields", "s4jr.crypto"}
_SHARED = {*_LOW, "s4jr.security", "s4jr.audit", "s4jr.accounts", "s4jr.erasure", "s4jr.content", "s4jr.mail"}
_BELOW_APPS = {*_SHARED, "s4jr.conversations", "s4jr.tables"}
ARROWS = {
    "s4jr.form_fields": set(),
    "s4jr.crypto": {"s4jr.form_fields"},
    "s4jr.tables": set(),
    "s4jr.security": _LOW,
    "s4jr.audit": {*_LOW, "s4jr.security"},
    "s4jr.accounts": {*_LOW, "s4jr.security", "s4jr.audit"},
    "s4jr.erasure": {*_LOW, "s4jr.security", "s4jr.audit", "s4jr.accounts"},
    "s4jr.content": _SHARED - {"s4jr.content", "s4jr.mail"},
    "s4jr.mail": _SHARED - {"s4jr.mail"},
    "s4jr.conversations": _SHARED,
    "s4jr": _SHARED,
    "pages": _SHARED,
    "chapters": _BELOW_APPS,
    "members": {*_BELOW_APPS, "chapters"},
}
VAGUE = {"core", "common", "util", "utils", "helper", "helpers", "misc", "base", "lib"}
LONGEST_FUNCTION, LONGEST_FILE = 40, 299
LINK_TOKENS = "s4jr.security.link_tokens"
#: {what a link token is made with: the other modules that use it, for something that is not a link} (decision 23).
MAKES_TOKENS = {
    "django.core.signing": {  # cookies and form tokens
        "s4jr.accounts.passkey_challenge", "s4jr.security.known_device", "s4jr.security.submission_token",
    },
    "secrets.token_urlsafe": {"s4jr.accounts.management.commands.invite_admin", "members.demo.sign_ins"},  # passwords
    "django.utils.crypto": set(),
    "hmac": {  # comparing in constant time, and `keyed_hash` itself
        "members.applications.application", "members.applications.received_views", "s4jr.crypto.blind_index",
    },
    "hashlib": {  # entity tags, changed files, and `keyed_hash` itself
        "s4jr.page_cache", "s4jr.form_fields.photos", "s4jr.content.files", "s4jr.crypto.blind_index",
    },
    "s4jr.crypto.blind_index.keyed_hash": {
        # the access log, rate limits, spellings of an inbox, return addresses, status codes, sessions
        "s4jr.audit.services", "s4jr.audit.checkpoints", "s4jr.security.ratelimit", "s4jr.mail.mailbox",
        "s4jr.mail.return_address",
        "s4jr.security.known_device", "s4jr.security.status_code", "members.self_service.session",
        "members.self_service.secret_word",
        "s4jr.accounts.services",  # the version of a user that an admin saw
        # submissions that count once, and versions of what someone was shown
        "s4jr.conversations.services", "chapters.representative_messages.services", "members.rsvps.forms",
        "chapters.models.representative_message", "chapters.volunteer_offers.services",
        "chapters.meetings.edit_conflicts", "s4jr.accounts.edit_conflicts", "members.rsvps.notified_fingerprint",
        "members.rsvps.host_services", "members.notes.services", "chapters.representatives.group_messages",
    },
}  # fmt: skip
#: Constructors whose first argument is the purpose that their tokens are for.
TAKE_A_PURPOSE = {"StoredLinks", "SignedLinks", "FormKind", "TimestampSigner", "Signer"}


def sources(*folders):
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts]


OURS = sources("s4jr", *APPS)
EVERYTHING = [*OURS, *sources("tests", "tooling")]


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(module):
    """Return `s4jr.mail` for `s4jr.mail.models`, `s4jr` for `s4jr.urls`, `pages` for `pages.views`, None for others."""
    parts = module.split(".")
    if parts[0] == "s4jr":
        return ".".join(parts[:2]) if ".".join(parts[:2]) in ARROWS else "s4jr"
    return parts[0] if parts[0] in APPS else None


@pytest.fixture(scope="module", autouse=True)
def _nodes_are_not_kept():
    """A million objects would make each garbage collection of the tests that follow slow."""
    yield
    nodes_of.cache_clear()


@cache
def nodes_of(path):
    """Return every AST node of a file; cached, because several rules use them."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def imports_of(path):
    """Yield the dotted names that a file imports, at any level."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(importer, imported):
    source, target = part_of(importer), part_of(imported)
    if target in (None, source) or target in ARROWS[source]:
        return True
    return any(imported == leaf or imported.startswith(f"{leaf}.") for leaf in LEAVES)


def functions_of(path):
    return [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls_of(path):
    """Yield the dotted names that a file calls or uses as decorators."""
    return {ast.unparse(node) for node in nodes_of(path) if isinstance(node, ast.Attribute)}


def users_of(what):
    """Return the modules that import `what`, or anything in it, or use it as `module.name`."""
    return {
        name_of(path)
        for path in OURS
        for name in (*imports_of(path), *calls_of(path))
        if name == what or name.startswith(f"{what}.")
    }


def purposes_of(path):
    """Return the literal purposes of links, form tokens and signed cookies in a file."""
    calls = [node for node in nodes_of(path) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in TAKE_A_PURPOSE]
    given = [(*call.args[:1], *(word.value for word in call.keywords if word.arg == "salt")) for call in made]
    return [value.value for values in given for value in values if isinstance(value, ast.Constant)]


def test_every_import_follows_the_allowed_directions():
    wrong = [
        f"{name_of(path)} imports {imported}"
        for path in OURS
        for imported in imports_of(path)
        if not is_allowed(name_of(path), imported)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("members.applications.views", "chapters.models.Chapter", True),
        ("chapters.views", "members.models.Member", False),
        ("pages.views", "chapters.models", False),
        ("s4jr.accounts.models", "s4jr.mail.models", False),
        ("s4jr.mail.delivery", "s4jr.crypto.fields", True),
        ("s4jr.content.models", "members.models", False),
        ("s4jr.urls", "pages.urls", False),
        ("s4jr.urls", "s4jr.security.quick_exit.leave", True),
        ("s4jr.accounts.views", "s4jr.language.language_of", True),
        ("s4jr.accounts.views", "s4jr.settings", False),
        ("pages.views", "django.shortcuts.render", True),
    ],
)
def test_the_allowed_directions_are_read_correctly(importer, imported, allowed):
    assert is_allowed(importer, imported) is allowed


def test_the_leaves_import_no_part():
    paths = [path for path in OURS if name_of(path) in LEAVES - {"s4jr.page_cache"}]
    assert [name for path in paths for name in imports_of(path) if part_of(name) not in (None, "s4jr")] == []


#: Files that ask, show or pass on. What changes rows is a function in a services module (docs/architecture.md).
_NO_WRITER = re.compile(r"(^|\.)(models|querysets|views|admin|forms|tasks|\w+_(views|forms|admin))(\.|$)")
_WRITES = {"bulk_create", "bulk_update", "create", "get_or_create", "update_or_create"}
_WRITES_OF_ROWS = {"delete", "save", "update"}
#: A bulk change of what pages show also begins a new cache version.
_WRITE_ALL_THE_SAME = {"s4jr.content.models"}


def writes_of(path):
    """Yield the calls in a file that change rows: of a manager, a QuerySet or `self`; not of a form, which may save."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on, name = ast.unparse(node.func.value), node.func.attr
            of_rows = name in _WRITES_OF_ROWS and re.search(r"objects\b|\.(filter|exclude)\(|^(self|obj)$", on)
            if name in _WRITES or of_rows:
                yield f"{on}.{name}"


def test_only_services_write():
    found = {
        name_of(path): sorted(writes)
        for path in OURS
        if _NO_WRITER.search(name_of(path)) and name_of(path) not in _WRITE_ALL_THE_SAME
        if (writes := {*writes_of(path)})
    }
    assert found == {}


def test_only_one_file_imports_allauth_internals():
    internal = {
        name_of(path)
        for path in [*EVERYTHING, *sources("benchmarks")]
        for name in imports_of(path)
        if name.startswith("allauth.") and "internal" in name.split(".")
    }
    assert internal == {"s4jr.accounts.allauth_internals"}


def test_neither_the_site_nor_its_build_needs_polib():
    built_by = {"tooling.compile_messages", "tooling.new_keys", "tooling.run_site", "tooling.static_files"}
    paths = [*OURS, *(path for path in sources("tooling") if name_of(path) in built_by)]
    assert len(paths) == len(OURS) + len(built_by)
    assert [name_of(path) for path in paths for name in imports_of(path) if name.split(".")[0] == "polib"] == []
    assert "polib" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_functions_are_short():
    long = [
        f"{name_of(path)}.{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in EVERYTHING
        for node in functions_of(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_module_names_are_specific():
    assert [name_of(path) for path in EVERYTHING if VAGUE & set(name_of(path).split("."))] == []


def test_no_test_is_ever_skipped():
    banned = {f"pytest.{name}" for name in ("skip", "importorskip", "xfail")}
    banned |= {f"pytest.mark.{name}" for name in ("skip", "skipif", "xfail")}
    found = {name_of(path): sorted(calls_of(path) & banned) for path in sources("tests")}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize("what", MAKES_TOKENS)
def test_one_module_makes_and_reads_the_tokens_of_links(what):
    assert users_of(what) - {LINK_TOKENS} == MAKES_TOKENS[what]


def test_each_kind_of_link_has_a_purpose_of_its_own():
    """With one purpose for two kinds, a token of one could be used as the other."""
    purposes = [purpose for path in OURS for purpose in purposes_of(path)]
    assert len(purposes) == len(set(purposes)) > len(users_of(LINK_TOKENS))


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert out.getvalue() == "No changes detected\n"
