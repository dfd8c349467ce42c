from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM session WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_sessions_end_with_the_password
    AFTER UPDATE OF password, is_active ON accounts_user
    FOR EACH ROW
    WHEN (OLD.password IS DISTINCT FROM NEW.password OR (OLD.is_active AND NOT NEW.is_active))
    EXECUTE FUNCTION accounts_end_sessions();
"""
DROP = """
DROP TRIGGER user_sessions_end_with_the_password ON accounts_user;
DROP FUNCTION accounts_end_sessions();
"""


class Migration(migrations.Migration):
    """A password can change by many ways, and no constraint can end the sessions made with it.

    Django notices at the session's next request; a save asks only whether the session is there.
    """

    dependencies = [("accounts", "0002_cache_table")]

    operations = [migrations.RunSQL(CREATE, DROP)]
