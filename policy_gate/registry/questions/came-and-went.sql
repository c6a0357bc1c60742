-- title: Which systems are new since a day, and which are gone?
-- about: Systems of today that were not known on that day, and those known then or since that no manifest declares any
--   more, as they stood when they were last seen.
-- cannot: Whether what is gone was switched off. Nobody declares it any more; that is all that is seen. What happened
--   between two syncs: a day is that of the sync which saw it, a stage that of the last one before, and a new id is a
--   new system.
-- param since day = 0001-01-01: the day to compare with
select case when s.system is null then 'gone' else 'new' end as change, l.repository, l.system, x.name, x.owner_team,
  x.stage, l.first_seen, case when s.system is null then p.until end as gone_on
from (
  select k.repository, k.system, min(k.since) as first_seen, max(k.state_id) as state_id
  from held_past_systems k
  group by k.repository, k.system
) l
join held_past p on p.state_id = l.state_id
join systems x on x.state_id = l.state_id and x.system = l.system
left join held_systems s on s.repository = l.repository and s.system = l.system
where (s.system is null and p.until > :since) or (s.system is not null and not exists (
  select 1 from held_earlier e join systems x on x.state_id = e.state_id
  where e.repository = l.repository and x.system = l.system
))
order by 1, 2, 3
