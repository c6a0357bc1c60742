-- title: Where does a governed repository use AI that none of its systems claims?
-- about: Signs of AI in files that lie outside the paths of every declared system of the repository.
-- cannot: Whether it is a system of its own, or a path that somebody forgot.
select u.repository, u.ai_product, u.kind, u.path
from held_ai_uses u
where u.governed and u.system = ''
order by u.repository, u.ai_product, u.path
