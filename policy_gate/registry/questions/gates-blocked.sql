-- title: Which systems may not take their next step, and what is missing?
-- about: Each gate that a system owes and does not pass, with the ids of what its list lacks.
-- cannot: Whether a system that is blocked here was released another way.
select g.repository, g.system, s.name, s.owner_team, s.stage, g.title as gate, g.verdict, g.missing
from held_gates g
left join held_systems s on s.state_id = g.state_id and s.system = g.system
where g.verdict not in ('pass', '')
order by g.repository, g.system, g.title
