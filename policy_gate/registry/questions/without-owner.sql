-- title: Which systems have no owner, or nobody to call?
-- about: Systems whose manifest names no owner team, or no contact for incidents.
-- cannot: Whether the team or contact that is named still exists.
select repository, system, name, stage, tier, owner_team, incident_contact,
  case when owner_team = '' and incident_contact = '' then 'both' when owner_team = '' then 'owner' else 'contact' end
    as missing
from held_systems
where (owner_team = '' or incident_contact = '') and stage <> 'decommissioned'
order by repository, system
