from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mail", "0002_letters_newest_first")]

    operations = [
        migrations.AlterField(
            model_name="heartbeat",
            name="name",
            field=models.CharField(max_length=60, primary_key=True, serialize=False),
        ),
    ]
