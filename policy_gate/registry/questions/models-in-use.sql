-- title: Which models run where?
-- about: Every model by name with the systems that use it, as declared or as their code names it.
-- cannot: Models behind a name that is only known at run time.
-- param model text = : only names that begin so
select m.model, m.vendor, m.repository, m.system, s.owner_team, s.stage, m.origin,
  case when m.pinned is null then 'unknown' when m.pinned then 'yes' else 'no' end as pinned, m.retires, m.path
from held_models m
left join held_systems s on s.state_id = m.state_id and s.system = m.system
where substr(m.model, 1, length(:model)) = :model
order by m.model, m.repository, m.system, m.path
