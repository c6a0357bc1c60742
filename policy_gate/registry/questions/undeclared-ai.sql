-- title: Which repositories use AI and declare no system?
-- about: Repositories without a manifest whose code, dependencies or files show AI, by product, with the number of files.
-- cannot: AI that leaves no sign in a repository, and repositories that could not be read.
select u.repository, u.ai_product, count(*) as files, min(u.path) as first_file
from held_ai_uses u
where not u.governed
group by u.repository, u.ai_product
order by u.repository, u.ai_product
