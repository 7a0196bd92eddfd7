"""Management commands that operators run."""

import base64
import io
import secrets

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from s4jr.accounts.models import Invitation, Session, User
from s4jr.audit.models import AccessLog
from s4jr.crypto.fields import encrypt
from s4jr.crypto.key_rotation import EncryptedTable, SecondFactorTable, rotate
from tests import make

pytestmark = pytest.mark.django_db


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def new_key(key_id):
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def stored(model, column):
    """Return the stored values of a column by primary key."""
    quoted = [connection.ops.quote_name(name) for name in ("id", column, model._meta.db_table)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT {}, {} FROM {}".format(*quoted))
        return dict(cursor.fetchall())


def test_the_first_admin_is_created_and_printed_once():
    said = run("invite_admin", "--first")
    assert said.count("\n") == 1
    password = said.removeprefix("Sign in: first-admin / ").strip()
    assert User.objects.get(username="first-admin", is_superuser=True, is_staff=True).check_password(password)
    assert (run("invite_admin", "--first"), User.objects.count()) == ("", 1)


def test_no_first_admin_is_created_once_users_exist():
    make.person_who_signs_in()
    assert (run("invite_admin", "--first"), User.objects.count()) == ("", 1)


@pytest.mark.parametrize(("words", "superuser"), [([], False), (["--superuser"], True)])
def test_an_invited_admin_gets_a_link_and_no_password(client, words, superuser):
    said = run("invite_admin", "katherine", *words)
    user = User.objects.get(username="katherine")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (superuser, superuser, False)
    assert said.count("\n") == 1
    assert client.get(said[said.index("/invitation/") :].strip()).status_code == 200
    assert AccessLog.objects.get().who == "manage.py"


def test_an_invitation_without_a_group_warns_that_the_user_has_no_permissions():
    warned = io.StringIO()
    call_command("invite_admin", "katherine", stdout=io.StringIO(), stderr=warned)
    call_command("invite_admin", "ada", "--group", "Reader", stdout=io.StringIO(), stderr=warned)
    groups = "Care, Coordinator, Editor, Press, Reader"
    assert warned.getvalue() == f"katherine has no role yet. Choose one in the admin; there are: {groups}.\n"
    assert dict(User.objects.values_list("username", "is_staff")) == {"katherine": False, "ada": True}


def test_a_taken_user_name_is_not_invited_again():
    make.admin("katherine")
    with pytest.raises(CommandError, match="already"):
        run("invite_admin", "Katherine")
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("words", [["invite_admin"], ["invite_admin", "two words"], ["reset_second_factor", "nobody"]])
def test_invalid_arguments_are_refused_with_a_sentence(words):
    with pytest.raises(CommandError):
        run(*words)
    assert User.objects.count() == 0


def test_the_recover_command_ends_everything_and_prints_a_link(client):
    user = make.signed_in_staff(client)
    make.sign_in(Client(), user)  # someone who has the password is at the question for the code
    said = run("reset_second_factor", "ada")
    user.refresh_from_db()
    left = (Authenticator.objects.count(), Session.objects.count())
    assert (user.has_usable_password(), left) == (False, (0, 0))
    assert client.get("/account/2fa/").status_code == 302
    assert Client().get(said[said.index("/invitation/") :].strip()).status_code == 200
    noted = AccessLog.objects.get()
    assert (noted.who, noted.field_names) == ("manage.py", "password second_factor sessions")


def test_rotation_encrypts_every_token_under_the_first_key_and_loses_nothing(settings):
    people = [make.person_who_signs_in(f"imogen{number}", address=f"i{number}@example.org") for number in range(7)]
    authenticator = make.second_factor(people[0])
    code = make.code_of(people[0])
    settings.FIELD_KEYS = [new_key("next"), *settings.FIELD_KEYS]
    said = run("rotate_keys", "--batch", "3")
    assert "user.address: 7 rotated, 0 overtaken, 0 do not open" in said
    assert "mfa.secret: 2 rotated" in said
    assert "Everything is encrypted under key next." in said
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert sorted(user.address for user in User.objects.all()) == [f"i{number}@example.org" for number in range(7)]
    assert Authenticator.objects.get(pk=authenticator.pk).wrap().validate_code(code)


def test_a_second_rotation_writes_nothing(settings):
    make.person_who_signs_in(address="i@example.org")
    before = stored(User, "address")
    assert "user.address: 0 rotated" in run("rotate_keys")
    assert stored(User, "address") == before


def test_a_write_during_rotation_wins(settings):
    user = make.person_who_signs_in(address="before@example.org")
    (old,) = stored(User, "address").values()
    table = EncryptedTable(User)
    settings.FIELD_KEYS = [new_key("next"), *settings.FIELD_KEYS]
    User.objects.filter(pk=user.pk).update(address="during@example.org")
    same = stored(User, "display_name")[user.pk]
    assert table.write(user.pk, [old, same], [table.columns[0].rotated(old), same]) == 0
    assert User.objects.get(pk=user.pk).address == "during@example.org"


def test_a_recovery_code_used_during_rotation_stays_used(settings):
    user = make.person_who_signs_in()
    make.second_factor(user)
    table = SecondFactorTable()
    [column] = table.columns
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    old = dict(column.rows.values_list("pk", "stored"))[codes.pk]
    settings.FIELD_KEYS = [new_key("next"), *settings.FIELD_KEYS]
    assert codes.wrap().validate_code(codes.wrap().get_unused_codes()[0])
    assert table.write(codes.pk, [old], [column.rotated(old)]) == 0
    assert len(Authenticator.objects.get(pk=codes.pk).wrap().get_unused_codes()) == 9


def test_a_row_that_no_key_decrypts_is_named_and_does_not_stop_the_command(settings):
    lost, kept = make.person_who_signs_in("imogen"), make.person_who_signs_in("joan", address="j@example.org")
    mine = settings.FIELD_KEYS
    settings.FIELD_KEYS = [new_key("lost")]
    User.objects.filter(pk=lost.pk).update(address="gone@example.org")
    settings.FIELD_KEYS = [new_key("next"), *mine]
    with pytest.raises(CommandError) as raised:
        run("rotate_keys")
    assert str(raised.value) == f"These rows open with no key of FIELD_KEYS:\nuser.address: {lost.pk}"
    assert stored(User, "address")[kept.pk].startswith("v1.next.")


def test_rotation_reads_every_encrypted_column():
    from django.apps import apps

    from s4jr.crypto.fields import encrypted_fields
    from s4jr.crypto.key_rotation import columns

    fields = {field.context for model in apps.get_models() for field in encrypted_fields(model)}
    assert {column.name for column in columns()} == fields | {"mfa.secret"}


def test_counts_are_kept_by_column():
    make.person_who_signs_in()
    counts = rotate(EncryptedTable(User), batch=1)
    assert [(count.name, count.rotated, count.overtaken, count.unopened) for count in counts] == [
        ("user.address", 0, 0, []), ("user.new_address", 0, 0, []), ("user.display_name", 0, 0, []),
    ]  # fmt: skip
    assert encrypt("", "user.address") != encrypt("", "user.address")


def test_the_earlier_name_of_a_command_names_the_new_one():
    with pytest.raises(CommandError, match="`rotate_keys`"):
        run("reseal")
