"""A library and its sittings of any size, made inside Postgres: what lies around what is measured.

Nothing here is looked at closely. So no trigger and no foreign key is asked meanwhile.
"""

from dataclasses import dataclass

from django.db import connection

FIRST = 1_000_000
"""The smallest id of what is made here; what is measured has smaller ones."""
IN_A_SET = 5
"""As in the bundled library. So of both sizes the 200 that wait longest are of 200 sets."""


@dataclass(frozen=True)
class Size:
    questions: int
    interviews: int
    answers: int
    on_networking: int
    """Of so many sets and questions one is on this topic, whose page is measured."""
    waiting: int
    """Of so many interviews one waits for another review."""


# The lists of both are longer than a page: so what differs is what a page must not read.
SMALL = Size(1_000, 1_000, 1_000, on_networking=1, waiting=1)
LARGE = Size(100_000, 100_000, 1_000_000, on_networking=17, waiting=10)

PARTS = (
    """
    INSERT INTO questions_questionset (id, slug, title, status, license, despite_licence,
        checked_against, sources, extra, updated_at, summary, description, level)
    SELECT %(first)s + n, 'around-' || n, 'Set number ' || md5(n::text), 'published', 'CC-BY-4.0',
        false, '', '[]', '', now(), 'A summary of set ' || n, '', ''
    FROM generate_series(0, %(sets)s - 1) AS n
    """,
    """
    INSERT INTO questions_question (id, question_set_id, slug, position, status, prompt, body,
        answer, difficulty, minutes, follow_ups, sources, updated_at)
    SELECT %(first)s + n, %(first)s + n / %(in_a_set)s, 'q-' || n, n %% %(in_a_set)s + 1,
        'published',
        'What does ' || md5(n::text) || ' do to a pod?', '',
        repeat('It restarts the container when its probe ' || md5((-n)::text) || ' fails. ', 4),
        n %% 3 + 1, 5, '[]', '[]', now()
    FROM generate_series(0, %(questions)s - 1) AS n
    """,
    """
    INSERT INTO questions_questionset_topics (questionset_id, topic_id)
    SELECT item.id, topic.id FROM questions_questionset AS item CROSS JOIN questions_topic AS topic
    WHERE item.id >= %(first)s AND (
        CASE WHEN topic.slug = 'networking' THEN item.id %% %(on_networking)s
        ELSE (item.id + topic.id) %% 17 END) = 0
    """,
    """
    INSERT INTO questions_question_topics (question_id, topic_id)
    SELECT item.id, topic.id FROM questions_question AS item CROSS JOIN questions_topic AS topic
    WHERE item.id >= %(first)s AND (
        CASE WHEN topic.slug = 'networking' THEN item.id %% %(on_networking)s
        ELSE (item.id + topic.id) %% 17 END) = 0
    """,
    """
    INSERT INTO questions_questionversion (id, question_id, number, digest, content, created_at)
    SELECT id, id, 1, md5(prompt), jsonb_build_object('prompt', prompt, 'body', '', 'answer',
        answer, 'key_points', jsonb_build_array(
            jsonb_build_object('key', 'a', 'text', 'It says why', 'weight', 1))), now()
    FROM questions_question WHERE id >= %(first)s
    """,
    """
    INSERT INTO accounts_user (id, password, is_superuser, email, name, is_staff, is_active,
        date_joined)
    SELECT %(first)s + n, '!', false, 'around-' || n || '@example.com', '', false, true, now()
    FROM generate_series(0, %(people)s - 1) AS n
    """,
    """
    INSERT INTO session (session_key, session_data, expire_date, user_id)
    SELECT md5('session' || id), repeat('.', 200), now() + interval '1 day', id
    FROM accounts_user WHERE id >= %(first)s
    """,
    """
    INSERT INTO interview_interview (id, candidate_id, title, question_set_id, mode, "limit",
        time_factor, started_at, deadline, ended_at, revealed_at, extensions)
    SELECT md5('interview' || n)::uuid, %(first)s + n %% %(people)s, 'Sat before',
        %(first)s + n %% %(sets)s, 'free', '1 hour', 1, at, at + interval '1 hour',
        at + interval '50 minutes', at + interval '1 hour', 0
    FROM generate_series(0, %(interviews)s - 1) AS n,
        LATERAL (SELECT now() - interval '30 days' * (n + 1) / %(interviews)s AS at) AS times
    """,
    """
    INSERT INTO interview_answer (id, interview_id, position, question_version_id, minutes, text,
        revision, last_revision, sequence, saved_at, opened_at, closes_at, accepts_until, flagged)
    SELECT %(first)s + n, md5('interview' || n %% %(interviews)s)::uuid, n / %(interviews)s + 1,
        %(first)s + (n %% %(interviews)s + n / %(interviews)s * 31) %% %(questions)s, 5,
        repeat('The kubelet restarts it. ', 4) || n, 1, 1, 1, now() - interval '1 day',
        now() - interval '2 days', now() - interval '1 day', now() - interval '1 day', false
    FROM generate_series(0, %(answers)s - 1) AS n
    """,
    """
    INSERT INTO interview_revision (interview_id, answer_id, number, kind, text, saved_at)
    SELECT interview_id, id, 1, 'finish', text, saved_at
    FROM interview_answer WHERE id >= %(first)s
    """,
    """
    INSERT INTO interview_assignment (id, interview_id, slot, pseudonym, asked_at, done_at)
    SELECT md5('assignment' || n)::uuid, md5('interview' || n)::uuid, 1, 'Quiet Owl', at,
        at + interval '5 hours'
    FROM generate_series(0, %(interviews)s - 1) AS n,
        LATERAL (SELECT now() - interval '20 days' * (n + 1) / %(interviews)s AS at) AS times
    """,
    """
    INSERT INTO interview_assignment (id, interview_id, slot, pseudonym, asked_at)
    SELECT md5('waiting' || n)::uuid, md5('interview' || n)::uuid, 2, 'Calm Heron',
        now() - interval '20 days' * (n + 1) / %(interviews)s
    FROM generate_series(0, %(interviews)s - 1) AS n WHERE n %% %(waiting)s = 0
    """,
    """
    INSERT INTO interview_review (id, interview_id, assignment_id, author_id, kind, reason,
        knowledge, reasoning, communication, score, created_at, published_at, visible_from)
    SELECT md5('review' || n)::uuid, interview_id, id, %(first)s + n %% 50, 'reviewer', '',
        3, 3, 3, 70, done_at, done_at, done_at
    FROM (SELECT *, row_number() OVER () AS n FROM interview_assignment WHERE done_at IS NOT NULL)
        AS done
    """,
)

INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text ~ '^(questions|interview)_' AND NOT indisunique
"""
"""Of no constraint."""


def around(size: Size) -> None:
    """Fill the tables; `VACUUM ANALYZE` is left to whoever adds the last rows."""
    numbers = {
        "first": FIRST,
        "in_a_set": IN_A_SET,
        "sets": size.questions // IN_A_SET,
        "questions": size.questions,
        "people": size.interviews // 10,
        "interviews": size.interviews,
        "answers": size.answers,
        "on_networking": size.on_networking,
        "waiting": size.waiting,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        # Made at once at the end they take a tenth of the time.
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _made_by in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for statement in PARTS:
            cursor.execute(statement, numbers)
        for _name, made_by in indexes:
            cursor.execute(made_by)
        cursor.execute("RESET session_replication_role; RESET synchronous_commit")
