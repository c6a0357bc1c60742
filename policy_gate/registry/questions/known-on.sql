-- title: What was known of each system on a day?
-- about: Tier, stage, verdict and gaps of each system as the registry had them on the day of --as-of, and since when.
-- cannot: What changed between two syncs, and what nobody had synced by then.
-- param system text = : only this system
select s.repository, s.system, s.name, s.owner_team, s.tier, s.stage, s.verdict,
  (select count(*) from held_findings f where f.state_id = s.state_id and f.system = s.system and f.state = 'gap')
    as gaps,
  (select count(*) from held_findings f where f.state_id = s.state_id and f.system = s.system and f.state = 'unknown')
    as unknown, s.since, k.commit_id
from held_systems s
join held_states k on k.state_id = s.state_id
where :system = '' or s.system = :system
order by s.repository, s.system
