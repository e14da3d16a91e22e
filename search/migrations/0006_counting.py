"""Facets as terms that `ts_stat` counts, those in groups by themselves; two columns that PostgreSQL derives."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

# Rows are taken along: the only facet in groups was the articles' `attribute`, "attribute=voltage=18".
_AS_TERMS = """
    ALTER TABLE search_entry RENAME COLUMN facets TO listed;
    ALTER TABLE search_entry ADD COLUMN facets tsvector;
    UPDATE search_entry SET
        facets = array_to_tsvector(ARRAY(SELECT '=' UNION SELECT one FROM unnest(listed) AS one WHERE NOT one ^@ 'attribute=')),
        groups = array_to_tsvector(ARRAY(SELECT '=' UNION SELECT one FROM unnest(listed) AS one WHERE one ^@ 'attribute='));
    ALTER TABLE search_entry ALTER COLUMN facets SET NOT NULL;
    ALTER TABLE search_entry DROP COLUMN listed;
"""
_AS_ARRAY = """
    ALTER TABLE search_entry RENAME COLUMN facets TO terms;
    ALTER TABLE search_entry ADD COLUMN facets text[];
    UPDATE search_entry SET facets = array_remove(tsvector_to_array(terms) || tsvector_to_array(groups), '=');
    ALTER TABLE search_entry ALTER COLUMN facets SET NOT NULL;
    ALTER TABLE search_entry DROP COLUMN terms;
"""
_HEADING = "CASE WHEN codes @> ARRAY['§aside'] THEN ''::tsvector ELSE strip(ts_filter(%(expressions)s, '{a}')) END"
# What questions go by stays within the row, packed if need be; texts to show and prices move out of a long row first.
_WITHIN = ("vector", "facets", "codes", "readers", "folded", "kind", "key", "sort_ru", "sort_en")
_STORED = "".join(f"ALTER TABLE search_entry ALTER COLUMN {column} SET STORAGE {{0}};" for column in _WITHIN)
_FACETS = django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["facets"], name="search_entry_facets")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_vocabulary")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="search_entry_facets"),
        migrations.AddField(
            model_name="entry",
            name="groups",
            field=django.contrib.postgres.search.SearchVectorField(default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(
            _AS_TERMS + _STORED.format("MAIN"),
            _STORED.format("EXTENDED") + _AS_ARRAY,
            state_operations=[
                migrations.AlterField(
                    model_name="entry", name="facets", field=django.contrib.postgres.search.SearchVectorField()
                )
            ],
        ),
        migrations.AddField(
            model_name="entry",
            name="heading",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("vector", template=_HEADING),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="open",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(models.Q(("readers__contains", ["everyone"])), models.BooleanField()),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RunSQL("ALTER TABLE search_entry ALTER COLUMN heading SET STORAGE MAIN", migrations.RunSQL.noop),
        migrations.AddIndex(model_name="entry", index=_FACETS),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["heading"], name="search_entry_heading"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["groups"], name="search_entry_groups"
            ),
        ),
    ]
