from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_indexes_for_a_million")]

    operations = [
        migrations.AddField(
            "member",
            "version",
            models.PositiveIntegerField(
                db_default=1, default=1, editable=False, help_text="Raised by each change to the answers."
            ),
        ),
    ]
