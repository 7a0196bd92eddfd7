from django.db import migrations, models
from django.db.models import Q

from s4jr.releases import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0003_longer_heartbeat_names")]

    operations = [
        migrations.AddField(
            "outgoingemail",
            "limit_index",
            models.CharField(
                editable=False, help_text="Shared by the spellings of one inbox; empty where emails are counted by the address itself.", max_length=64, null=True
            ),
        ),
        AddIndexWhileServing(
            "outgoingemail",
            models.Index(
                fields=["limit_index", "kind", "created_at"],
                name="letters_to_this_mailbox",
                condition=Q(limit_index__isnull=False),
            ),
        ),
    ]
