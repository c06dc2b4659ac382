"""A decision about an account can be withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("strategy", "0004_series_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="status_before",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposal",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
