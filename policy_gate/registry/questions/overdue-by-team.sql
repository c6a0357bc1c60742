-- title: What is overdue, by team?
-- about: Each gap whose day is past and each legal clock that ran out, under the team that owns the system.
-- cannot: What has no day. A gap that fell due after its repository was judged counts from its day on.
-- param team text = : only this team
select case when s.owner_team is null or s.owner_team = '' then 'nobody' else s.owner_team end as team, o.due,
  o.repository, o.system, o.what, o.state
from (
  select repository, state_id, system, due, title as what, state from held_findings
  where state in ('gap', 'unknown') and (blame = 'overdue' or due < :as_of)
  union all
  select repository, state_id, system, substr(deadline, 1, 10) as due, incident || ': ' || clock as what, state
  from held_clocks
  where state in ('running', 'overdue', 'unknown') and substr(deadline, 1, 10) < :as_of
) o
left join held_systems s on s.state_id = o.state_id and s.system = o.system
where :team = '' or s.owner_team = :team
order by case when s.owner_team is null or s.owner_team = '' then 'nobody' else s.owner_team end, o.due, o.repository,
  o.system, o.what
