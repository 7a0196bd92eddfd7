from django.db import migrations, models
from django.db.models import Q

from s4jr.releases import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0011_earlier_address")]

    operations = [
        migrations.AddField(
            "member",
            "limit_index",
            models.CharField(
                editable=False,
                help_text="Shared by the spellings of one inbox; empty where emails are counted by the address itself.",
                max_length=64,
                null=True,
            ),
        ),
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["limit_index", "contact", "status"],
                name="members_by_limit",
                condition=Q(limit_index__isnull=False),
            ),
        ),
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["email_index", "status"], name="discreet_by_address", condition=Q(contact="discreet")
            ),
        ),
    ]
