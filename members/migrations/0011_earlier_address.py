from django.db import migrations, models

import s4jr.privacy.sealed


class Migration(migrations.Migration):
    dependencies = [("members", "0010_declined_version")]

    operations = [
        migrations.AlterField(
            "credentialchange",
            "kind",
            models.CharField(
                choices=[
                    ("word", "a secret word"),
                    ("code", "a new code"),
                    ("calendar", "a calendar address"),
                    ("address", "another email address"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            "credentialchange",
            "earlier_email",
            s4jr.privacy.sealed.SealedTextField(
                context="credential_change.earlier_email", help_text="Of an email address: the one before.", null=True
            ),
        ),
        migrations.AddField(
            "memberlink",
            "by_link_alone",
            models.BooleanField(
                db_default=False, default=False, help_text="Of another address: asked for with an email link alone."
            ),
        ),
    ]
