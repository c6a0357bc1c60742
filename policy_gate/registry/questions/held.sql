-- What was known on the day :as_of, table by table. A question names what it needs, and only that is put before it.
--
-- A state holds from the day of the sync that saw it first until the day of the one that saw another.
held_states as (
  select st.id as state_id, st.repository_id, r.name as repository, r.error, st.commit_id, st.as_of as judged_on,
    substr(began.started_at, 1, 10) as since, substr(ended.started_at, 1, 10) as until, st.governed, st.verdict
  from states st
  join repositories r on r.id = st.repository_id
  join syncs began on began.id = st.first_sync
  left join syncs ended on ended.id = st.ended_sync
  where substr(began.started_at, 1, 10) <= :as_of
    and (ended.id is null or substr(ended.started_at, 1, 10) > :as_of)
),
held_systems as (
  select k.repository, k.since, k.judged_on, s.state_id, s.position, s.system, s.name, s.description, s.manifest,
    s.owner_team, s.incident_contact, s.stage, s.stage_since, s.deployment_date,
    case when s.effective_tier <> '' then s.effective_tier else s.tier end as tier, s.score, s.score_low, s.score_high,
    s.required_controls, s.verdict, s.next_due, s.next_due_title, s.facts, s.has_risk_profile
  from held_states k
  join systems s on s.state_id = k.state_id
),
held_laws as (
  select k.repository, l.state_id, l.system, l.kind, l.law
  from held_states k
  join system_laws l on l.state_id = k.state_id
),
held_risks as (
  select k.repository, r.state_id, r.system, r.dimension, r.level
  from held_states k
  join system_risks r on r.state_id = k.state_id
),
held_gates as (
  select k.repository, g.state_id, g.system, g.gate, g.title, g.verdict, g.missing
  from held_states k
  join gates g on g.state_id = k.state_id
),
held_findings as (
  select k.repository, f.state_id, f.finding, f.system, f.state, f.enforcement, f.blame, f.kind, f.subject, f.title,
    f.message, f.due, f.responsible, f.accountable, f.waiver, f.path
  from held_states k
  join findings f on f.state_id = k.state_id
),
held_law_rows as (
  select k.repository, l.state_id, l.system, l.regulation, l.law_row, l.title, l.state, l.applies_from, l.due
  from held_states k
  join law_rows l on l.state_id = k.state_id
),
held_vendors as (
  select k.repository, v.state_id, v.system, v.vendor, v.vendor_name, v.product_name, v.access_type, v.data_sent,
    v.sends_personal_data, v.has_dpa, v.risk, v.score, v.open, v.assessed_on, v.review_due
  from held_states k
  join vendors v on v.state_id = k.state_id
),
held_models as (
  select k.repository, m.state_id, m.system, m.model, m.vendor, m.origin, m.pinned, m.retires, m.path
  from held_states k
  join models m on m.state_id = k.state_id
),
held_incidents as (
  select k.repository, i.state_id, i.position, i.incident, i.system, i.type, i.severity, i.state, i.occurred_at,
    i.detected_at, i.resolved_at
  from held_states k
  join incidents i on i.state_id = k.state_id
),
held_clocks as (
  select k.repository, c.state_id, c.incident_position, c.incident, c.system, c.clock, c.state, c.deadline
  from held_states k
  join clocks c on c.state_id = k.state_id
),
held_approvals as (
  select k.repository, a.state_id, a.system, a.purpose, a.role, a.approver, a.approved_on, a.expires, a.verified,
    a.path
  from held_states k
  join approvals a on a.state_id = k.state_id
),
held_waivers as (
  select k.repository, w.state_id, w.system, w.rule, w.reason, w.expires, w.state, w.ticket,
    w.owner, w.approver, w.created
  from held_states k
  join waivers w on w.state_id = k.state_id
),
held_due_dates as (
  select k.repository, d.state_id, d.system, d.kind, d.title, d.day, d.owner
  from held_states k
  join due_dates d on d.state_id = k.state_id
),
held_ai_uses as (
  select k.repository, k.governed, u.state_id, u.path, u.ai_product, u.kind, u.system
  from held_states k
  join ai_uses u on u.state_id = k.state_id
),
held_past as (
  select st.id as state_id, r.name as repository, substr(began.started_at, 1, 10) as since,
    substr(ended.started_at, 1, 10) as until
  from states st
  join repositories r on r.id = st.repository_id
  join syncs began on began.id = st.first_sync
  left join syncs ended on ended.id = st.ended_sync
  where substr(began.started_at, 1, 10) <= :as_of
),
held_past_systems as (
  select p.repository, p.since, s.state_id, s.system, s.stage,
    case when s.effective_tier <> '' then s.effective_tier else s.tier end as tier
  from held_past p
  join systems s on s.state_id = p.state_id
),
held_earlier as (
  select st.id as state_id, st.repository_id, r.name as repository, substr(began.started_at, 1, 10) as since
  from states st
  join repositories r on r.id = st.repository_id
  join syncs began on began.id = st.first_sync
  left join syncs ended on ended.id = st.ended_sync
  where substr(began.started_at, 1, 10) <= :since
    and (ended.id is null or substr(ended.started_at, 1, 10) > :since)
)
