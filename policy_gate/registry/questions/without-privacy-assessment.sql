-- title: Which high-risk systems lack a privacy impact assessment?
-- about: Systems of tier high or critical for which the assessment is missing, out of date, only waived, or not known.
-- cannot: Whether an assessment is any good. A system of unknown tier is listed too: unknown is not low.
select distinct s.repository, s.system, s.name, s.owner_team, s.tier, s.stage,
  case when f.state is null then 'unknown' else f.state end as state, f.due
from held_systems s
left join held_findings f on f.state_id = s.state_id and f.system = s.system
  and f.subject = 'privacy-impact-assessment'
where (s.tier in ('high', 'critical') and f.state in ('gap', 'unknown', 'waived', 'deferred')) or s.tier = ''
order by s.repository, s.system, s.tier, state
