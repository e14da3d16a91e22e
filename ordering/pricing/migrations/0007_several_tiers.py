"""Price lists that are kept or were taken along say their tiers as several, each with its brand and exceptions."""

from django.db import migrations

SEVERAL = """
CREATE FUNCTION pg_temp.several_tiers(basis jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT basis - '{discount,brands,branches}'::text[] || jsonb_build_object('tiers', jsonb_build_array(jsonb_build_array(
        NULL, basis -> 'discount',
        (SELECT coalesce(jsonb_agg(jsonb_build_array(NULL, one -> 0, one -> 1)), '[]')
         FROM jsonb_array_elements(basis -> 'brands') one)
     || (SELECT coalesce(jsonb_agg(jsonb_build_array(one -> 0, NULL, one -> 1)), '[]')
         FROM jsonb_array_elements(basis -> 'branches') one)
    )))
$$;
UPDATE pricing_takenlist SET basis = pg_temp.several_tiers(basis) WHERE NOT basis ? 'tiers';
UPDATE pricing_pricefile SET told = jsonb_set(told, '{basis}', pg_temp.several_tiers(told -> 'basis'))
WHERE told ? 'basis' AND NOT told -> 'basis' ? 'tiers';
DROP FUNCTION pg_temp.several_tiers(jsonb)
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0006_thrown_away_whole")]

    operations = [migrations.RunSQL(SEVERAL, migrations.RunSQL.noop)]
