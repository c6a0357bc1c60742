-- title: For which systems does nobody know the model version?
-- about: Systems for which no model is named at all, and those that name one which nothing pins to a version.
-- cannot: Which version really answers behind a name. Only a pinned version or a digest says so.
select s.repository, s.system, s.name, s.owner_team, s.stage, m.model,
  case when m.model is null then 'no model is named' when m.model like '$%' then 'a setting names it, outside the code'
    when max(case when m.pinned is null then 1 else 0 end) = 1 then 'not said whether pinned' else 'not pinned' end as why
from held_systems s
left join held_models m on m.state_id = s.state_id and m.system = s.system
where s.stage <> 'decommissioned' and (m.model is null or m.pinned is null or not m.pinned)
group by s.repository, s.system, s.name, s.owner_team, s.stage, m.model
order by case when m.model is null or m.model like '$%' then 0 else 1 end, s.repository, s.system, m.model
