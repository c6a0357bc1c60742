-- title: Which vendors get personal data without a data processing agreement?
-- about: Vendors that are sent personal data, or of which nobody says, and whose agreement is missing or not stated.
-- cannot: What is really sent. The manifest says it, and a vendor that no manifest names is not here.
select v.repository, v.system, v.vendor, v.vendor_name, v.product_name,
  case when v.sends_personal_data is null then 'unknown' else 'yes' end as personal_data,
  case when v.has_dpa is null then 'unknown' else 'no' end as agreement, v.data_sent, s.owner_team
from held_vendors v
left join held_systems s on s.state_id = v.state_id and s.system = v.system
where (v.sends_personal_data is null or v.sends_personal_data) and (v.has_dpa is null or not v.has_dpa)
order by case when v.sends_personal_data and not v.has_dpa then 0 else 1 end, v.vendor, v.repository, v.system
