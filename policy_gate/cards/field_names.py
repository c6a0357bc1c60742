"""The names that model cards in the wild give to each field: headings, labels, table keys, data keys."""

from __future__ import annotations

from functools import cache
from typing import Final

from policy_gate.cards.text_normal import key_of, may_be_unspaced
from policy_gate.schema.card_fields import CARD_FIELDS

_NAMES: Final[dict[str, str]] = {
    "model_id": "model id|model identifier|id",
    "model_name": "model name|name|nombre del modelo|模型名称|display name",
    "version": "version|model version|model versions|versions|model version(s)|versión|version des modells|revision"
    "|version number|model release",
    "release_date": "release date|model date|model dates|model release date|release dates|expected release date|date"
    "|dates|date trained|training completed|created|created at|created date|creation date|trained at"
    "|fecha de entrenamiento|datum des modells",
    "previous_version": "previous version|previous versions|predecessor|replaces",
    "changelog_summary": "changelog|change log|changelog summary|release notes|update log|updates|recent updates|news"
    "|recent news|what's new|version changes|summary of changes",
    "authors": "authors|author|author(s)|developers|developer|developed by|model developers|model developer"
    "|model developer(s)|model authors|creator|creators|contributors|model card authors|owner|owners|model owner"
    "|shared by|contributed by|autor|entwickler|developed by name",
    "organization": "organization|organisation|organization developing the model|vendor|provider|company|business line"
    "|person or organization developing model|responsible team|owner team|developed by institution",
    "license": "license|licence|licensing|licenses|model license|license and terms of use|license terms of use"
    "|terms of use|terms of use licensing|lizenz|licencia|许可证|software license|license name",
    "primary_intended_uses": "intended use|intended uses|primary intended uses|primary intended use|primary uses"
    "|primary use|uses|use|direct use|downstream use|primary use cases|intended use cases|intended usage|model use"
    "|model usage|use cases|use case|use case(s)|recommended use|application|applications|purpose|model objective"
    "|intended use and scope|what this model does|uso previsto|caso de uso primario"
    "|verwendungszweck|hauptverwendungszweck"
    "|预期用途|任务|預期用途和限制|evaluated use|intended uses limitations|intended use and limitations",
    "primary_intended_users": "primary intended users|intended users|users|primary users|target users|target audience"
    "|intended audience|audience|usuarios previstos|usuarios|zielgruppe|vorgesehene nutzer|who should use this model",
    "out_of_scope_uses": "out of scope uses|out of scope use|out of scope|out of scope use cases|uses out of scope"
    "|out of scope applications|not intended use|not intended for|unintended uses|unintended use|non intended uses"
    "|usos fuera de alcance|fuera de alcance|limits of use|what this model is not for|nicht vorgesehene verwendung"
    "|misuse and out of scope use|misuse malicious use and out of scope use|use cases that are out of scope",
    "prohibited_uses": "prohibited uses|prohibited use|prohibited use cases|forbidden uses|misuse|malicious use"
    "|misuse and malicious use|acceptable use policy|use restrictions|usage restrictions|restricted uses|banned uses"
    "|usos prohibidos|verbotene verwendung|prohibited|misuse and out of scope use"
    "|misuse malicious use and out of scope use",
    "overall_performance": "overall performance|performance|overall|evaluation|evaluation results|evaluations|metrics"
    "|results|performance metrics|benchmarks|benchmark performance|benchmark results|model benchmark|model performance"
    ""
    "|model performance measures|quantitative analyses|quantitative analysis|quantitative results"
    "|unitary results"
    "|performance and limitations|evaluation metrics|evaluation and validation|performance characteristics"
    "|primary metrics|success metrics|métricas de rendimiento|metriken"
    "|modellleistungskennzahlen|评估结果|评价结果|評價結果"
    "|metricas gerais|metrics test set|results on common benchmarks",
    "performance_by_group": "performance by group|by group|by group disaggregated|metrics per group|metrics by group"
    "|disaggregated metrics|disaggregated performance|disaggregated results|results by group|segment performance"
    "|segment metrics|intersectional results|intersektionelles ergebnis|fairness metrics|subgroup performance"
    "|performance by subgroup|performance across groups|protected groups analyzed|metricas por grupo|fairness checks"
    "|fairness and bias checks|fairness checks performed|performance by demographic group",
    "performance_thresholds": "performance thresholds|thresholds|decision thresholds|decision threshold|gate thresholds"
    "|acceptance thresholds|acceptance criteria|minimum performance|threshold de clasificación|risk thresholds"
    "|schwellenwerte für entscheidungen|deployment threshold|gate thresholds and their rationale",
    "performance_caveats": "performance caveats|caveats|caveats and recommendations|caveats and recommendation"
    "|approaches to uncertainty and variability|variation approaches|tradeoffs|trade offs|trade offs y limitaciones"
    "|vorbehalte und empfehlungen|ansätze für unsicherheit und variabilität",
    "base_model": "base model|base models|base model(s)|parent model|finetuned from model|fine tuned from model"
    "|finetuned from|fine tuned from|foundation model|foundational model|base pretrained model type|model based from"
    "|backbone|基础架构|hosted model",
    "weights_digest": "weights digest|weights sha256|model sha256|weights checksum|weights hash",
    "fine_tuning_approach": "fine tuning|finetuning|fine tuning approach|training procedure|training|training details"
    "|pretraining|pre training details|how the model was created|training configuration|model creation maintenance"
    "|hyperparameters|training hyperparameters|training regime|modeling strategy|tuning technique|training pipeline"
    "|trainingsalgorithmen und parameter",
    "training_data_description": "training data|training data description|training dataset|training datasets"
    "|training dataset(s)|data|datasets|dataset|model data|data sources|data source|dataset used for the model"
    "|pre training corpora|pretraining data|training and evaluation data"
    "|dataset de entrenamiento|trainingsdaten|训练数据|學習データ|学習データ",
    "training_data_size": "training data size|number of tokens|training tokens|total samples|total size"
    "|number of examples|dataset size|tamaño|n samples|tokens",
    "training_data_cutoff": "training data cutoff|data freshness|knowledge cutoff|cutoff date|date cutoff|cutoff"
    "|data period|time range covered|acquisition period|período",
    "training_data_known_issues": "training data known issues|data limitations|known issues|known data constraints"
    "|known gaps|known gaps skews|data quality|commentary on the dataset|known data issues",
    "evaluation_data_description": "evaluation data|evaluation data description|evaluation dataset|evaluation datasets"
    "|evaluation dataset(s)|testing data|test data|testing dataset|test set|testing data factors metrics"
    "|training and evaluation data|evaluationsdaten|conjunto de test|validation data",
    "known_limitations": "known limitations|limitations|limitation|model limitations|technical limitations"
    "|limitations and biases|limitations and bias|bias risks and limitations|bias risks limitations"
    "|risks and limitations|risks limitations and biases|ethical considerations and limitations"
    "|considerations and limitations|performance and limitations|usage limitations|content limitations|known limits"
    "|scope limitations|limitaciones conocidas|limitaciones|limitacoes|已知限制|局限性|制限事項|侷限性和偏見"
    "|vorbehalte und empfehlungen|intended use and limitations|intended uses limitations"
    "|limitations ethical considerations|things to know"
    "|limitations known failure modes|observed limitations|potential limitations|considerations",
    "failure_modes": "failure modes|known failure modes|limitations known failure modes|edge cases|known error risks"
    "|failure cases|modos de fallo",
    "identified_biases": "identified biases|biases|bias|known biases|limitations and biases|limitations and bias"
    "|bias risks and limitations|bias risks limitations|risks limitations and biases|bias and fairness|bias fairness"
    "|bias and safety|bias analysis|bias risk|gender bias|equidad algorítmica|identified biases and mitigations"
    "|侷限性和偏見",
    "safety_risks": "safety risks|risks|risks and harms|potential harms|safety harm analysis|ethical considerations"
    "|ethical considerations risks|ethical considerations and risks|ethical considerations and limitations"
    "|responsible ai considerations|responsibility safety|critical risks|ethics and safety|broader implications"
    "|bias risks and limitations|bias risks limitations|risks limitations and biases|risks and limitations|misuse risks"
    "|safety|risks mitigation|risiken und schäden|ethische überlegungen|consideraciones éticas|risk analysis"
    "|limitations ethical considerations",
    "mitigation_measures": "mitigation measures|mitigations|mitigation|recommendations|safeguards|safety measures"
    "|responsible deployment|mitigation strategy|mitigation strategies|controls in place|risks mitigation"
    "|identified biases and mitigations|risks and mitigations|safety mitigations|caveats and recommendations"
    "|abhilfemaßnahmen|uso responsable|red teaming",
    "risk_tier": "risk tier|risk level|risk classification|ai act classification",
    "required_oversight_level": "required oversight level|required oversight|human oversight|oversight|oversight level"
    "|decision authority|human override path",
    "approved_by": "approved by|approver|approvers|reviewed by|signed off by|clearance approved by name",
    "approval_date": "approval date|approved on|promoted at",
    "review_schedule": "review schedule|review cadence|next review|review date|monitoring plan|monitoring"
    "|monitoring and maintenance|maintenance|retraining schedule|retraining refresh cadence|governance and monitoring",
    "incident_contact": "incident contact|contact|contacts|model card contact|feedback|point of contact|contact info"
    "|where to send questions or comments about the model|send questions to|reporting issues|escalation"
    "|escalation path|report vulnerabilities|kontakt|contacto|person of contact|contact information",
    "regulatory_compliance": "regulatory compliance|compliance|regulation mapping|ai act compliance|gdpr|eu ai act"
    "|regulatory framework|fairness compliance|cybersecurity compliance|explicabilidad regulatoria|applicable law"
    "|clearance type|lgpd",
}  # fmt: skip


@cache
def _fields_by_name(unspaced: bool) -> dict[str, tuple[str, ...]]:
    """The fields by the names that they have in scripts without spaces, or in all others: a card is in one of them."""
    found: dict[str, list[str]] = {}
    for field in CARD_FIELDS:
        names = (field.replace("_", " "), *_NAMES.get(field, "").split("|"))
        for name in (name for name in names if may_be_unspaced(name) is unspaced):
            known = found.setdefault(name_key(name), [])
            if name and field not in known:
                known.append(field)
    return {name: tuple(fields) for name, fields in found.items() if name}


def name_key(name: str) -> str:
    """A heading, label or key reduced to its words: without numbering, remarks in brackets and `and`."""
    plain = name.replace("_", " ")
    for opening in ("(", "[", "（"):
        cut = plain.find(opening)
        plain = plain[:cut] if cut > 0 else plain
    words = [word for word in key_of(plain.replace("/", " ").replace("-", " ")).split() if word not in ("and", "the")]
    while words and words[0].replace(".", "").isdigit():
        words = words[1:]
    return " ".join(words)


def fields_named(name: str) -> tuple[str, ...]:
    """The card fields that a heading, label or key is about; () where it is none that is known."""
    key = name_key(name)
    fields = _fields_by_name(may_be_unspaced(key))
    return fields.get(key) or fields.get(key.removeprefix("model ").removesuffix(" optional"), ())
