-- title: Which systems come under which law, and from which day?
-- about: By law and system, the rows that apply or will, from which day, and how many lack evidence or cannot be told.
-- cannot: Whether a system is lawful: it says which evidence was found, and people judge the rest. Rows that depend on
--   facts which nobody stated are not listed: law-classes lists the laws that a system names, policy-gate law the facts.
-- param law text = : only this law
select l.regulation as law, l.repository, l.system, s.owner_team, s.tier, l.applies_from, count(*) as law_rows,
  sum(case when l.state = 'gap' then 1 else 0 end) as incomplete,
  sum(case when l.state = 'unknown' then 1 else 0 end) as unknown,
  case when l.applies_from > :as_of then 'no' else 'yes' end as in_force
from held_law_rows l
left join held_systems s on s.state_id = l.state_id and s.system = l.system
where :law = '' or l.regulation = :law
group by l.regulation, l.repository, l.system, s.owner_team, s.tier, l.applies_from
order by l.regulation, l.applies_from, l.repository, l.system
