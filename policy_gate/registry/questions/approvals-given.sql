-- title: Who approved what for which system, and when?
-- about: Every approval that a repository records, with role, day, last day, and whether its signature was verified:
--   earlier is one that a sync before verified and the last did not, as its key was taken out since, or revoked.
-- cannot: Reviews on a forge, which leave no record in a repository. An approval that nobody verified is what somebody
--   wrote down, and one whose key was taken out before any sync saw it reads like it.
-- param system text = : only approvals for this system
-- param approver text = : only those of this person
-- param since day = 0001-01-01: only those given on this day or later
select a.approved_on, a.approver, a.role, a.purpose, a.repository, a.system,
  case when a.verified then 'yes' when exists (
    select 1 from held_past p
    join approvals e on e.state_id = p.state_id
    join approvals n on n.state_id = a.state_id and n.path = a.path
    where p.repository = a.repository and e.path = a.path and e.verified and e.subject_digest = n.subject_digest
      and e.role = a.role and e.purpose = a.purpose and e.approver = a.approver and e.approved_on = a.approved_on
  ) then 'earlier' when a.verified is null then 'unknown' else 'no' end as verified, a.expires,
  case when a.expires is not null and a.expires < :as_of then 'yes' else 'no' end as ended
from held_approvals a
where (:system = '' or a.system = :system) and (:approver = '' or a.approver = :approver) and a.approved_on >= :since
order by a.approved_on desc, a.repository, a.system, a.purpose, a.role, a.approver
