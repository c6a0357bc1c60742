-- title: Which incidents are open, and which clocks run?
-- about: Each incident that is not closed, with each of its legal clocks and its deadline; of one that is, the clocks
--   that still run, or may.
-- cannot: Incidents that nobody wrote down. A clock of unknown state may run.
select i.severity, i.incident, i.type, i.state, i.repository, i.system, i.detected_at, c.clock,
  c.state as clock_state, c.deadline,
  case when c.state = 'overdue' or (c.state in ('running', 'unknown') and substr(c.deadline, 1, 10) < :as_of) then 'yes'
    else 'no' end as late
from held_incidents i
left join held_clocks c on c.state_id = i.state_id and c.incident_position = i.position
where i.resolved_at is null or c.state in ('running', 'overdue', 'unknown')
order by case i.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end, i.incident,
  c.deadline, c.clock
