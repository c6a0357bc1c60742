-- title: Which systems changed tier since a day?
-- about: Systems whose tier is another than on that day, and those that were not there then, with the day of the sync
--   that first saw the tier of now.
-- cannot: A tier that changed and changed back, and systems that were there and not yet synced.
-- param since day = 0001-01-01: the day to compare with
select s.repository, s.system, s.name, s.owner_team, e.tier as was, s.tier as now, (
  select min(p.since) from held_past_systems p
  where p.repository = s.repository and p.system = s.system and p.state_id > coalesce((
    select max(o.state_id) from held_past_systems o
    where o.repository = s.repository and o.system = s.system and o.tier <> s.tier
  ), 0)
) as seen_on
from held_systems s
left join (
  select k.repository, x.system, case when x.effective_tier <> '' then x.effective_tier else x.tier end as tier
  from held_earlier k
  join systems x on x.state_id = k.state_id
) e on e.repository = s.repository and e.system = s.system
where e.tier is null or e.tier <> s.tier
order by s.repository, s.system
