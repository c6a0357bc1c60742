-- title: Which systems decide about employment, or another part of somebody's life?
-- about: Systems whose risk profile names it as the impact of their decisions, or one of whose stated facts says it.
-- cannot: A system without a risk profile or facts is listed as unknown; that is not no.
-- param domain text = employment: what is decided about, such as employment, financial, credit, housing or healthcare
select s.repository, s.system, s.name, s.owner_team, s.stage, s.tier,
  case
    when r.level = :domain then 'decision impact'
    when s.facts like '%"' || :domain || '"%' then 'stated fact'
    else 'unknown'
  end as said_by
from held_systems s
left join held_risks r on r.state_id = s.state_id and r.system = s.system and r.dimension = 'decision_impact'
where r.level = :domain or s.facts like '%"' || :domain || '"%' or (r.level is null and s.facts is null)
order by case when r.level is null and s.facts is null then 1 else 0 end, s.repository, s.system
