-- title: What was known of each system on a day?
-- about: Tier, stage, verdict and gaps of each system as the registry had them on the day of --as-of. since is the day
--   of the sync from which on the whole repository was known just so, in_stage_since the first one of an unbroken row
--   that saw the system in this stage.
-- cannot: What changed between two syncs, and what nobody had synced by then.
-- param system text = : only this system
select s.repository, s.system, s.name, s.owner_team, s.tier, s.stage, s.verdict,
  (select count(*) from held_findings f where f.state_id = s.state_id and f.system = s.system and f.state = 'gap')
    as gaps,
  (select count(*) from held_findings f where f.state_id = s.state_id and f.system = s.system and f.state = 'unknown')
    as unknown, s.since, t.since as in_stage_since, k.commit_id
from held_systems s
join held_states k on k.state_id = s.state_id
left join (
  select p.repository, p.system, min(p.since) as since
  from held_past_systems p
  left join (
    select p.repository, p.system, max(p.state_id) as state_id
    from held_past_systems p
    join held_systems h on h.repository = p.repository and h.system = p.system
    where p.stage <> h.stage
    group by p.repository, p.system
  ) o on o.repository = p.repository and o.system = p.system
  where o.state_id is null or p.state_id > o.state_id
  group by p.repository, p.system
) t on t.repository = s.repository and t.system = s.system
where :system = '' or s.system = :system
order by s.repository, s.system
