from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interview", "0006_claims_end_with_their_holder")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="mailed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="candidate mailed"),
        ),
    ]
