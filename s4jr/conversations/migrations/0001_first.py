from django.db import migrations, models

class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SavedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='For those who answer. The person who wrote never sees it.', max_length=80, verbose_name='title')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr-ca', 'Français'), ('es', 'Español')], default='en', max_length=10, verbose_name='language')),
                ('text', models.TextField(help_text='Leave out names and anything about one person. Everyone who answers can read it.', max_length=4000, verbose_name='text')),
                ('audience', models.CharField(choices=[('admins', 'admins'), ('representatives', 'representatives')], default='admins', help_text='Representatives find theirs on their own pages, as sample answers.', max_length=15, verbose_name='for answers by')),
            ],
            options={
                'verbose_name': 'saved reply',
                'verbose_name_plural': 'saved replies',
                'ordering': ['title', 'language'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('title', 'language'), name='one_saved_reply_a_title_and_language', violation_error_message='There is already a saved reply with this title in this language.')],
            },
        ),
    ]
