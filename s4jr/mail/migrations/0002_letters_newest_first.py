from django.db import migrations, models

from s4jr.releases import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0001_mail")]

    operations = [
        AddIndexWhileServing("outgoingemail", models.Index(fields=["created_at"], name="letters_newest_first")),
    ]
