"""The library as files: Markdown with YAML front matter, one file per set, story or note.

`documents` says what a file says, `parsing` reads it, `writing` writes it, `bundle` reads a folder
of them, `folders` writes one, `pictures` finds what they show, `checking` names what a finished
library must not lack. None of these knows the database: `loading` brings it to what files say,
`renaming` refuses a set under a new id, `exporting` is the way back.
"""
