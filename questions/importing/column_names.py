"""What a column of a table or a key of a JSON object holds, by its name in many languages."""

import re

# What a column or key means, by its name in lower case without blanks and marks.
MEANINGS = {
    "prompt": (
        *("question", "questions", "prompt", "q", "front", "ask", "questiontext", "text", "card"),
        *("interviewquestion", "frage", "pregunta", "pergunta", "domanda", "вопрос", "питання"),
        *(
            "запитання",
            "问题",
            "問題",
            "题目",
            "題目",
            "soru",
            "质问",
            "質問",
            "질문",
            "frente",
            "term",
        ),
        *("stem", "questionstem", "problem", "problemstatement", "ερώτηση", "سؤال", "سوال", "प्रश्न"),
        *("vraag", "pytanie", "lacara", "vorderseite"),
    ),
    "answer": (
        *(
            "answer",
            "answers",
            "a",
            "back",
            "ans",
            "solution",
            "response",
            "correctanswer",
            "reply",
        ),
        *(
            "modelanswer",
            "sampleanswer",
            "answertext",
            "antwort",
            "respuesta",
            "resposta",
            "réponse",
        ),
        *(
            "reponse",
            "risposta",
            "ответ",
            "відповідь",
            "答案",
            "解答",
            "回答",
            "cevap",
            "답변",
            "답",
        ),
        *(
            "exampleanswer",
            "expectedanswer",
            "idealanswer",
            "definition",
            "correct",
            "dorso",
            "verso",
        ),
        *("correctanswers", "correctoption", "correctoptions", "correctchoice", "rightanswer"),
        *("antwoord", "odpowiedź", "rückseite", "answerkey", "referenceanswer"),
    ),
    "body": ("description", "body", "context", "code", "details", "scenario", "snippet"),
    "title": ("title", "name", "heading", "titel", "título", "заголовок", "标题"),
    "explanation": ("explanation", "explain", "rationale", "notes", "note", "解析", "пояснение"),
    "options": ("options", "choices", "alternatives", "answeroptions", "incorrectanswers"),
    "topics": (
        *("category", "categories", "topic", "topics", "tag", "tags", "subject", "section", "deck"),
        *(
            "area",
            "domain",
            "skill",
            "kategorie",
            "categoría",
            "категория",
            "категорія",
            "тема",
            "分类",
        ),
    ),
    "difficulty": (
        "difficulty",
        "level",
        "complexity",
        "сложность",
        "schwierigkeit",
        "难度",
        "nivel",
    ),
    "key_points": ("keypoints", "points", "rubric", "mustmention", "expectedpoints", "criteria"),
    "follow_ups": ("followups", "followup", "followupquestions", "commonfollowups"),
}
BY_NAME = {name: meaning for meaning, names in MEANINGS.items() for name in names}
INSIDE = ("question", "answer", "explanation", "difficulty", "category", "topic", "tag")


def meaning_of(name: str) -> str:
    """What a column or key of that name holds; empty when nobody knows."""
    plain = re.sub(r"[\W_]+", "", name.casefold())
    if plain in BY_NAME:
        return BY_NAME[plain]
    for word in INSIDE:
        if plain.endswith(word) and "id" not in plain and "number" not in plain:
            return BY_NAME[word]
    return ""
