-- title: Which vendors serve which systems, and what do we make of them?
-- about: Every vendor of every system with what it is sent, its risk, what is open, and when it was assessed.
-- cannot: Vendors of vendors, and vendors that no manifest names.
-- param vendor text = : only this vendor
select v.vendor, v.vendor_name, v.product_name, v.access_type, v.repository, v.system, s.owner_team, v.risk, v.open, v.data_sent,
  case when v.sends_personal_data is null then 'unknown' when v.sends_personal_data then 'yes' else 'no' end
    as personal_data,
  case when v.has_dpa is null then 'unknown' when v.has_dpa then 'yes' else 'no' end as agreement, v.assessed_on, v.review_due, case when v.review_due < :as_of then 'yes' else 'no' end as review_late
from held_vendors v
left join held_systems s on s.state_id = v.state_id and s.system = v.system
where :vendor = '' or v.vendor = :vendor
order by v.vendor, v.repository, v.system
