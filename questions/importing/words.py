"""What words say: a question, an answer's label, a placeholder, boilerplate.

Lists of words are in the languages of the files surveyed; a language that is missing costs
certainty, not questions, since numbers, headings and question marks need no words.
"""

import re
import unicodedata

ASKING = re.compile(
    r"(?i:what|whats|why|how|when|where|who|whom|whose|which|is|are|am|was|were|do|does|did|"
    r"can|could|"
    r"should|would|will|have|has|explain|describe|define|list|name|compare|contrast|discuss|tell|"
    r"give|differentiate|difference|differences|distinguish|mention|write|design|implement|"
    r"suppose|imagine|if you|talk|state|outline|illustrate|elaborate|walk|show|demonstrate|"
    r"pros and cons|advantages|create|find|true or false|"
    r"что|как|какие|какой|какая|какое|каков\w*|чем|зачем|почему|когда|где|кто|сколько|можно|"
    r"расскажите|объясните|опишите|назовите|перечислите|"
    r"що|як|які|який|яка|яке|чим|навіщо|чому|коли|де|хто|скільки|поясніть|опишіть|назвіть|"
    r"was|wie|warum|wann|wo|wer|welche[rsnm]?|wozu|erkläre\w*|beschreibe\w*|nenne\w*|"
    r"qué|cómo|cuál|cuáles|cuándo|dónde|quién|por qué|explique|explica|describe|defina|"
    r"que|como|qual|quais|quando|onde|quem|o que|por que|"
    r"quoi|comment|pourquoi|quand|où|qui|quel|quelle|quels|quelles|qu'est|expliquez|décrivez|"
    r"cosa|come|perché|quale|quali|spiega|nedir|nasıl|neden|açıkla\w*|"
    r"jak|jaki|jaka|jakie|dlaczego|czym|kiedy|gdzie|kto|który|wyjaśnij|opisz|"
    r"hoe|waarom|wanneer|welke|beschrijf|apa|bagaimana|mengapa|jelaskan|"
    r"какво|защо|кога|обяснете|опишете|шта|како|зашто|објасни\w*|"
    r"τι|πώς|ποι\w+|γιατί|πότε|πού|εξηγήστε|περιγράψτε|αναφέρετε|"
    r"ما|ماذا|ماهو|ماهي|هل|كيف|لماذا|متى|أين|اشرح|چه|چگونه|آیا|چرا|کدام|"
    r"מה|איך|כיצד|למה|מדוע|הסבר\w*|תאר\w*)\b"
    r"|什么|什麼|为什么|為什麼|如何|怎么|怎麼|谈谈|简述|解释|说说|请|なぜ|どう|何|무엇|왜|어떻게",
)
ASKING_INSIDE = re.compile(
    r"什么|什麼|为什么|如何|怎么|哪些|区别|吗$|何ですか|ですか|ますか|인가|나요|까요|"
    r"क्या|कैसे|क्यों|আপনি কি|là gì|tại sao|thế nào|คืออะไร|อย่างไร|ทำไม"
)

# Nothing but a link.
LINKED = re.compile(r"\W*\[(?:[^\[\]]|\[[^\]]*\])*\]\([^()\s]*\)\W*")
VERSUS = re.compile(r"\w\W+(?i:vs|versus)\b\W+\w")
# Also the Arabic, the full-width, the Armenian, the Ethiopic and the Greek mark.
QUESTION_MARK = re.compile(r"[?？؟՞፧\u037e]")
# Greeks write a semicolon.
GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
# The address of a link says nothing: only its words count.
ADDRESS = re.compile(r"(?<=\])\((?:[^()\s]|\([^()\s]{0,200}\)){0,500}\)|https?://\S+")
# What is left of a picture that was saved in another encoding: `?? Tips`, `? Be ready`.
LOST_PICTURE = re.compile(r"^[^\w?\ufffd]*+[?\ufffd]++\ufe0f?[ \t]++(?=\w)")
LAST_LINK = re.compile(r"\[[^\[\]]*\]\W*$")

_ANSWER = (
    r"(?:show|hide|view|see) (?:the )?answer|model answer|sample answer|suggested answer|"
    r"correct answer|answer key|answers?|ans|"
    r"solutions?|"
    r"sol|response|explanation|ответ|решение|відповідь|рішення|antwort|lösung|respuesta|solución|"
    r"resposta|réponse|risposta|cevap|答案|解答|答|回答|解析|답변|답|정답|odpowiedź"
)
# A label at the begin of a line: `Answer:`, `**A**:`, `> A:`, `#### Answer: D`, `Ans -`.
ANSWER_LABEL = re.compile(
    r"^[ \t>]*+(?:[-*+][ \t]+)?(?:#{1,6}[ \t]*+)?"
    r"(?P<open>\*\*\*|\*\*|__|\*|_|<b>|<strong>)?[ \t]*+"
    rf"(?:(?P<word>(?i:{_ANSWER}))[ \t]*+(?P<number>\d{{1,4}})?|"
    rf"(?P<letter>[Aa])(?P<n>\d{{1,4}})?)[ \t]*+"
    r"(?P<close>\*\*\*|\*\*|__|\*|_|</b>|</strong>)?"
    r"[ \t]*+(?:(?P<mark>::?|：|[-–—](?=\s|$)|[.)](?=\s|$))[ \t]*+"
    r"(?P<late>\*\*\*|\*\*|__|\*|_|</b>|</strong>)?|(?P<bare>$))[ \t]*+",
)
# The same in the line of the question: `What is etcd? Ans: a store`.
INLINE_ANSWER = re.compile(
    r"(?<=[?？.!:\s*])[ \t]*+(?:\*\*|__|\*|<br */?>)?[ \t]*+\b(?P<word>(?i:answer|ans|solution|"
    r"ответ|відповідь|antwort|"
    r"respuesta|resposta|réponse)|A)[ \t]*+(?:\*\*|__|\*)?[:：][ \t]*+(?:\*\*|__|\*)?[ \t]*+"
)
# Where headings say which part of a question is which: “Scenario”, “Question”, “Strong Answer”.
QUESTION_HEADING = re.compile(
    r"^[ \t]*+#{1,6}[ \t]++\W*+(?:[\w-]++[ \t]++)?"
    r"(?i:question|scenario|prompt|task|problem|situation)\W*$"
)
ANSWER_HEADING = re.compile(
    r"^[ \t]*+#{1,6}[ \t]++\W*+(?!.*\b(?i:weak|wrong|bad|poor|incorrect|common|how|why|what)\b)"
    r"(?:[\w-]++[ \t]++){0,4}(?i:answer|solution)\W*$"
)
FOLLOW_UPS = re.compile(
    r"^[ \t>]*+(?:[-*+][ \t]+)?(?:#{1,6}[ \t]*+)?(?:\*\*|__|\*)?[ \t]*+"
    r"(?i:follow[- ]?ups?(?: questions?)?|followup)[ \t]*+(?:\*\*|__|\*)?[ \t]*+[:：]?[ \t]*+"
    r"(?:\*\*|__|\*)?[ \t]*+"
)
KEY_POINTS = re.compile(
    r"^[ \t>]*+(?:#{1,6}[ \t]*+)?(?:\*\*|__|\*)?[ \t]*+(?i:key points?|what to look for|"
    r"expected points?)[ \t]*+(?:\*\*|__|\*)?[ \t]*+[:：]?[ \t]*+(?:\*\*|__|\*)?[ \t]*+$"
)
# The summary of <details> that hide the answer of the question above.
HOLDER = re.compile(
    rf"\W*(?i:(?:(?:click|tap)(?: here)?(?: to| for)?|show|see|view|reveal|expand|toggle|open|"
    rf"check|"
    r"read|hide|показать|показати|посмотреть|"
    r"ver|mostrar|afficher|anzeigen|查看|点击查看|显示)?[ \t]*+"
    rf"(?:me|the|an|your|my)?[ \t]*+(?:sample|possible|correct)?[ \t]*+"
    rf"(?:{_ANSWER}|hints?|show|click|expand|details|more|code|yaml|spoiler|подсказка|"
    rf"показать|показати|查看)"
    r"(?:[ \t]*+(?:here|me|code|\d+|/[ \t]*+hide))?)\W*"
)
PLACEHOLDER = re.compile(
    r"[\W_]*(?:(?i:to-?do|tbd|tba|pass|n/?a|fixme|wip|coming soon|no answer(?: yet)?|"
    r"a(?:nswer|ns)?[ \t]*:[\W_]*)[\W_]*)?"
)
# May be an answer, most often is none: kept, and named in the problems.
UNFINISHED = re.compile(
    r"(?i:\W*(?:to be (?:completed|done|added|continued|written)|work in progress|"
    r"answer (?:is )?(?:coming|needed|missing)|not answered(?: yet)?)\W*)"
)

CONTENTS = re.compile(
    r"(?i:table of contents?|contents?|toc|index|list of questions|questions? list|"
    r"содержание|оглавление|зміст|目录|目錄|目次|목차|índice|contenido|inhalt(?:sverzeichnis)?|"
    r"sommaire|table des matières|indice|sumário|içindekiler)"
)
BOILERPLATE = re.compile(
    r"(?i:(?:how to )?contribut\w*|contributors?|licen[cs]es?|sponsors?\w*|support(?: (?:me|us))?|"
    r"acknowledge?ments?|credits?|thanks?|thank you|disclaimers?|authors?|about|about (?:this|"
    r"the|me|us)\b.*|"
    r"related(?: \w+)*|(?:\w+ )?resources?|references?|further reading|useful (?:links|resources)|"
    r"other (?:lists|links|resources)\b.*|more (?:lists|links|resources)\b.*|links?|see also|"
    r"changelog|"
    r"star(?:s| history)?|translations?|how to use(?: (?:this|it)\b.*)?|getting started|"
    r"getting involved|community|contact(?: \w+)?|"
    r"follow (?:me|us)|donat\w+|prerequisites?|badges?|copyright|legend|maintainers?|"
    r"авторы|лицензия|автори|ліцензія|ресурсы|贡献|许可证|autores|licencia|licença|lizenz|mitwirkende)"
)
STORY = re.compile(
    r"(?i:failure stor(?:y|ies)|post[- ]?mortems?|outages?|incident reports?|incidents?|"
    r"war stor(?:y|ies)|"
    r"horror stor(?:y|ies)|disasters?|failures? at\b|what went wrong|постмортем\w*)"
)
# Several of them.
STORIES = re.compile(
    r"(?i:stories|post[- ]?mortems|outages|incidents|incident reports|disasters)\W*$"
)
# A heading within one story.
STORY_PART = re.compile(
    r"(?i:(?:executive )?summary|overview|background|what (?:happened|went|we)|time ?line|impact|"
    r"(?:root )?causes?|detection|response|resolution|recovery|mitigation|fix(?:es)?|lessons?|"
    r"action items|follow[- ]?ups?|next steps|remediation|analysis|conclusions?|glossary|status)\b"
)
GENERIC_TITLE = re.compile(
    r"(?i:(?:the )?(?:interview )?(?:questions?|q ?& ?a|q ?and ?a|faqs?|list)"
    r"(?: (?:and|&|with) answers?)?|вопросы|питання|fragen|preguntas|perguntas|问题)\W*"
)
ABOUT_QUESTIONS = re.compile(
    r"(?i:interview|question|quiz|q&a|faq|exercise|challenge|flash ?card|"
    r"вопрос|питан|запитан|собесед|"
    r"співбесід|"
    r"面试|面試|題|题|面接|質問|면접|질문|frage|pregunta|pergunta|entrevista|entretien|domand|"
    r"ερωτήσ|συνέντευξ|أسئلة|مقابل|سوال|مصاحبه|שאל|ראיון|प्रश्न|साक्षात्कार|প্রশ্ন|câu hỏi|phỏng vấn|"
    r"คำถาม|สัมภาษณ์|soru|mülakat|pyta[nń]|rozmow|въпрос|интервю|питања|otázk|vragen|wawancara)"
)

TASKS = re.compile(
    r"(?i:challenges|exercises|assignments|tasks|katas|завдання|задачи|aufgaben|ejercicios)\b"
)
ANSWERED = re.compile(r"(?i:answer|solution|solved)")

EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-zA-Z]{2,}\b")
DIFFICULTY = {
    **dict.fromkeys(("1", "easy", "basic", "beginner", "junior", "low", "simple", "entry"), 1),
    **dict.fromkeys(("2", "medium", "intermediate", "moderate", "middle", "mid", "normal"), 2),
    **dict.fromkeys(("3", "hard", "advanced", "difficult", "senior", "expert", "high"), 3),
}


def asks(text: str) -> bool:
    """Whether the text looks like a question: by its mark, or by how it begins."""
    words = re.sub(r"<[^>]*>|[*_`~\"“”«»'‘’]", "", ADDRESS.sub("", text)).strip()
    words = LOST_PICTURE.sub("", words)
    if QUESTION_MARK.search(words) or _greek_mark(words):
        return True
    start = re.sub(r"^\W+", "", words)
    if ASKING.match(start) or ASKING_INSIDE.search(words) or "____" in text:
        return True
    return len(words) < 100 and VERSUS.search(words) is not None


def speaks_of_questions(title: str) -> bool:
    """Such as “Questions about networks”: no question, but they stand below it."""
    return ABOUT_QUESTIONS.search(title) is not None and not has_mark(title)


def asks_plainly(text: str) -> bool:
    """Whether it looks like a question even where it is a link: a word such as “How” won't do."""
    return has_mark(text) or ASKING_INSIDE.search(text) is not None


def has_mark(text: str) -> bool:
    """Whether there is a question mark, in the script of the text."""
    bare = LOST_PICTURE.sub("", ADDRESS.sub("", text))
    return QUESTION_MARK.search(bare) is not None or _greek_mark(bare)


def _greek_mark(text: str) -> bool:
    return ";" in text and any(
        line.rstrip(" \t*_\"'»”)").endswith(";") and GREEK.search(line) is not None
        for line in text.split("\n")
    )


def ends_asking(text: str) -> bool:
    """Whether the text, or what stands before a link behind it, ends in a question mark."""
    bare = ADDRESS.sub("", text)
    for _ in range(5):
        link = LAST_LINK.search(bare)
        if link is None or not bare[: link.start()].strip():
            break
        bare = bare[: link.start()].rstrip(" \t*_-–—:(")
    if _greek_mark(bare):
        return True
    ends = [found.end() for found in QUESTION_MARK.finditer(bare)]
    return bool(ends) and re.search(r"\w", bare[ends[-1] :]) is None


def is_placeholder(text: str) -> bool:
    """`TODO`, `***`, `PASS` or nothing; one word such as `etcd` is an answer."""
    return PLACEHOLDER.fullmatch(text.strip()) is not None


def normalised(text: str) -> str:
    """What is left of a text when spelling with capitals, marks and blanks does not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Two underscores and more are a gap to fill in: where it stands makes another question.
    return " ".join(re.findall(r"\w+", re.sub(r"(?<!_)_(?!_)", " ", folded)))


def read_difficulty(text: str) -> int | None:
    """1 to 3 for the words that people use for them; None for every other."""
    return DIFFICULTY.get(text.strip().strip("*_()[]").lower())
