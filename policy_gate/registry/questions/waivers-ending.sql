-- title: Which waivers end soon?
-- about: Waivers that have ended or end within so many days, what stands again from then on, whose work it is and whom it
--   names as having agreed.
-- cannot: Whether the work will be done by then. Owner and approver are names that somebody typed: who approved the
--   change that granted it is told by approvals-given, for the purpose waiver.
-- param within days = 90: how many days ahead
select w.expires, case when w.expires < :as_of then 'yes' else 'no' end as ended, w.repository, w.system, w.rule,
  w.reason, w.ticket, w.state, s.owner_team, w.owner, w.approver, w.created
from held_waivers w
left join held_systems s on s.state_id = w.state_id and s.system = w.system
where w.expires <= :within
order by w.expires, w.repository, w.system, w.rule
