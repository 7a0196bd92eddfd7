from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0009_word_proves_inbox")]

    operations = [
        migrations.AddField(
            "member",
            "declined_version",
            models.PositiveIntegerField(editable=False, help_text="What “not now” was about.", null=True),
        ),
    ]
