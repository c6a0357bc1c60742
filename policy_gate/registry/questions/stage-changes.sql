-- title: Which systems moved to another stage since a day, such as into production?
-- about: Systems whose stage is another than on that day, and those that were not there then, with the day of the sync
--   that first saw the stage of now and the number of open gaps; of one stage or tier, or lacking one thing, where given.
-- cannot: A stage that changed and changed back, and systems that were there and not yet synced. The day is that of a
--   sync; policy-gate audit query --kind stage has that of the merge.
-- param since day = 0001-01-01: the day to compare with
-- param stage text = : only systems that are in this stage now
-- param tier text = : only systems of this tier
-- param what text = : only systems that lack this document, test, approval or rule
select s.repository, s.system, s.name, s.owner_team, s.tier, e.stage as was, s.stage as now, (
  select min(p.since) from held_past_systems p
  where p.repository = s.repository and p.system = s.system and p.state_id > coalesce((
    select max(o.state_id) from held_past_systems o
    where o.repository = s.repository and o.system = s.system and o.stage <> s.stage
  ), 0)
) as seen_on, (
  select count(*) from held_findings f where f.state_id = s.state_id and f.system = s.system and f.state = 'gap'
) as gaps
from held_systems s
left join (
  select k.repository, x.system, x.stage
  from held_earlier k
  join systems x on x.state_id = k.state_id
) e on e.repository = s.repository and e.system = s.system
where (e.stage is null or e.stage <> s.stage)
  and (:stage = '' or s.stage = :stage) and (:tier = '' or s.tier = :tier)
  and (:what = '' or exists (
    select 1 from held_findings f
    where f.state_id = s.state_id and f.system = s.system and f.subject = :what
      and f.state in ('gap', 'unknown', 'waived', 'deferred')
  ))
order by s.repository, s.system
