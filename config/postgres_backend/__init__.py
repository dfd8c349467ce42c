"""Django's Postgres backend, which also starts the embedded database when it is asked to.

`config.embedded_postgres` says how that server lives.
"""
