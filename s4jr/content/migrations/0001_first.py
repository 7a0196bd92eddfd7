import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='CacheVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.BigIntegerField(verbose_name='name')),
            ],
            options={
                'verbose_name': 'cache version',
                'verbose_name_plural': 'cache versions',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_cache_version_is_current')],
            },
        ),
        migrations.CreateModel(
            name='TextBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, verbose_name='text')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr-ca', 'Français'), ('es', 'Español')], max_length=10, verbose_name='language')),
                ('edit', models.TextField(blank=True, default='', help_text='If empty, readers see the original text.', verbose_name='edited text')),
                ('edited_from', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('is_hidden', models.BooleanField(default=False, help_text='A hidden text isn’t on any public page.', verbose_name='hidden')),
                ('updated_at', models.DateTimeField(blank=True, null=True, verbose_name='changed')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'page text',
                'verbose_name_plural': 'page text',
                'ordering': ['key', 'language'],
                'constraints': [models.UniqueConstraint(fields=('key', 'language'), name='one_text_block_a_key_and_language')],
            },
        ),
        migrations.CreateModel(
            name='TextBlockRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='text')),
                ('replaced_at', models.DateTimeField(auto_now_add=True, verbose_name='replaced')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='replaced by')),
                ('text_block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='content.textblock')),
            ],
            options={
                'verbose_name': 'earlier version',
                'verbose_name_plural': 'earlier versions',
                'ordering': ['-replaced_at', '-pk'],
            },
        ),
    ]
