from django.db import migrations

import s4jr.privacy.sealed


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_who_by_number")]

    operations = [
        migrations.AddField(
            "user",
            "new_address",
            s4jr.privacy.sealed.SealedTextField(
                context="user.new_address", editable=False, null=True, verbose_name="address to come"
            ),
        ),
    ]
