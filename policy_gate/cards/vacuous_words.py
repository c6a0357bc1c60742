"""The closed classes of words, by language, in which a short sentence can stand and say nothing of its field.

What is missing here on purpose: words that answer a field by themselves, such as "internal", "all", "other" or "only".
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


class Tongue(Struct, frozen=True, kw_only=True):
    """The words of one language, each class as they are written in lower case."""

    grammar: frozenset[str]
    """articles, pronouns, prepositions, auxiliaries; no negation"""
    filler: frozenset[str]
    """what may be said of anything"""
    nouns: frozenset[str]
    """the same behind an article or such a word, and not before a noun that it is one with: "information bias" """
    last: frozenset[str]
    """what says something only by what follows it"""
    status: frozenset[str]
    """what was done with the answer, such as "documented", and not what it is"""
    elsewhere: frozenset[str]
    """where an answer is that was written down, such as "internally" """
    negations: frozenset[str]
    after_negation: frozenset[str]
    """what says nothing either where it is denied: "not perfect", "nothing special" """
    like: frozenset[str]
    """words that say that something is as something else is"""
    first_like: frozenset[str]
    """and those that say so where they begin a sentence"""
    referred: frozenset[str]
    """what it is like, without saying which"""
    promises: frozenset[str]
    """words by which an answer is promised or still awaited"""
    decided: frozenset[str]
    """what will be done with an answer, or is being done"""
    later: frozenset[str]
    """when, where and by whom"""
    agents: frozenset[str]
    """words behind which those stand who are to give the answer"""
    points: frozenset[str] = frozenset()
    """words that send the reader elsewhere where they begin a sentence"""
    looks: frozenset[str] = frozenset()
    """and those that do so only before a place: where somebody may also look at something"""
    places: frozenset[str] = frozenset()
    ends_on_verb: bool = False
    """who does something stands before what is done"""
    names_nouns: bool = False
    """nouns have capitals, and are no names for it"""


CHECKED: Final = word_set(
    """
    assessed evaluated tested reviewed checked investigated analysed analyzed monitored implemented geprüft untersucht
    bewertet getestet évalué évaluée évalués évaluées vérifié vérifiée testé testée evaluado evaluada evaluados
    evaluadas revisado revisada revisados comprobado valutato valutata valutati valutate verificato verificata testato
    avaliado avaliada avaliados avaliadas verificado geëvalueerd getest gecontroleerd beoordeeld
    """
)
"""verbs that name a measure where measures are asked for, and put off an answer elsewhere"""

_ENGLISH: Final = Tongue(
    grammar=word_set(
        """
        a an the this that these those it its they them their we our ours you your i of for to in on at by with from as
        into about and or but so than then there here which what when where how is are was were be been being do does
        did has have had having can could may might must shall should will would also just still already yet now
        currently always often sometimes usually generally typically such like each both own too please very
        """
    ),
    filler=word_set(
        """
        usual standard normal typical common obvious ordinary customary various several many some certain multiple
        respective corresponding relevant appropriate suitable adequate necessary proper reasonable sufficient needed
        required applicable known ones things stuff everything anything whatever something apply applies applied exist
        exists occur occurs happen happens possible potential best seriously describe describes outlines made take
        takes taken put followed acceptable okay
        """
    ),
    nouns=word_set(
        """
        thing kind kinds type types case cases place practice practices model models system systems section card
        documentation issue issues problem problems detail details information
        """
    ),
    last=word_set("vary varies differ differs depend depends"),
    status=word_set(
        """
        documented described listed mentioned noted recorded tracked discussed agreed decided assessed evaluated
        considered reviewed accepted acknowledged addressed handled managed monitored identified understood analysed
        analyzed checked confirmed clarified defined determined specified mitigated investigated found covered provided
        communicated aware
        """
    ),
    elsewhere=word_set("internally separately elsewhere externally"),
    negations=word_set("no not none never nothing nobody without nor neither cannot"),
    after_negation=word_set("perfect allowed permitted special particular unusual change changes changed"),
    like=word_set("same unchanged identical ditto"),
    first_like=word_set("as like"),
    referred=word_set(
        """
        same as like any with since last previous previously prior earlier former preceding before above below year
        quarter month time release version predecessor discussed agreed decided planned mentioned stated described
        specified expected communicated always ever usual per contract contracts meeting meetings call mail email
        kickoff workshop today
        """
    ),
    promises=word_set("be being will shall pending awaiting under still follow follows tbd tbc"),
    decided=word_set(
        """
        confirmed decided determined defined discussed agreed clarified provided added completed documented specified
        announced written updated filled finalised finalized supplied delivered published described follow follows
        pending awaiting discussion investigation review assessment clarification approval evaluation analysis
        consideration construction
        """
    ),
    later=word_set(
        """
        later soon shortly next future coming upcoming due course time release version phase iteration quarter sprint
        update under tbd tbc further when once ready final
        """
    ),
    agents=word_set("by with from"),
)
_GERMAN: Final = Tongue(
    grammar=word_set(
        """
        der die das den dem des ein eine einen einem einer eines dieser diese dieses diesem diesen es sie ihr ihre wir
        unser unsere unseren unserem unserer unseres man von vom für zu zum zur in im an am auf aus bei beim mit als
        über um und oder aber so wie da hier dort was wo wann ist sind wird werden wurde wurden worden sein hat haben
        hatte kann können könnte könnten darf dürfen muss müssen soll sollen sollte auch noch schon derzeit aktuell
        zurzeit momentan immer meist oft manchmal bitte sich
        """
    ),
    filler=word_set(
        """
        üblich übliche üblichen üblicher normale normalen gewöhnliche gewöhnlichen bekannt bekannte bekannten
        verschiedene verschiedenen verschiedener diverse diversen einige einigen mehrere mehreren viele vielen gewisse
        gewissen bestimmte bestimmten entsprechende entsprechenden geeignete geeigneten angemessene angemessenen
        passende passenden notwendige notwendigen erforderliche erforderlichen nötige nötigen dinge sachen alles gelten
        gilt bestehen besteht vorhanden möglich getroffen ergriffen gemacht
        """
    ),
    nouns=word_set(
        """
        fälle fällen modell modelle modells modellen system systeme systemen probleme details informationen
        """
    ),
    last=word_set("variieren variiert abweichen"),
    status=word_set(
        """
        dokumentiert beschrieben aufgeführt erwähnt erfasst besprochen abgestimmt vereinbart betrachtet berücksichtigt
        akzeptiert behandelt überwacht identifiziert verstanden definiert festgelegt
        """
    ),
    elsewhere=word_set("intern separat anderswo woanders"),
    negations=word_set("nicht kein keine keinen keiner nichts nie ohne weder noch-nicht"),
    after_negation=word_set("perfekt erlaubt gestattet besonderes änderung änderungen geändert verändert"),
    like=word_set("gleich gleiche gleichen dasselbe dieselbe dieselben derselbe unverändert identisch"),
    first_like=word_set("wie"),
    referred=word_set(
        """
        seit letzte letzten letztes letztem letzter vorige vorigen vorherige vorherigen frühere früheren jahr jahres
        quartal mal version release vorversion vorjahr vorgänger vorgängerversion vorher zuvor oben unten bisher immer
        gehabt üblich besprochen abgestimmt vereinbart geplant erwähnt gesagt beschrieben bekannt gewohnt
        """
    ),
    promises=word_set("wird werden noch zu folgt folgen offen"),
    decided=word_set(
        """
        geklärt ergänzt nachgereicht definiert festgelegt bestimmt abgestimmt besprochen entschieden dokumentiert
        beschrieben hinzugefügt nachgetragen bearbeitet geliefert bereitgestellt klären ergänzen definieren bestimmen
        abzustimmen festzulegen folgt folgen offen klärung abstimmung prüfung bearbeitung arbeit vorbereitung
        diskussion
        """
    ),
    later=word_set(
        "später bald demnächst nächste nächsten nächstem kürze release version phase quartal sprint rechtzeitig"
    ),
    agents=word_set("mit durch von"),
    points=word_set("siehe vgl vergleiche"),
    ends_on_verb=True,
    names_nouns=True,
)
_FRENCH: Final = Tongue(
    grammar=word_set(
        """
        le la les l un une des du de d ce cet cette ces il elle ils elles on nous notre nos vous votre vos leur leurs à
        au aux en dans sur par pour avec comme et ou mais que qui où quand est sont était étaient être été a ont avait
        avoir peut peuvent pourrait doit doivent sera seront serait y se s qu n ne aussi encore déjà actuellement
        toujours souvent parfois
        """
    ),
    filler=word_set(
        """
        habituel habituelle habituels habituelles usuel usuelle usuels usuelles standard normal normale normales
        normaux courant courante courants courantes connu connue connus connues divers diverse diverses plusieurs
        certains certaines quelques nombreux nombreuses approprié appropriée appropriés appropriées adapté adaptée
        adaptés adaptées adéquat adéquate adéquats adéquates nécessaire nécessaires pertinent pertinente pertinents
        pertinentes choses applique appliquent existe existent possible possibles prises mises
        """
    ),
    nouns=word_set("chose cas type types modèle modèles système systèmes informations détails place"),
    last=word_set("varier varient varie"),
    status=word_set(
        """
        documenté documentée documentés documentées décrit décrite décrits décrites mentionné mentionnés mentionnées
        discuté discutés discutées convenu pris compte accepté acceptés acceptées connu
        """
    ),
    elsewhere=word_set("ailleurs séparément interne"),
    negations=word_set("non pas aucun aucune rien sans jamais ni"),
    after_negation=word_set("parfait parfaite autorisé autorisés particulier spécial changement changements"),
    like=word_set("même mêmes identique identiques inchangé inchangée inchangés inchangées idem"),
    first_like=word_set("comme"),
    referred=word_set(
        """
        convenu discuté vu indiqué mentionné prévu dit habitude toujours depuis précédemment avant précédent précédente
        précédents dernier dernière année an version haut bas dessus dessous ci-dessus ci-dessous plus réunion
        """
    ),
    promises=word_set("sera seront à en suivra suivront attente"),
    decided=word_set(
        """
        fourni fournie fournis fournies ajouté ajoutée ajoutés ajoutées complété complétée complétés précisé précisée
        précisés précisées défini définie définis définies documenté documentée documentés communiqué communiquée
        communiqués décidé confirmé confirmée confirmer compléter définir préciser déterminer valider décider discuter
        évaluation rédaction analyse validation discussion suivra suivront attente
        """
    ),
    later=word_set("ultérieurement prochainement bientôt tard plus prochaine prochain version cours"),
    agents=word_set("par avec"),
    points=word_set("cf reportez-vous"),
    looks=word_set("voir consulter consultez voyez"),
    places=word_set(
        """
        document documents documentation wiki annexe section rapport page lien site fichier ticket haut bas dessus
        dessous ci-dessus ci-dessous plus interne
        """
    ),
)
_SPANISH: Final = Tongue(
    grammar=word_set(
        """
        el la los las lo un una unos unas del de al a este esta estos estas ese esa esos esas su sus nuestro nuestra
        nuestros nuestras en por para con como y e o u pero que quien donde cuando es son era eran ser sido fue fueron
        ha han había puede pueden podría debe deben será serán se también aún todavía ya actualmente siempre
        """
    ),
    filler=word_set(
        """
        habitual habituales usual usuales estándar normal normales típico típica típicos típicas común comunes conocido
        conocida conocidos conocidas diverso diversa diversos diversas varios varias algunos algunas muchos muchas
        cierto ciertos ciertas apropiado apropiada apropiados apropiadas adecuado adecuada adecuados adecuadas
        necesario necesaria necesarios necesarias pertinente pertinentes cosas aplica aplican existe existen posible
        posibles tomado tomadas
        """
    ),
    nouns=word_set("cosa caso casos tipo tipos modelo modelos sistema sistemas información detalles"),
    last=word_set("variar varían varía"),
    status=word_set(
        """
        documentado documentada documentados documentadas descrito descritos descritas mencionado acordado
        """
    ),
    elsewhere=word_set("internamente aparte"),
    negations=word_set("no ningún ninguno ninguna nada sin nunca ni"),
    after_negation=word_set("perfecto perfecta permitido especial particular cambio cambios"),
    like=word_set("igual iguales mismo misma mismos mismas idéntico ídem"),
    first_like=word_set("como"),
    referred=word_set(
        """
        acordado hablado comentado indicado mencionado previsto visto siempre desde anterior anteriores anteriormente
        antes último última pasado pasada año versión arriba abajo reunión
        """
    ),
    promises=word_set("será serán por pendiente pendientes seguirá"),
    decided=word_set(
        """
        definir confirmar determinar completar decidir concretar acordar aportado facilitado añadido añadida completado
        definido definida documentado confirmado decidido pendiente pendientes evaluación revisión aprobación discusión
        """
    ),
    later=word_set("adelante pronto próximamente más tarde próxima próximo versión proceso curso"),
    agents=word_set("con por"),
    points=word_set("véase consúltese"),
    looks=word_set("ver vea consultar consulte"),
    places=word_set(
        """
        documento documentos documentación wiki anexo sección informe página enlace sitio fichero archivo arriba abajo
        interno interna
        """
    ),
)
_ITALIAN: Final = Tongue(
    grammar=word_set(
        """
        il lo la i gli le un uno una del dello della dei degli delle di al allo alla ai agli alle a nel nella nei nelle
        in sul sulla su dal dalla da per con come e ed o ma che chi dove quando questo questa questi queste nostro
        nostra nostri nostre suo sua è sono era erano essere stato stata stati state ha hanno può possono potrebbe deve
        devono sarà saranno si anche ancora già attualmente sempre
        """
    ),
    filler=word_set(
        """
        solito solita soliti solite standard normale normali tipico tipica tipici tipiche comune comuni noto nota noti
        note vario varia vari varie diverso diversi diverse alcuni alcune molti molte certi certe appropriato
        appropriata appropriati appropriate adeguato adeguata adeguati adeguate necessario necessari necessarie
        opportuni opportune cose applica applicano esiste esistono possibile possibili
        """
    ),
    nouns=word_set("cosa caso casi tipo tipi modello modelli sistema sistemi informazioni dettagli"),
    last=word_set("variare variano varia"),
    status=word_set(
        """
        documentato documentata documentati documentate descritto descritti descritte discusso concordato
        """
    ),
    elsewhere=word_set("internamente altrove separatamente"),
    negations=word_set("non nessun nessuno nessuna niente nulla senza mai né"),
    after_negation=word_set("perfetto perfetta consentito speciale particolare cambiamento cambiamenti modifiche"),
    like=word_set("stesso stessa stessi stesse uguale uguali identico idem invariato invariata invariati invariate"),
    first_like=word_set("come"),
    referred=word_set(
        """
        concordato discusso accordi detto indicato previsto sempre precedente precedenti prima ultimo ultima scorso
        scorsa anno versione sopra sotto riunione solito
        """
    ),
    promises=word_set("sarà saranno da seguirà seguiranno attesa"),
    decided=word_set(
        """
        definire confermare completare decidere determinare concordare fornito fornita forniti aggiunto aggiunta
        aggiunti definito confermato deciso valutazione revisione approvazione seguirà seguiranno attesa
        """
    ),
    later=word_set("seguito presto tardi più prossimamente prossima versione corso fase"),
    agents=word_set("con da dal dalla"),
    points=word_set("vedasi"),
    looks=word_set("vedi vedere consultare"),
    places=word_set(
        """
        documento documenti documentazione wiki allegato sezione rapporto pagina link sito file sopra sotto interno
        interna
        """
    ),
)
_PORTUGUESE: Final = Tongue(
    grammar=word_set(
        """
        o a os as um uma uns umas do da dos das de ao à aos às na nas em por pelo pela para com como e ou mas que quem
        onde quando este esta estes estas esse essa nosso nossa nossos nossas seu sua é são era eram ser sido foi foram
        tem têm pode podem deve devem será serão se também ainda já atualmente sempre
        """
    ),
    filler=word_set(
        """
        habitual habituais usual usuais padrão normal normais típico típicos típicas comum comuns conhecido conhecida
        conhecidos conhecidas diverso diversos diversas vários várias alguns algumas muitos muitas certos certas
        apropriado apropriados apropriadas adequado adequados adequadas necessário necessários necessárias coisas
        aplica aplicam existe existem possível possíveis
        """
    ),
    nouns=word_set("coisa caso casos tipo tipos modelo modelos sistema sistemas informações detalhes costume"),
    last=word_set("variar variam varia"),
    status=word_set(
        """
        documentado documentada documentados documentadas descrito descritos descritas discutido acordado
        """
    ),
    elsewhere=word_set("internamente separadamente"),
    negations=word_set("não nenhum nenhuma nada sem nunca nem"),
    after_negation=word_set("perfeito perfeita permitido especial particular mudança mudanças alteração alterações"),
    like=word_set("mesmo mesma mesmos mesmas igual iguais idêntico idem inalterado"),
    first_like=word_set("como conforme"),
    referred=word_set(
        """
        combinado acordado discutido indicado previsto sempre costume desde anterior anteriores antes último última
        passado passada ano versão acima abaixo reunião
        """
    ),
    promises=word_set("será serão por a pendente pendentes"),
    decided=word_set(
        """
        definir confirmar determinar completar decidir preencher fornecido fornecida fornecidos adicionado adicionada
        adicionados definido documentado confirmado pendente pendentes avaliação revisão aprovação
        """
    ),
    later=word_set("breve posteriormente mais tarde próxima próximo versão andamento"),
    agents=word_set("com por pelo pela"),
    points=word_set("vide"),
    looks=word_set("ver veja consultar consulte"),
    places=word_set(
        """
        documento documentos documentação wiki anexo seção secção relatório página link site ficheiro arquivo acima
        abaixo interno interna
        """
    ),
)
_DUTCH: Final = Tongue(
    grammar=word_set(
        """
        de het een deze dit die dat er het zij ze hun we wij ons onze van voor naar in op aan bij met als om en of maar
        zoals hier daar wat waar wanneer is zijn was waren wordt worden werd werden geweest heeft hebben had kan kunnen
        mag mogen moet moeten zal zullen ook nog al momenteel altijd vaak soms
        """
    ),
    filler=word_set(
        """
        gebruikelijke gewone normale standaard bekend bekende verschillende diverse enkele meerdere veel bepaalde
        passende geschikte nodige noodzakelijke relevante dingen zaken alles gelden geldt bestaat bestaan mogelijk
        mogelijke genomen
        """
    ),
    nouns=word_set("gevallen geval model modellen systeem systemen details informatie"),
    last=word_set("variëren varieert"),
    status=word_set("gedocumenteerd beschreven genoemd besproken afgesproken vastgelegd geaccepteerd"),
    elsewhere=word_set("intern elders apart"),
    negations=word_set("niet geen niets nooit zonder noch"),
    after_negation=word_set("perfect toegestaan bijzonders wijziging wijzigingen veranderd gewijzigd"),
    like=word_set("zelfde hetzelfde dezelfde ongewijzigd identiek idem"),
    first_like=word_set("zoals als"),
    referred=word_set(
        """
        besproken afgesproken gepland vermeld sinds vorig vorige laatste eerder eerdere jaar versie hierboven boven
        altijd gebruikelijk
        """
    ),
    promises=word_set("wordt worden nog te volgt volgen"),
    decided=word_set(
        """
        aangevuld toegevoegd bepaald besloten gedefinieerd aangeleverd beschreven bevestigd bepalen bevestigen
        aanvullen definiëren volgt volgen beoordeling bespreking
        """
    ),
    later=word_set("later binnenkort volgende versie behandeling"),
    agents=word_set("met door"),
    points=word_set("zie raadpleeg"),
    ends_on_verb=True,
)
TONGUES: Final = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _DUTCH)
