"""Reading files that nobody here wrote: Markdown, text, HTML, CSV, JSON and Anki exports.

From bytes to objects, in this order:

`decoding`         bytes to text, and what is refused: binary, too large, empty
`choosing`         which reader a file needs, and why

A text file:

`page`             its lines: which are code, tables, comments, `<details>`
`html_pages`       an HTML page as Markdown lines that know where they stood
`folded`           which `<details>` ask, and which hold answers
`marks`            lines that may begin a question: `3.`, `Q3)`, `### `, `- `, `**…**`
`marked_page`      the page with all its marks
`asking_headings`  which levels of headings are questions
`outline`          which headings are titles: the `sections` of the page
`lists`            which lines of a section ask, where no heading does
`numbering`        which numbers count questions, and which count steps in an answer
`segments`         from a mark and the lines below it to prompt, answer and follow-ups
`sets`             the questions of a section, in their sets
`stories`          lists of post-mortems, and stories told in prose
`line_owners`      which line has which place
`engine`           puts these together

Rows and objects:

`tables`           CSV, TSV and Anki's “notes in plain text” as rows
`json_values`      JSON whose values know where they stand
`column_names`     what a column or key holds, by its name
`table_records`, `json_records`, `records`   rows and objects as questions

All:

`own_format`       a file of our own format, seen through the same objects
`reading`          the objects: what was found, and where each line of the file went
`duplicates`       the same question twice, or nearly
`report`           the objects as JSON, and for people
`deciding`         what an editor decides about the objects, replayed on them
`keeping`          the objects as JSON for a column, and back
`drafts`           the objects as drafts in the database
`pending`          an import in the admin from its file to its drafts, and back
`forms`            what an editor says about a file

Only `drafts`, `pending` and `forms` know the database.

Nothing here fetches an address. The rules are told in docs/importing.md.
"""
