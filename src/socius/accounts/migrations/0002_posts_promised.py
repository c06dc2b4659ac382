"""Posts a week that the unit of an account promises."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("accounts", "0001_first_tables")]

    operations = [
        migrations.AddField(
            "account", "posts_promised", models.PositiveSmallIntegerField(null=True)
        ),
    ]
