"""The library as files: Markdown with YAML front matter, one file per set, story or note.

`documents` says what a file says, `parsing` reads it, `writing` writes it, `bundle` reads a folder
of them, `checking` names what a finished library must not lack. Nothing here knows the database.
"""
