"""Reading files that nobody here wrote: Markdown, text, HTML, CSV, JSON and Anki exports.

From bytes to objects, in this order:

`decoding`    bytes to text, and what is refused: binary, too large, empty
`choosing`    which reader a file needs, and why
`page`        a text file as lines: which are code, tables, comments, `<details>`
`marks`       lines that may begin a question: `3.`, `Q3)`, `### `, `- `, `**…**`
`numbering`   which numbers count questions, and which count steps in an answer
`outline`     which marks are questions, which headings are titles: the sections of the page
`segments`    from a mark and the lines below it to prompt, answer and follow-ups
`engine`      puts these together: lists, `<details>`, headings and bullets
`stories`     lists of post-mortems, and stories told in prose
`html_pages`  an HTML page as Markdown lines that know where they stood
`records`     rows with columns: CSV, TSV, Anki (`tables`) and JSON (`json_values`)
`own_format`  a file of our own format, seen through the same objects
`reading`     the objects: what was found, and where each line of the file went
`duplicates`  the same question twice, or nearly
`report`      the objects as JSON, and for people
`drafts`      the objects as drafts in the database; nothing else here knows the database

Nothing here fetches an address. The rules are told in docs/importing.md.
"""
