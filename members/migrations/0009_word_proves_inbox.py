from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0008_credential_changes")]

    operations = [
        migrations.AddField(
            "member", "word_proves_inbox", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
