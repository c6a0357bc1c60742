-- title: Which systems changed tier since a day?
-- about: Systems whose tier is another than on that day, and those that were not there then.
-- cannot: A tier that changed and changed back, and systems that were there and not yet synced.
-- param since day = 0001-01-01: the day to compare with
select s.repository, s.system, s.name, s.owner_team, e.tier as was, s.tier as now, s.since as seen_on
from held_systems s
left join (
  select k.repository, x.system, case when x.effective_tier <> '' then x.effective_tier else x.tier end as tier
  from held_earlier k
  join systems x on x.state_id = k.state_id
) e on e.repository = s.repository and e.system = s.system
where e.tier is null or e.tier <> s.tier
order by s.repository, s.system
