from django.db import migrations


class Migration(migrations.Migration):
    """The numbers of orders come from a sequence of their own: no two are alike, a rolled-back order leaves a gap."""

    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE orders_number START 10001", "DROP SEQUENCE orders_number"),
    ]
