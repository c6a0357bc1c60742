"""Short answers that are none, in the languages that cards are written in: not available, to follow, no information."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_LONGEST: Final = 80
"""characters of an answer that is looked at; whoever writes more says something besides"""
_MOST: Final = 8
"""and words of it"""
_BY_FIRST_WORD: Final[tuple[tuple[frozenset[str], re.Pattern[str]], ...]] = tuple(
    (frozenset(first.split()), lazy_pattern(pattern, re.IGNORECASE))
    for first, pattern in (
        (
            "available no internal stay",
            r"available (?:up)?on request(?: (?:from|to) (?:\w+ ){0,3}\w+)?|no response|internal(?: use)? only"
            r"|stay tuned",
        ),
        (
            "no aún todavía sin ninguno ninguna pendiente pendientes próximamente por a en",
            r"(?:aún |todavía )?no (?:(?:está|están|se ha|se han|ha sido|han sido) )?(?:aún |todavía )?"
            r"(?:disponibles?|aplica|aplicables?|hay (?:datos|información|limitaciones|sesgos|riesgos)(?: \w+)?"
            r"|(?:especificad|definid|documentad|evaluad|conocid|determinad|publicad|probad)[oa]s?)"
            r"|sin (?:información|datos|definir|especificar|documentar|determinar|limitaciones|sesgos|riesgos)(?: \w+)?"
            r"|ningun[oa](?: conocid[oa])?|pendientes?(?: de \w+)?|próximamente|a (?:definir|determinar|confirmar)"
            r"|por (?:definir|completar|determinar|confirmar|documentar)|en (?:proceso|construcción|desarrollo|curso)",
        ),
        (
            "ainda não nenhum nenhuma sem em a",
            r"(?:ainda )?não (?:(?:está|estão|foi|foram|se) )?(?:ainda )?(?:disponíve(?:l|is)|aplicáve(?:l|is)|aplica"
            r"|(?:especificad|definid|informad|avaliad|documentad|conhecid|testad)[oa]s?"
            r"|há (?:dados|informações|limitações))|nenhuma?(?: conhecid[oa])?|a (?:definir|preencher|confirmar)"
            r"|sem (?:informaç(?:ão|ões)|dados|limitações)(?: \w+)?|em (?:breve|construção|andamento|desenvolvimento)",
        ),
        (
            "non pas à néant sans bientôt en aucun aucune aucuns aucunes",
            r"(?:non|pas)(?: encore)? (?:disponibles?|applicables?"
            r"|(?:spécifi|défini|document|évalu|renseign|connu|communiqu|test)(?:é|i|)e?s?)|néant|sans objet"
            r"|à (?:compléter|définir|venir|préciser|déterminer|renseigner|documenter|remplir)|en cours(?: de \w+)?"
            r"|bientôt(?: disponible)?|aucune?s?(?: (?:information|donnée|limite|limitation|biais|risque)s?)?"
            r"(?: (?:connu|disponible)e?s?)?",
        ),
        (
            "non nessun nessuno nessuna da in prossimamente",
            r"non(?: ancora)? (?:disponibil[ei]|applicabil[ei]|(?:specificat|definit|not|valutat|documentat)[oaie])"
            r"|nessun[oa]?(?: \w+)?(?: not[oaie])?|da (?:definire|completare|compilare)|in (?:corso|arrivo|lavorazione)"
            r"|prossimamente",
        ),
        (
            "noch nicht kein keine entfällt folgt offen k.a k. wird in",
            r"(?:noch )?nicht (?:verfügbar|bekannt|zutreffend|vorhanden|dokumentiert|bewertet|definiert|angegeben"
            r"|spezifiziert|anwendbar|relevant|getestet|geprüft|untersucht)|entfällt|(?:noch )?offen|k\. ?a"
            r"|keine?(?: (?:angaben?|informationen?|daten|einschränkungen|risiken))?"
            r"(?: (?:bekannt|verfügbar|vorhanden))?|folgt(?: (?:noch|später|bald|in kürze))?"
            r"|wird (?:noch |später )?(?:ergänzt|nachgereicht|bewertet|dokumentiert)"
            r"|in (?:arbeit|bearbeitung|vorbereitung)",
        ),
        (
            "nog niet n.v.t nvt geen volgt in",
            r"(?:nog )?niet (?:beschikbaar|van toepassing|bekend|gespecificeerd|gedocumenteerd|getest)|n\.v\.t|nvt"
            r"|geen(?: (?:informatie|gegevens|beperkingen))?(?: bekend| beschikbaar)?|volgt(?: later| nog)?"
            r"|in ontwikkeling",
        ),
        (
            "inte ej ikke ännu endnu ingen kommer saknas mangler",
            r"(?:inte|ej|ikke|ännu inte|endnu ikke) (?:tillgänglig[ta]?|tilgjengelige?|tilgængelige?|angiven|angivet"
            r"|oppgitt|relevant|aktuellt|kjent|känt|kendt|tillämplig[ta]?)|kommer(?: (?:snart|senere|senare))?|saknas"
            r"|ingen(?: (?:kända|kjente|kendte|data|information|opplysninger)(?: \w+)?)?|mangler",
        ),
        (
            "brak nie wkrótce do",
            r"brak(?: (?:danych|informacji|ograniczeń))?|nie (?:dotyczy|dostępne|określono|podano)|wkrótce"
            r"|do uzupełnienia",
        ),
        (
            "yok henüz mevcut geçerli uygun belirtilmemiş bilinmiyor belirlenmedi yakında",
            r"yok|(?:henüz )?(?:mevcut|geçerli|uygun) değil|(?:henüz )?(?:belirtilmemiş|bilinmiyor|belirlenmedi)"
            r"|yakında",
        ),
        (
            "belum tidak chưa không đang",
            r"belum (?:tersedia|ada|ditentukan)|tidak (?:tersedia|ada|berlaku|diketahui)|chưa có(?: \w+)*"
            r"|không (?:có|áp dụng)|đang cập nhật",
        ),
    )
)
"""answers by the word that they begin with"""
_BY_SCRIPT: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = (
    (
        "\u0400", "\u04ff",
        lazy_pattern(
            r"нет(?: (?:данных|информации|ограничений|сведений))?|(?:пока )?не (?:указан[аоы]?|определен[аоы]?"
            r"|определён|применимо|доступн[аоы]|известн[аоы]|оценивал[аио]сь|тестировал[аио]сь)|отсутству[ею]т"
            r"|в разработке|скоро|позже",
            re.IGNORECASE,
        ),
    ),
    (
        "\u0600", "\u06ff",
        lazy_pattern(
            r"لا يوجد|غير (?:متوفر|متاح|محدد|معروف)ة?|قريبا|ندارد|به زودی|(?:موجود|مشخص|تعریف) (?:نیست|نشده)(?: است)?"
        ),
    ),
    (
        "\u3040", "\u9fff",
        lazy_pattern(
            r"(?:該当|情報|特に|記載|データ|既知の制限)?(?:は|も)?(?:なし|無し|ありません|ございません)|不明"
            r"|未(?:定|記載|評価|公開|設定|実施|確認|記入)(?:です)?|準備中|作成中|近日公開"
            r"|(?:今後|後日)(?:追加|公開|記載)(?:予定|します)?"
            r"|(?:暂|尚|目前)?(?:无|没有)(?:信息|数据|说明|资料|限制|相关信息)?|不适用|不详"
            r"|(?:尚|暂)?未(?:知|定|提供|说明|填写|公开|评估|测试)|待(?:定|补充|完善|添加|更新|填写|确认)"
            r"|即将(?:推出|发布|更新)|敬请期待"
        ),
    ),
    (
        "\uac00", "\ud7a3",
        lazy_pattern(
            r"(?:해당|정보|자료|데이터|해당 사항) ?(?:없음|없습니다)|없음|미정|미기재|미공개"
            r"|추후 ?(?:공개|추가|업데이트)(?: 예정)?|준비 ?중|작성 ?중"
        ),
    ),
)  # fmt: skip
"""answers by the first and last letter of the script that they begin in"""
_ONE_WORD_TEXT: Final = """
    yes no true false ok okay done various misc some many several good fine sí si sim não oui non ja nein nee да нет
    はい いいえ 是 否 varios divers
    """
_ONE_WORD: Final = frozenset(_ONE_WORD_TEXT.split())
"""words that describe nothing where they stand alone"""


def is_no_answer(sentence: str) -> bool:
    """Whether a sentence, stripped of its marks, says no more than that there is no answer, or none yet."""
    if not sentence or len(sentence) > _LONGEST or sentence.count(" ") >= _MOST:
        return False
    first = sentence.split(" ", 1)[0].lower()
    if any(first in words and pattern.fullmatch(sentence) for words, pattern in _BY_FIRST_WORD):
        return True
    return any(begin <= sentence[0] <= end and pattern.fullmatch(sentence) for begin, end, pattern in _BY_SCRIPT)


def is_one_word(text: str) -> bool:
    """Whether all of a text is a word that describes nothing, such as "yes"."""
    return text.strip(" \t\n*_`~\"'“”.,:;!?-–—()[]").casefold() in _ONE_WORD
