-- title: Which systems lack a model card, a security assessment, or another document, test or control?
-- about: Systems for which what is asked for is a gap, unknown, waived or put off. `policy-gate explain ID` tells each id.
-- cannot: Systems of which it is not asked at their tier and stage; they need not have it.
-- param what text = model-card: the id of a document, test, approval or rule
select f.repository, f.system, s.name, s.owner_team, s.tier, s.stage, f.state, f.title, f.due
from held_findings f
left join held_systems s on s.state_id = f.state_id and s.system = f.system
where f.state in ('gap', 'unknown', 'waived', 'deferred') and f.subject = :what
order by f.repository, f.system, f.title
