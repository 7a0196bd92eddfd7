from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_asked_to_leave_at")]

    operations = [
        migrations.AddField(
            "member",
            "next_step_on",
            models.DateField(
                editable=False,
                help_text="Promised to whoever was asked to leave; on a list until somebody says that it took place.",
                null=True,
                verbose_name="next step promised for",
            ),
        ),
    ]
