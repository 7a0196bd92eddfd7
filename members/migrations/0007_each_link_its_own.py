from django.db import migrations, models
from django.db.models import Q

from s4jr.releases import AddIndexWhileServing, NarrowUniqueWhileServing

CONFIRMED = ["waiting", "on_hold", "declining", "stepping_back", "approved"]


def one_live_row(statuses):
    return models.UniqueConstraint(
        fields=["email_index"], condition=Q(status__in=statuses), name="one_live_row_an_address"
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0006_next_step_on")]

    operations = [
        migrations.AlterField(
            "member",
            "status",
            models.CharField(
                choices=[
                    ("unconfirmed", "asked to join, address not confirmed"),
                    ("echo", "asked to join with an address that is known"),
                    ("duplicate_address", "confirmed, at an address that is in use"),
                    ("waiting", "being read"),
                    ("on_hold", "being read, kept for later"),
                    ("declining", "not now, can still be stopped"),
                    ("declined", "not now"),
                    ("lapsed", "not answered in time"),
                    ("approved", "welcomed"),
                    ("stepping_back", "stepping back, can still be stopped"),
                    ("stepped_back", "stepped back"),
                    ("left", "left"),
                    ("closed", "closed without a letter"),
                ],
                editable=False,
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            "member",
            "list_due_at",
            models.DateTimeField(
                editable=False,
                help_text="When the list of applications at its address names this one.",
                null=True,
            ),
        ),
        migrations.AddField(
            "member",
            "browser_mark",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The first form that the same browser sent. Emptied once the address is confirmed.",
                max_length=64,
            ),
        ),
        NarrowUniqueWhileServing("member", one_live_row(["unconfirmed", *CONFIRMED]), one_live_row(CONFIRMED)),
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["list_due_at"], name="confirmation_lists_due", condition=Q(list_due_at__isnull=False)
            ),
        ),
    ]
