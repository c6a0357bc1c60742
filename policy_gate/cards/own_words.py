"""By field the words of its own name, by language, and those that are filler elsewhere and an answer there."""

from __future__ import annotations

from typing import Final

from policy_gate.cards.any_model_words import ANY_MODEL, GOOD_DATA, OF_ANY_MODEL, PRAISE
from policy_gate.cards.vacuous_words import word_set

_USES: Final = """
    use uses used usage purpose purposes intended primary application applications task tasks case cases internal
    prediction predictions variety range wide make company organisation organization
    | verwendung verwendungszweck zweck zwecke zwecken einsatz nutzung anwendung
    | usage usages utilisation objectif prévu prévue prévus | uso usos finalidad propósito previsto previstos
    | uso usi scopo previsto previsti | uso usos finalidade pretendido | gebruik doel beoogd
    """
_DATA: Final = """
    data dataset datasets set sets source sources | daten datensatz quelle quellen
    | données donnée jeu source sources | datos conjunto fuente fuentes | dati fonti fonte
    | dados conjunto fonte fontes | gegevens bron bronnen
    """
_PROCESSED: Final = "collected gathered used cleaned prepared processed selected chosen | | | | | |"
_LIMITS: Final = """
    limitation limitations limit limits restriction restrictions constraint constraints weakness weaknesses shortcoming
    shortcomings caveat caveats | einschränkung einschränkungen grenze grenzen schwächen
    | limite limites limitation limitations restrictions | limitación limitaciones límites restricciones
    | limitazione limitazioni limiti | limitação limitações limites | beperking beperkingen
    """
_TRAINED: Final = """
    train trained training | trainiert trainingsdaten | entraîné entraînement | entrenado entrenamiento
    | addestrato addestramento | treinado treinamento | getraind trainingsgegevens
    """
_OWN: Final[dict[str, tuple[str, ...]]] = {
    "primary_intended_uses": (_USES,),
    "primary_intended_users": (
        """
        user users intended primary target audience | nutzer nutzern anwender zielgruppe | utilisateur utilisateurs
        | usuario usuarios | utente utenti | usuários usuário | gebruiker gebruikers
        """,
    ),
    "out_of_scope_uses": (
        """
        use uses used usage scope out outside beyond misuse unintended | verwendung verwendungen
        | usages usage utilisation portée | uso usos alcance fuera | uso usi ambito fuori | uso usos escopo fora
        | gebruik bereik buiten
        """,
    ),
    "prohibited_uses": (
        """
        use uses used usage prohibited forbidden allowed permitted banned misuse
        | verboten verbotene erlaubt verwendung missbrauch | interdit interdits interdite interdites usages usage
        | prohibido prohibidos uso usos | vietato vietati uso usi | proibido proibidos uso usos
        | verboden gebruik misbruik
        """,
    ),
    "performance_caveats": (
        _LIMITS,
        "result results metric metrics performance number numbers value values | ergebnisse werte | résultats"
        " | resultados | risultati | resultados | resultaten",
        *OF_ANY_MODEL,
    ),
    "training_data_description": (_DATA, _PROCESSED, _TRAINED, GOOD_DATA),
    "training_data_known_issues": (_DATA, _LIMITS, _TRAINED),
    "evaluation_data_description": (
        _DATA,
        _PROCESSED,
        """
        evaluate evaluated evaluation test tested testing benchmark benchmarks | evaluiert getestet testdaten
        | évalué évaluation testé | evaluado evaluación prueba | valutato valutazione | avaliado avaliação teste
        | geëvalueerd evaluatie testgegevens
        """,
        GOOD_DATA,
    ),
    "known_limitations": (_LIMITS, *OF_ANY_MODEL),
    "failure_modes": (
        """
        fail fails failed failure failures mode modes error errors mistake mistakes | fehler fehlerfälle versagen
        | erreur erreurs échec échecs | error errores fallo fallos | errore errori | erro erros falha falhas
        | fout fouten
        """,
        *OF_ANY_MODEL,
    ),
    "identified_biases": (
        "bias biases biased fairness | verzerrung verzerrungen | biais | sesgo sesgos | pregiudizi"
        " | viés vieses | vooroordelen",
        "fair fairness unbiased | | | | | |",
        *OF_ANY_MODEL,
    ),
    "safety_risks": (
        """
        risk risks safety harm harms danger dangers | risiko risiken gefahr gefahren sicherheit
        | risque risques danger dangers sécurité | riesgo riesgos seguridad | rischio rischi sicurezza
        | risco riscos segurança | risico risico's veiligheid
        """,
        *OF_ANY_MODEL,
    ),
    "mitigation_measures": (
        """
        mitigation mitigations measure measures mitigate control controls safeguard safeguards action actions step
        steps implemented | maßnahme maßnahmen | mesure mesures | medida medidas | misura misure | medida medidas
        | maatregel maatregelen
        """,
        PRAISE,
        "industry industry-standard best follow follows technical organisational organizational implement risk risks"
        " | technische technischen organisatorische organisatorischen | techniques organisationnelles"
        " | técnicas organizativas | tecniche organizzative | técnicas organizativas | technische organisatorische",
    ),
    "training_data_size": (
        _DATA,
        "size large small big huge medium sufficient enough adequate amount number quantity volume"
        " | größe groß klein ausreichend umfang | taille grand grande suffisant suffisante | tamaño grande suficiente"
        " | dimensione grande sufficiente | tamanho grande suficiente | omvang groot voldoende",
    ),
}
OWN: Final[dict[str, tuple[frozenset[str], ...]]] = {
    field: tuple(
        frozenset().union(*map(word_set, several)) for several in zip(*(text.split("|") for text in texts), strict=True)
    )
    for field, texts in _OWN.items()
}
"""by field, for each language, the words of its own name, in which it asks and nobody answers"""
_OF_A_SYSTEM: Final = word_set("system systems systeme systemen système systèmes sistema sistemas sistemi systeem")
SPEAKS: Final[dict[str, frozenset[str]]] = {
    "primary_intended_users": word_set(
        "standard normal common ordinary typical normale normal normales normali normais gewone"
    ),
    "performance_caveats": word_set("place places"),
    "safety_risks": word_set("user users"),
    "training_data_description": _OF_A_SYSTEM,
    "evaluation_data_description": _OF_A_SYSTEM,
    "review_schedule": word_set(
        """
        needed required necessary appropriate applicable release version phase iteration quarter sprint update updated
        time year month follow follows review quartal nötig erforderlich versión versione versão versie fase nécessaire
        """
    ),
}
"""by field what is filler elsewhere and an answer there"""
RISKS: Final = frozenset(field for field, texts in _OWN.items() if ANY_MODEL in texts)
"""fields whose own words say nothing denied either: that there is no limit, and that it does not always work"""
NAMES: Final[dict[str, frozenset[str]]] = {
    field: word_set(_OWN[field][0].replace("|", " ")) for field in (*sorted(RISKS), "mitigation_measures")
}
"""by field the words that a number or letter behind them only counts: "Limitation 1" """
