-- title: Where does a model still run that its vendor ends?
-- about: Models that have ended or end within so many days, in systems that are not decommissioned.
-- cannot: Models whose end nobody stated, and models that neither manifest nor code names.
-- param within days = 180: how many days ahead
select m.retires, case when m.retires < :as_of then 'yes' else 'no' end as ended, m.model, m.vendor, m.repository,
  m.system, s.stage, s.owner_team, m.origin, m.path
from held_models m
left join held_systems s on s.state_id = m.state_id and s.system = m.system
where m.retires <= :within and (s.stage is null or s.stage <> 'decommissioned')
order by m.retires, m.model, m.repository, m.system, m.path
