from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_member_version")]

    operations = [
        migrations.AddField(
            "member",
            "asked_to_leave_at",
            models.DateTimeField(
                editable=False,
                help_text="Stays when they leave: who comes back after it is not approved again.",
                null=True,
            ),
        ),
    ]
