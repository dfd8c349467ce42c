import django.db.models.deletion
from django.db import migrations, models


# Django's own foreign keys have one column.
CREATE = """
ALTER TABLE interview_acceptedtext ADD CONSTRAINT accepted_text_is_of_its_answer
    FOREIGN KEY (answer_id, number) REFERENCES interview_revision (answer_id, number)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE interview_acceptedtext DROP CONSTRAINT accepted_text_is_of_its_answer;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('interview', '0007_restored_revisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='revision')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='interview.answer', verbose_name='answer')),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='interview.interview')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted_texts', to='interview.review', verbose_name='review')),
                ('revision', models.ForeignObject(from_fields=['answer', 'number'], on_delete=django.db.models.deletion.CASCADE, related_name='+', to='interview.revision', to_fields=['answer', 'number'])),
            ],
            options={
                'verbose_name': 'accepted text',
                'verbose_name_plural': 'accepted texts',
                'ordering': ['review_id', 'answer_id'],
                'constraints': [models.UniqueConstraint(fields=('review', 'answer'), name='accepted_text_one_per_answer_and_review', violation_error_message='One late text of an answer can be accepted.')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
