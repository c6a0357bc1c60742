-- title: Which systems are new since a day, and which are gone?
-- about: Systems of today that were not known on that day, and those known then that no manifest declares any more.
-- cannot: Whether what is gone was switched off. Nobody declares it any more; that is all that is seen.
-- param since day = 0001-01-01: the day to compare with
select 'new' as change, s.repository, s.system, s.name, s.owner_team, s.stage
from held_systems s
where not exists (
  select 1 from held_earlier e join systems x on x.state_id = e.state_id
  where e.repository = s.repository and x.system = s.system
)
union all
select 'gone' as change, e.repository, x.system, x.name, x.owner_team, x.stage
from held_earlier e
join systems x on x.state_id = e.state_id
where not exists (select 1 from held_systems s where s.repository = e.repository and s.system = x.system)
order by 1, 2, 3
