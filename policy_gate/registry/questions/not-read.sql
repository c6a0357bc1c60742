-- title: Which repositories could not be read?
-- about: Repositories that the last sync failed on or that were never read, with the error, and since when what is known holds.
-- cannot: Repositories that no sync was given. What is in these is unknown, which is not nothing.
select r.name as repository, r.error, k.judged_on as known_as_of, k.since as unchanged_since
from repositories r
left join held_states k on k.repository_id = r.id
where r.error <> '' or (k.state_id is null and r.forgotten_sync is null)
order by r.name
