-- title: What falls due in the next days?
-- about: Reviews, papers that age, waivers, keys, terms, clocks and laws with a day within so many days, soonest first.
-- cannot: What has no day.
-- param within days = 90: how many days ahead
-- param team text = : only what this team owns
select d.day, d.kind, d.title, d.repository, d.system, s.owner_team, d.owner
from held_due_dates d
left join held_systems s on s.state_id = d.state_id and s.system = d.system
where d.day >= :as_of and d.day <= :within and (:team = '' or s.owner_team = :team)
order by d.day, d.repository, d.system, d.kind, d.title
