"""By language, what is said of any model or data, and of none in particular: lists that `own_words` gives to fields."""

from __future__ import annotations

from typing import Final

ANY_MODEL: Final = """
    ai ml llm llms machine learning deep artificial intelligence language neural network networks statistical
    predictive generative algorithm algorithms technology technologies underlying inherent inherently nature all
    every each any scenario scenarios situation situations circumstances context contexts condition conditions input
    inputs output outputs prediction predictions outcome outcomes result results response responses answer answers
    distribution unseen unexpected unforeseen ways real-world real world data use model models system systems most
    far tried vary varies case cases make makes significant major notable specific special particular depending
    dependent based exception one nobody produce produces generate generates give gives return returns incorrect
    incorrectly inaccurate inaccuracies misleading wrong false imperfect first second third fourth another perform
    performs generalize generalise generalizes generalises error errors mistake mistakes fail fails include includes
    present presents training out-of-distribution degrade degrades degraded
    | modell modelle modellen modells system systeme ki maschinelles maschinellen lernen sprachmodell sprachmodelle
    jedem jeder jedes jeden allen alle gibt situationen fälle fällen besondere besonderen nennenswerte nennenswerten
    wesentliche wesentlichen ausgaben eingaben ergebnisse falsch falsche falschen ungenau ungenaue fehlerhaft
    fehlerhafte liefern liefert ähnlich uns
    | modèle modèles système systèmes ia apprentissage automatique langage tout toute tous toutes présente présenter
    situations cas particulière particulières résultats réponses incorrect incorrects incorrectes erroné erronés
    produire données erreur erreurs avons connaissance jour
    | modelo modelos sistema sistemas ia aprendizaje automático lenguaje cualquier todo todos todas tiene presenta
    situaciones casos especiales resultados respuestas incorrecto incorrectos incorrectas erróneo erróneas producir
    datos error errores conocemos hasta fecha
    | modello modelli sistema sistemi ia apprendimento automatico ogni qualsiasi tutti tutte presenta situazioni
    casi particolari risultati risposte errati errate produrre dati errori
    | modelo modelos sistema sistemas ia aprendizado automático qualquer todo todos todas tem apresenta situações
    casos especiais resultados respostas incorretos incorretas produzir dados erros
    | model modellen systeem systemen ai machine learning elk elke ieder alle situaties gevallen bijzondere
    resultaten antwoorden onjuist onjuiste geven gegevens fouten
    """
"""what is said of any model and system: that it errs somewhere"""
INHERITED: Final = """
    reflect reflects reflected inherit inherits inherited contain contains exhibit exhibits amplify amplifies
    perpetuate perpetuates propagate reproduce learned learnt existing societal pretraining pre-training base
    | widerspiegeln spiegeln spiegelt übernehmen übernimmt enthalten enthält trainingsdaten vorhandene vorhandenen
    | refléter reflète hériter hérite contenir contient présents présent entraînement
    | reflejar refleja heredar hereda contener contiene presentes presente entrenamiento
    | riflettere riflette ereditare eredita contenere contiene presenti addestramento
    | refletir reflete herdar herda conter contém presentes treinamento
    | weerspiegelen weerspiegelt bevatten bevat trainingsgegevens aanwezig aanwezige
    """
"""that it has this of its data"""
PRAISE: Final = """
    work works working worked perform performs performing performed performance fine great good well excellent nice
    reliable reliably robust accurate solid expected proud happy overall everything satisfactory flawlessly
    confident complaint complaints outperforms seriously committed commitment priority top important importance
    strive strives continuously constantly continuous improve improving improvement improvements effort efforts hard
    believe believes paramount utmost everyone equal equally fairly treat treating treated team very
    | funktioniert funktionieren arbeitet läuft gut sehr super einwandfrei problemlos zuverlässig erwartet zufrieden
    ernst nehmen priorität wichtig oberste team
    | fonctionne fonctionnent marche bien très parfaitement fiable attendu priorité important importante équipe
    | funciona funcionan bien muy perfectamente fiable esperado prioridad importante equipo
    | funziona funzionano bene molto perfettamente affidabile previsto priorità importante team
    | funciona funcionam bem muito perfeitamente confiável esperado prioridade importante equipe
    | werkt werken goed zeer prima betrouwbaar verwacht prioriteit belangrijk team
    """
"""that it works, and that its makers do their best"""
CARE: Final = """
    caution cautious cautiously care careful carefully responsible responsibly discretion own risk advised user
    users use used using keep mind
    | vorsicht vorsichtig verwenden verwendet benutzen nutzen einsetzen eigene eigenes eigener gefahr risiko
    sorgfalt
    | prudence précaution utiliser utilisez risques risque
    | precaución cuidado usar úsese utilizar utilice riesgo
    | cautela attenzione usare utilizzare rischio
    | cautela cuidado usar utilizar risco
    | voorzichtig voorzichtigheid gebruiken risico
    """
"""that it is to be used with care"""
GOOD_DATA: Final = """
    large huge big vast wide broad diverse varied comprehensive extensive high high-quality quality good best
    reliable representative proprietary technique techniques method methods metrics using
    | große großer großen großem umfangreiche umfangreichen vielfältige vielfältigen hochwertige hochwertigen guter
    repräsentative repräsentativen
    | grand grande grandes qualité haute variées diversifié diversifiées fiables
    | gran grandes calidad alta diversos fiables
    | grande qualità alta affidabili
    | grande qualidade alta confiáveis
    | grote hoogwaardige diverse betrouwbare
    """
"""what is said of all data: that they are many, and good"""
OF_ANY_MODEL: Final = (ANY_MODEL, INHERITED, PRAISE, CARE)
"""what the fields about limits and risks are filled with where nobody has looked"""
