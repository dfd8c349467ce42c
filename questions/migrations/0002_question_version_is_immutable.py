from django.db import migrations

CREATE = """
CREATE FUNCTION questions_refuse_version_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.question_id, NEW.number, NEW.digest, NEW.content, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.question_id, OLD.number, OLD.digest, OLD.content, OLD.created_at)
        OR (NEW.created_by_id IS NOT NULL AND NEW.created_by_id IS DISTINCT FROM OLD.created_by_id)
    THEN
        RAISE EXCEPTION 'A question version never changes; make a new one.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER question_version_never_updated BEFORE UPDATE ON questions_questionversion
    FOR EACH ROW EXECUTE FUNCTION questions_refuse_version_update();
"""
DROP = """
DROP TRIGGER question_version_never_updated ON questions_questionversion;
DROP FUNCTION questions_refuse_version_update();
"""


class Migration(migrations.Migration):
    """Versions are what interviews asked: the database refuses to change them.

    Only who made one may be forgotten, when that account is deleted.
    """

    dependencies = [("questions", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
