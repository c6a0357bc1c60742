BEGIN TRANSACTION;
CREATE TABLE ai_uses (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	path TEXT DEFAULT '' NOT NULL, 
	ai_product TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_ai_uses PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_ai_uses_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "ai_uses" VALUES(1,0,'a.py','openai','import','SYS-001');
INSERT INTO "ai_uses" VALUES(1,1,'b.py','anthropic','','');
CREATE TABLE approvals (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	purpose TEXT DEFAULT '' NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	approver TEXT DEFAULT '' NOT NULL, 
	approved_on TEXT DEFAULT '' NOT NULL, 
	expires TEXT, 
	subject_digest TEXT DEFAULT '' NOT NULL, 
	verified BOOLEAN, 
	path TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_approvals_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "approvals" VALUES(1,0,'SYS-001','release','ciso','Ann','2026-05-01',NULL,'sha256:1',1,'a.yaml');
CREATE TABLE clocks (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	incident_position INTEGER NOT NULL, 
	incident TEXT DEFAULT '' NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	clock TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	deadline TEXT, 
	CONSTRAINT pk_clocks PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_clocks_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "clocks" VALUES(1,0,0,'INC-1','SYS-001','art-73','running','2026-11-16');
INSERT INTO "clocks" VALUES(1,1,0,'INC-1','SYS-001','dpa','met',NULL);
CREATE TABLE due_dates (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	day TEXT DEFAULT '' NOT NULL, 
	owner TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_due_dates PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_due_dates_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "due_dates" VALUES(1,0,'SYS-001','review','Bias audit','2026-11-01','People Ops');
CREATE TABLE findings (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	finding TEXT DEFAULT '' NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	enforcement TEXT DEFAULT '' NOT NULL, 
	blame TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	subject TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	message TEXT DEFAULT '' NOT NULL, 
	due TEXT, 
	responsible TEXT DEFAULT '[]' NOT NULL, 
	accountable TEXT DEFAULT '[]' NOT NULL, 
	rules TEXT DEFAULT '[]' NOT NULL, 
	waiver TEXT, 
	path TEXT DEFAULT '' NOT NULL, 
	line INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_findings_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "findings" VALUES(1,0,'f1','SYS-001','gap','block','existing','artifact','red-team-report','No red-team report','missing','2026-11-20','["engineering"]','["ciso"]','["release"]',NULL,'a.md',3);
CREATE TABLE gates (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	gate TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	missing TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_gates PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_gates_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "gates" VALUES(1,0,'SYS-001','release','Release review','block','["red-team-report"]');
CREATE TABLE incidents (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	incident TEXT DEFAULT '' NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	type TEXT DEFAULT '' NOT NULL, 
	severity TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	path TEXT DEFAULT '' NOT NULL, 
	occurred_at TEXT, 
	detected_at TEXT, 
	resolved_at TEXT, 
	CONSTRAINT pk_incidents PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_incidents_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "incidents" VALUES(1,0,'INC-1','SYS-001','bias','high','open','i.yaml','2026-11-01T00:00:00Z',NULL,NULL);
CREATE TABLE law_rows (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	regulation TEXT DEFAULT '' NOT NULL, 
	law_row TEXT DEFAULT '' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	applies_from TEXT, 
	due TEXT, 
	CONSTRAINT pk_law_rows PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_law_rows_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "law_rows" VALUES(1,0,'SYS-001','eu-ai-act','art-9','Risk management','gap','2026-08-02',NULL);
CREATE TABLE models (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	model TEXT DEFAULT '' NOT NULL, 
	vendor TEXT DEFAULT '' NOT NULL, 
	origin TEXT DEFAULT '' NOT NULL, 
	pinned BOOLEAN, 
	retires TEXT, 
	path TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_models PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_models_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "models" VALUES(1,0,'SYS-001','gpt-4','openai','code',0,'2026-01-01','a.py');
CREATE TABLE registry_schema (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT registry_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO "registry_schema" VALUES('2');
CREATE TABLE repositories (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	asked_for TEXT DEFAULT '' NOT NULL, 
	commit_id TEXT, 
	as_of TEXT DEFAULT '' NOT NULL, 
	first_sync INTEGER NOT NULL, 
	last_sync INTEGER NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, 
	forgotten_sync INTEGER, 
	CONSTRAINT pk_repositories PRIMARY KEY (id), 
	CONSTRAINT uq_repositories_name UNIQUE (name), 
	CONSTRAINT fk_repositories_first_sync_syncs FOREIGN KEY(first_sync) REFERENCES syncs (id), 
	CONSTRAINT fk_repositories_last_sync_syncs FOREIGN KEY(last_sync) REFERENCES syncs (id), 
	CONSTRAINT fk_repositories_forgotten_sync_syncs FOREIGN KEY(forgotten_sync) REFERENCES syncs (id)
);
INSERT INTO "repositories" VALUES(1,'acme/screener','https://git.example.org/acme/screener','x','cccccccccccccccccccccccccccccccccccccccc','2026-11-29',1,1,'',NULL);
CREATE TABLE states (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	digest TEXT DEFAULT '' NOT NULL, 
	asked_for TEXT DEFAULT '' NOT NULL, 
	commit_id TEXT, 
	branch TEXT DEFAULT '' NOT NULL, 
	as_of TEXT DEFAULT '' NOT NULL, 
	tool_version TEXT DEFAULT '' NOT NULL, 
	policies_digest TEXT DEFAULT '' NOT NULL, 
	governed BOOLEAN DEFAULT 0 NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	headline TEXT DEFAULT '' NOT NULL, 
	first_sync INTEGER NOT NULL, 
	ended_sync INTEGER, 
	CONSTRAINT pk_states PRIMARY KEY (id), 
	CONSTRAINT fk_states_repository_id_repositories FOREIGN KEY(repository_id) REFERENCES repositories (id), 
	CONSTRAINT fk_states_first_sync_syncs FOREIGN KEY(first_sync) REFERENCES syncs (id), 
	CONSTRAINT fk_states_ended_sync_syncs FOREIGN KEY(ended_sync) REFERENCES syncs (id)
);
INSERT INTO "states" VALUES(1,1,'sha256:670efb3fddeefa49b4632e990432c1f3fdce84512d14c333ee89b3fa9b7e54ac','x','cccccccccccccccccccccccccccccccccccccccc','main','2026-11-29','1.0','sha256:p',1,'block','1 system owes something',1,NULL);
CREATE TABLE syncs (
	id INTEGER NOT NULL, 
	started_at TEXT DEFAULT '' NOT NULL, 
	finished_at TEXT, 
	tool_version TEXT DEFAULT '' NOT NULL, 
	repositories INTEGER DEFAULT '0' NOT NULL, 
	changed INTEGER DEFAULT '0' NOT NULL, 
	failed INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_syncs PRIMARY KEY (id)
);
INSERT INTO "syncs" VALUES(1,'2026-11-01T10:00:00Z','2026-11-01T10:01:00Z','1.0',1,1,0);
CREATE TABLE system_laws (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	law TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_system_laws PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_system_laws_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "system_laws" VALUES(1,0,'SYS-001','class','eu-ai-act:high-risk');
INSERT INTO "system_laws" VALUES(1,1,'SYS-001','regulation','eu-ai-act');
INSERT INTO "system_laws" VALUES(1,2,'SYS-001','regulation','nyc-ll-144');
CREATE TABLE system_risks (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	dimension TEXT DEFAULT '' NOT NULL, 
	level TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_system_risks PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_system_risks_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "system_risks" VALUES(1,0,'SYS-001','decision_impact','employment');
INSERT INTO "system_risks" VALUES(1,1,'SYS-001','human_oversight','partial');
CREATE TABLE systems (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	manifest TEXT DEFAULT '' NOT NULL, 
	description TEXT DEFAULT '' NOT NULL, 
	owner_team TEXT DEFAULT '' NOT NULL, 
	incident_contact TEXT DEFAULT '' NOT NULL, 
	stage TEXT DEFAULT '' NOT NULL, 
	stage_since TEXT, 
	deployment_date TEXT DEFAULT '' NOT NULL, 
	enrolled TEXT, 
	tier TEXT DEFAULT '' NOT NULL, 
	effective_tier TEXT DEFAULT '' NOT NULL, 
	score INTEGER, 
	score_low INTEGER DEFAULT '0' NOT NULL, 
	score_high INTEGER DEFAULT '0' NOT NULL, 
	required_controls TEXT DEFAULT '[]' NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	next_due TEXT, 
	next_due_title TEXT DEFAULT '' NOT NULL, 
	subject_digest TEXT DEFAULT '' NOT NULL, 
	paths TEXT DEFAULT '[]' NOT NULL, 
	facts TEXT, 
	has_risk_profile BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_systems PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_systems_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "systems" VALUES(1,0,'SYS-001','Hiring Resume Screener','governance.yaml','Ranks applications.','People Ops','oncall@example.org','production','2026-05-01','2026-05-01',NULL,'high','high',13,13,14,'["human-oversight"]','block','2026-11-01','Bias audit','sha256:1','["screener/**"]','{"system.tier":"high","system.users":["staff"]}',1);
CREATE TABLE vendors (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	vendor TEXT DEFAULT '' NOT NULL, 
	vendor_name TEXT DEFAULT '' NOT NULL, 
	product_name TEXT DEFAULT '' NOT NULL, 
	access_type TEXT DEFAULT '' NOT NULL, 
	data_sent TEXT DEFAULT '' NOT NULL, 
	sends_personal_data BOOLEAN, 
	has_dpa BOOLEAN, 
	risk TEXT DEFAULT '' NOT NULL, 
	score INTEGER, 
	open TEXT DEFAULT '[]' NOT NULL, 
	assessed_on TEXT, 
	review_due TEXT, 
	CONSTRAINT pk_vendors PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_vendors_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "vendors" VALUES(1,0,'SYS-001','openai','OpenAI','API','api','applications',1,0,'high',9,'["no-dpa"]',NULL,NULL);
CREATE TABLE waivers (
	state_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	system TEXT DEFAULT '' NOT NULL, 
	rule TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	expires TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	ticket TEXT DEFAULT '' NOT NULL, owner TEXT DEFAULT '' NOT NULL, approver TEXT DEFAULT '' NOT NULL, created TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_waivers PRIMARY KEY (state_id, position), 
	CONSTRAINT fk_waivers_state_id_states FOREIGN KEY(state_id) REFERENCES states (id)
);
INSERT INTO "waivers" VALUES(1,0,'SYS-001','red-team','later','2026-12-31','active','T-1','Bo','Ann','2026-05-01');
CREATE INDEX ix_states_repository_id_first_sync ON states (repository_id, first_sync);
CREATE INDEX ix_states_ended_sync ON states (ended_sync);
CREATE UNIQUE INDEX uq_states_current ON states (repository_id) WHERE ended_sync IS NULL;
CREATE INDEX ix_systems_system ON systems (system);
CREATE INDEX ix_systems_owner_team ON systems (owner_team);
CREATE INDEX ix_systems_effective_tier ON systems (effective_tier);
CREATE INDEX ix_systems_stage ON systems (stage);
CREATE INDEX ix_systems_next_due ON systems (next_due);
CREATE INDEX ix_system_laws_law ON system_laws (law);
CREATE INDEX ix_system_risks_dimension_level ON system_risks (dimension, level);
CREATE INDEX ix_gates_gate ON gates (gate);
CREATE INDEX ix_findings_finding ON findings (finding);
CREATE INDEX ix_findings_due ON findings (due);
CREATE INDEX ix_law_rows_regulation ON law_rows (regulation);
CREATE INDEX ix_vendors_vendor ON vendors (vendor);
CREATE INDEX ix_models_model ON models (model);
CREATE INDEX ix_incidents_incident ON incidents (incident);
CREATE INDEX ix_clocks_deadline ON clocks (deadline);
CREATE INDEX ix_approvals_approver ON approvals (approver);
CREATE INDEX ix_waivers_expires ON waivers (expires);
CREATE INDEX ix_due_dates_day ON due_dates (day);
CREATE INDEX ix_ai_uses_ai_product ON ai_uses (ai_product);
CREATE VIEW current_systems AS SELECT r.name AS repository, x.* FROM systems x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_system_laws AS SELECT r.name AS repository, x.* FROM system_laws x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_system_risks AS SELECT r.name AS repository, x.* FROM system_risks x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_gates AS SELECT r.name AS repository, x.* FROM gates x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_findings AS SELECT r.name AS repository, x.* FROM findings x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_law_rows AS SELECT r.name AS repository, x.* FROM law_rows x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_vendors AS SELECT r.name AS repository, x.* FROM vendors x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_models AS SELECT r.name AS repository, x.* FROM models x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_incidents AS SELECT r.name AS repository, x.* FROM incidents x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_clocks AS SELECT r.name AS repository, x.* FROM clocks x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_approvals AS SELECT r.name AS repository, x.* FROM approvals x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_due_dates AS SELECT r.name AS repository, x.* FROM due_dates x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW current_ai_uses AS SELECT r.name AS repository, x.* FROM ai_uses x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW known_systems AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM systems x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_system_laws AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM system_laws x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_system_risks AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM system_risks x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_gates AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM gates x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_findings AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM findings x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_law_rows AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM law_rows x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_vendors AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM vendors x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_models AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM models x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_incidents AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM incidents x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_clocks AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM clocks x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_approvals AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM approvals x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_due_dates AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM due_dates x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW known_ai_uses AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM ai_uses x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
CREATE VIEW current_repositories AS 
SELECT r.id AS repository_id, r.name AS repository, r.source, r.error, r.commit_id, r.as_of, s.id AS state_id, s.branch,
  s.commit_id AS state_commit_id, s.governed, s.verdict, s.headline, s.policies_digest, s.tool_version,
  b.started_at AS known_from, l.started_at AS last_read_at
FROM repositories r
LEFT JOIN states s ON s.repository_id = r.id AND s.ended_sync IS NULL
LEFT JOIN syncs b ON b.id = s.first_sync
JOIN syncs l ON l.id = r.last_sync
WHERE r.forgotten_sync IS NULL;
CREATE VIEW due_calendar AS 
SELECT x.repository, x.system, x.kind, x.title, x.day, x.owner, COALESCE(y.owner_team, '') AS owner_team
FROM current_due_dates x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system
UNION
SELECT x.repository, x.system, 'finding', x.title, x.due, '', COALESCE(y.owner_team, '')
FROM current_findings x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system
WHERE x.due IS NOT NULL;
CREATE VIEW overdue AS SELECT * FROM due_calendar WHERE day < CAST(CURRENT_DATE AS TEXT);
CREATE VIEW overdue_by_team AS 
SELECT owner_team, COUNT(*) AS overdue, MIN(day) AS oldest FROM overdue GROUP BY owner_team;
CREATE VIEW gaps_by_team AS 
SELECT COALESCE(y.owner_team, '') AS owner_team, x.enforcement, x.state, COUNT(*) AS findings,
  COUNT(DISTINCT x.repository || ' ' || x.system) AS systems
FROM current_findings x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system
GROUP BY COALESCE(y.owner_team, ''), x.enforcement, x.state;
CREATE VIEW systems_by_tier_and_stage AS 
SELECT effective_tier AS tier, stage, COUNT(*) AS systems FROM current_systems GROUP BY effective_tier, stage;
CREATE VIEW decides_about_employment AS 
SELECT y.repository, y.system, y.name, y.owner_team, y.stage, y.effective_tier, y.verdict,
  CASE
    WHEN x.level = 'employment' THEN 'decision impact'
    WHEN y.facts LIKE '%"employment"%' THEN 'stated fact'
    ELSE 'unknown'
  END AS said_by
FROM current_systems y
LEFT JOIN system_risks x ON x.state_id = y.state_id AND x.system = y.system AND x.dimension = 'decision_impact'
WHERE x.level = 'employment' OR y.facts LIKE '%"employment"%' OR (x.level IS NULL AND y.facts IS NULL);
CREATE VIEW personal_data_without_agreement AS 
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, x.vendor, x.vendor_name, x.data_sent,
  x.sends_personal_data, x.has_dpa
FROM current_vendors x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system
WHERE (x.sends_personal_data IS NULL OR x.sends_personal_data) AND (x.has_dpa IS NULL OR NOT x.has_dpa);
CREATE VIEW retired_models_in_use AS 
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, y.stage, x.model, x.vendor, x.retires
FROM current_models x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system
WHERE x.retires IS NOT NULL AND x.retires <= CAST(CURRENT_DATE AS TEXT);
CREATE VIEW undeclared_ai AS 
SELECT x.repository, COALESCE(s.governed, false) AS governed, x.path, x.ai_product, x.kind
FROM current_ai_uses x JOIN states s ON s.id = x.state_id
WHERE x.system = '';
CREATE VIEW law_exposure AS 
SELECT x.repository, x.system, COALESCE(y.owner_team, '') AS owner_team, x.regulation, x.law_row, x.title, x.state,
  x.applies_from, x.due
FROM current_law_rows x LEFT JOIN current_systems y ON y.state_id = x.state_id AND y.system = x.system;
CREATE VIEW systems_by_sync AS 
SELECT c.id AS sync_id, c.started_at, y.effective_tier AS tier, COUNT(*) AS systems,
  SUM(CASE WHEN y.verdict = 'pass' THEN 1 ELSE 0 END) AS passing
FROM syncs c
JOIN states s ON s.first_sync <= c.id AND (s.ended_sync IS NULL OR s.ended_sync > c.id)
JOIN systems y ON y.state_id = s.id
GROUP BY c.id, c.started_at, y.effective_tier;
CREATE VIEW current_waivers AS SELECT r.name AS repository, x.* FROM waivers x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id WHERE s.ended_sync IS NULL;
CREATE VIEW known_waivers AS SELECT r.name AS repository, b.started_at AS known_from, e.started_at AS known_until, s.commit_id AS commit_id, x.* FROM waivers x JOIN states s ON s.id = x.state_id JOIN repositories r ON r.id = s.repository_id JOIN syncs b ON b.id = s.first_sync LEFT JOIN syncs e ON e.id = s.ended_sync;
COMMIT;
