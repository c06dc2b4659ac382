"""The class of each series as it was known."""

from datetime import UTC, datetime, timedelta

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_terms(apps: Apps, schema: object) -> None:
    """Each series' class holds from when the series was made: nothing older is known."""
    term = apps.get_model("strategy", "SeriesTerm")
    series = apps.get_model("strategy", "Series")
    made = series.objects.values_list("pk", "class_name", "created_at")
    microsecond = timedelta(microseconds=1)
    term.objects.bulk_create(
        term(series_id=pk, class_name=name, known_from=(at - EPOCH) // microsecond)
        for pk, name, at in made
    )


class Migration(migrations.Migration):
    dependencies = [
        ("strategy", "0003_cells"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeriesTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("known_from", models.BigIntegerField()),
                ("known_until", models.BigIntegerField(null=True)),
                ("class_name", models.CharField(max_length=9)),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="strategy.series",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(first_terms, migrations.RunPython.noop),
    ]
