"""Kept price-list files say their tiers as several, each with its brand and exceptions."""

from django.db import migrations

SEVERAL = """
UPDATE pricing_takenlist SET basis = basis - '{discount,brands,branches}'::text[] || jsonb_build_object('tiers',
    jsonb_build_array(jsonb_build_array(NULL, basis -> 'discount',
        (SELECT coalesce(jsonb_agg(jsonb_build_array(NULL, one -> 0, one -> 1)), '[]') FROM jsonb_array_elements(basis -> 'brands') one)
     || (SELECT coalesce(jsonb_agg(jsonb_build_array(one -> 0, NULL, one -> 1)), '[]') FROM jsonb_array_elements(basis -> 'branches') one)
    )))
WHERE NOT basis ? 'tiers'
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0006_thrown_away_whole")]

    operations = [migrations.RunSQL(SEVERAL, migrations.RunSQL.noop)]
