from django.db import migrations, models

from s4jr.releases import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0002_representatives_come")]

    operations = [
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["held_for"], name="held_for_somebody_to_look", condition=models.Q(("held_for", ""), _negated=True)
            ),
        ),
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["decided_at"],
                name="words_still_to_be_emptied",
                condition=models.Q(("decided_at__isnull", False), ("emptied_on__isnull", True)),
            ),
        ),
        AddIndexWhileServing(
            "member",
            models.Index(
                fields=["new_email_index"],
                name="members_by_address_to_come",
                condition=models.Q(("new_email_index__isnull", False)),
            ),
        ),
        AddIndexWhileServing("memberlink", models.Index(fields=["expires_at"], name="links_by_their_end")),
    ]
