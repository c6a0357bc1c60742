-- title: Which systems act without a person who looks at it?
-- about: Systems whose risk profile says that no person oversees them, and those of which nobody says.
-- cannot: Whether somebody looks in practice.
select s.repository, s.system, s.name, s.owner_team, s.tier, s.stage,
  case when r.level is null then 'unknown' else r.level end as human_oversight
from held_systems s
left join held_risks r on r.state_id = s.state_id and r.system = s.system and r.dimension = 'human_oversight'
where r.level is null or r.level = 'none'
order by case when r.level is null then 1 else 0 end, s.repository, s.system
