from django.db import migrations, models
from django.db.models.functions import Now

from s4jr.releases import AddIndexWhileServing


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("privacy", "0002_sessions_know_whose_they_are")]

    operations = [
        migrations.AddField(
            model_name="ratelimit",
            name="expires_at",
            field=models.DateTimeField(db_default=Now(), help_text="When its window is over and the row may go."),
        ),
        AddIndexWhileServing("ratelimit", models.Index(fields=["expires_at"], name="limits_that_are_over")),
    ]
