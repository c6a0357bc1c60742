-- title: Which systems were never classified?
-- about: Systems without a tier, and those whose risk profile leaves dimensions out, with the range of points it allows.
-- cannot: Whether a classification is right.
select repository, system, name, owner_team, stage, tier, score, score_low, score_high
from held_systems
where tier = '' or not has_risk_profile or score is null
order by repository, system
