from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0006_invitations_ask_30_questions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='revision',
            name='kind',
            field=models.CharField(choices=[('typing', 'while typing'), ('conflict', 'from another tab'), ('late', 'late'), ('finish', 'at the end'), ('restored', 'an earlier one, taken back')], default='typing', max_length=10, verbose_name='kind'),
        ),
    ]
