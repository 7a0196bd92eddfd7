from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chapters", "0002_representative_searched")]

    operations = [
        migrations.AddField(
            "offer",
            "talked_on",
            models.DateField(
                editable=False,
                help_text="Taken up and not talked with yet, it stays on a list.",
                null=True,
                verbose_name="talked with",
            ),
        ),
        migrations.AddField(
            "offer",
            "version",
            models.PositiveIntegerField(
                db_default=1, default=1, editable=False, help_text="Raised by each change to what was offered."
            ),
        ),
    ]
