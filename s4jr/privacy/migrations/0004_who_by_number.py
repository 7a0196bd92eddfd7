from django.db import migrations, models

from s4jr.releases import AddIndexWhileServing, RemoveIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("privacy", "0003_limits_expire")]

    operations = [
        migrations.AddField(
            "accesslog",
            "user_id",
            models.BigIntegerField(
                help_text="The number of their sign-in, which no renaming changes. It stays when they are gone.",
                null=True,
            ),
        ),
        migrations.AddField(
            "accesslog",
            "budget",
            models.CharField(
                blank=True,
                choices=[("lists", "opened from a list, a search or an address"), ("queue", "handed out by the review queue")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "accesslog",
            "action",
            models.CharField(
                choices=[
                    ("opened", "opened"),
                    ("changed", "changed"),
                    ("decided", "decided"),
                    ("erased", "erased"),
                    ("exported", "exported"),
                    ("sent", "sent"),
                    ("searched", "searched"),
                    ("undone", "undone"),
                ],
                max_length=20,
            ),
        ),
        AddIndexWhileServing("accesslog", models.Index(fields=["user_id", "at"], name="access_by_this_user")),
        RemoveIndexWhileServing("accesslog", "what_somebody_did_lately"),
    ]
