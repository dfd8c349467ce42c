from django.db import migrations

# docs/scaling.md says why. Neither locks anybody out; what is there is laid out anew as it changes.
SETTINGS = {
    "interview_answer": {
        "fillfactor": 50,
        "autovacuum_vacuum_scale_factor": 0.02,
        "autovacuum_analyze_scale_factor": 0.02,
    },
    "interview_comment": {"fillfactor": 50},
    "interview_assignment": {
        "fillfactor": 80,
        "autovacuum_vacuum_scale_factor": 0.01,
        "autovacuum_vacuum_insert_scale_factor": 0.01,
        "autovacuum_analyze_scale_factor": 0.02,
    },
    "interview_revision": {
        "autovacuum_vacuum_insert_scale_factor": 0.05,
        "autovacuum_analyze_scale_factor": 0.05,
    },
    "interview_mark": {
        "autovacuum_vacuum_insert_scale_factor": 0.05,
        "autovacuum_analyze_scale_factor": 0.05,
    },
}


def setting(table, parameters):
    values = ", ".join(f"{name} = {value}" for name, value in parameters.items())
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET ({values})",
        f"ALTER TABLE {table} RESET ({', '.join(parameters)})",
    )


class Migration(migrations.Migration):
    dependencies = [("interview", "0014_indexes_of_waits_and_paces")]

    operations = [setting(table, parameters) for table, parameters in SETTINGS.items()]
