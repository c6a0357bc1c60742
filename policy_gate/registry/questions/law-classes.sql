-- title: Which systems are of which class under a law, such as high-risk under the AI Act?
-- about: The law classes of each system, and the laws that it is in scope of.
-- cannot: The class of a system whose facts are not stated; the row of law is then unknown.
-- param law text = : only classes and laws that begin so, such as eu-ai-act
select l.law, l.kind, l.repository, l.system, s.name, s.owner_team, s.tier, s.stage
from held_laws l
join held_systems s on s.state_id = l.state_id and s.system = l.system
where substr(l.law, 1, length(:law)) = :law
order by l.law, l.kind, l.repository, l.system
