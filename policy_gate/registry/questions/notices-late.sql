-- title: Which notices of incidents came late, or are late now?
-- about: Each legal clock of an incident, closed or not, that was answered after its deadline, or whose deadline has
--   passed without an answer; unknown is one of which nobody stated what would tell whether it ran.
-- cannot: By how long, which incident report INCIDENT tells, and incidents that nobody wrote down.
-- param since day = 0001-01-01: only deadlines on this day or later
select c.deadline, c.clock, i.incident, i.severity, i.type, i.state, i.repository, i.system, s.owner_team, i.detected_at,
  case when c.state = 'running' then 'overdue' else c.state end as notice
from held_incidents i
join held_clocks c on c.state_id = i.state_id and c.incident_position = i.position
left join held_systems s on s.state_id = i.state_id and s.system = i.system
where (c.state in ('late', 'overdue') or (c.state in ('running', 'unknown') and substr(c.deadline, 1, 10) < :as_of))
  and substr(c.deadline, 1, 10) >= :since
order by c.deadline, i.repository, i.incident, c.clock
