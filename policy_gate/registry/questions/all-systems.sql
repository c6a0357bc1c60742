-- title: Which AI systems do we run, and who owns them?
-- about: Every declared system with tier, stage, verdict and next due day; of one tier or stage alone where it is given.
-- cannot: Systems that no manifest declares. Ask undeclared-ai for signs of them.
-- param tier text = : only systems of this tier
-- param stage text = : only systems in this stage
select repository, system, name, owner_team, tier, stage, verdict, deployment_date, next_due, next_due_title
from held_systems
where (:tier = '' or tier = :tier) and (:stage = '' or stage = :stage)
order by repository, system
