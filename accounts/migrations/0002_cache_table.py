from django.db import migrations

# The table that django.core.cache.backends.db.DatabaseCache expects (CACHES in settings). What
# it holds may be lost in a crash, so it is not logged.
CREATE = """
CREATE UNLOGGED TABLE cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    """Rate limits are counted in the database, so that they hold across processes."""

    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE cache")]
