BEGIN TRANSACTION;
CREATE TABLE batch (
	id INTEGER NOT NULL CHECK (id = 1), 
	assignment TEXT NOT NULL, 
	seed TEXT NOT NULL, 
	device TEXT NOT NULL, 
	checks_digest TEXT NOT NULL, 
	kit_version TEXT NOT NULL, 
	begun TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "batch" VALUES(1,'linear_regression','1208925819614629174706183','cpu','5f0c','0.1.0','2026-11-29T12:23:00+00:00');
CREATE TABLE changes (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,
            before FLOAT,  -- null: it had no points, and no 0
            after FLOAT,
            status_before TEXT NOT NULL,
            status_after TEXT NOT NULL,
            checks TEXT NOT NULL,  -- JSON: the names of the checks that found something else
            because TEXT NOT NULL,  -- "checks": what it is graded with; "submission": what was handed in
            at TEXT NOT NULL
        );
INSERT INTO "changes" VALUES(1,'ada','mse',4.0,0.0,'passed','forbidden','["values"]','checks','2026-11-30T10:00:00+00:00');
CREATE TABLE checks (
	student TEXT NOT NULL, 
	exercise TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	points FLOAT NOT NULL, 
	max_points FLOAT NOT NULL, 
	PRIMARY KEY (student, exercise, position), 
	FOREIGN KEY(student, exercise) REFERENCES exercises (student, id) ON DELETE CASCADE
);
INSERT INTO "checks" VALUES('ada','mse',0,'values','passed',3.0,3.0);
INSERT INTO "checks" VALUES('ada','mse',1,'shape','failed',0.0,1.0);
INSERT INTO "checks" VALUES('ada','train',0,'values','passed',5.0,5.0);
CREATE TABLE comments (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,  -- empty: the whole submission
            of_group TEXT NOT NULL,
            text TEXT,  -- null: taken back
            "by" TEXT NOT NULL,
            at TEXT NOT NULL
        );
INSERT INTO "comments" VALUES(1,'','mse','mse-4f1c2a','Draw it.','helena','2026-11-30T20:00:00+01:00');
INSERT INTO "comments" VALUES(2,'ada','','','Well done.','otto','2026-11-30T20:00:00+01:00');
INSERT INTO "comments" VALUES(3,'ada','','',NULL,'otto','2026-11-30T20:00:00+01:00');
CREATE TABLE exercises (
	student TEXT NOT NULL, 
	id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	max_score FLOAT NOT NULL, 
	misconception TEXT, 
	summary TEXT, 
	facts TEXT NOT NULL, 
	hint TEXT NOT NULL, 
	advice TEXT NOT NULL, cause TEXT, graded_with TEXT DEFAULT '' NOT NULL, around TEXT, seconds FLOAT, of_limit FLOAT, search_cut INTEGER, of_group TEXT DEFAULT '' NOT NULL, written TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (student, id), 
	FOREIGN KEY(student) REFERENCES submissions (student) ON DELETE CASCADE
);
INSERT INTO "exercises" VALUES('ada','mse',0,'forbidden',0.0,4.0,NULL,'mse_loss is not allowed.',X'5B5B227768657265222C20226C696E652033225D2C205B2263616C6C6564222C20226D736528EDA0BD29225D5D','Write it yourself.','["Use mean()."]',NULL,'ab/cd',NULL,NULL,NULL,NULL,'mse-0b5e11','ab12');
INSERT INTO "exercises" VALUES('ada','train',1,'passed',5.0,5.0,NULL,NULL,'[]','','[]',NULL,'ab/cd',NULL,NULL,NULL,NULL,'','');
INSERT INTO "exercises" VALUES(X'626F62EDB280','mse',0,'partial',2.5,4.0,'sum_for_mean','The sum.','[]','','[]','{"by": "bank", "module": "from_scratch", "line": 3, "says": "The sum.", "cell": null}','','{"first": 2, "lines": ["def mse(a, b):", "    return (a - b).sum()"]}',0.25,0.05,0,'','');
CREATE TABLE groups (
            id TEXT NOT NULL PRIMARY KEY,
            exercise TEXT NOT NULL,
            shows TEXT NOT NULL,
            numbers TEXT NOT NULL
        );
INSERT INTO "groups" VALUES('mse-4f1c2a','mse','5f0c','2:AADAPwAAAEA=');
CREATE TABLE groups_went_on (
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            PRIMARY KEY (before, after)
        );
INSERT INTO "groups_went_on" VALUES('mse-4f1c2a','mse-0b5e11');
CREATE TABLE hand_ins (
            student TEXT NOT NULL PRIMARY KEY,
            members TEXT NOT NULL,  -- JSON: the names of a team, all of them; [] alone
            in_roster INTEGER,  -- null: not known
            time_missing INTEGER NOT NULL,  -- 1: late, and nobody knows when it came
            handed_in TEXT,  -- ISO 8601, UTC; null, like the two below: lateness is not known
            due TEXT,
            share FLOAT  -- of the points, that lateness costs
        );
INSERT INTO "hand_ins" VALUES('ada',X'5B22616461222C2022626F62EDB280225D',1,0,'2026-12-16T01:59:00+00:00','2026-12-14T23:59:00+00:00',0.2);
INSERT INTO "hand_ins" VALUES(X'626F62EDB280',X'5B22616461222C2022626F62EDB280225D',NULL,1,NULL,NULL,NULL);
INSERT INTO "hand_ins" VALUES('dot','[]',0,0,NULL,NULL,NULL);
CREATE TABLE overrides (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,  -- empty: of the group; where that is empty, too, of everybody
            exercise TEXT NOT NULL,
            points FLOAT,  -- null: taken back
            reason TEXT NOT NULL,
            "by" TEXT NOT NULL,
            at TEXT NOT NULL,
            checks_gave FLOAT,  -- at that moment; null: not the same for all
            of_group TEXT DEFAULT '' NOT NULL
        );
INSERT INTO "overrides" VALUES(1,'ada','mse',1.0,'First.','helena','2026-11-24T10:00:00+01:00',0.0,'');
INSERT INTO "overrides" VALUES(2,'ada','mse',4.0,'Agreed in class.','helena','2026-11-24T10:00:00+01:00',0.0,'');
INSERT INTO "overrides" VALUES(3,X'626F62EDB280','mse',3.0,'Nearly.','otto','2026-11-24T10:00:00+01:00',0.0,'');
INSERT INTO "overrides" VALUES(4,X'626F62EDB280','mse',NULL,'','otto','2026-11-24T10:00:00+01:00',0.0,'');
INSERT INTO "overrides" VALUES(5,'gone','train',2.0,X'4F6E20706170657220EDA0BD2E','helena','2026-11-24T10:00:00+01:00',0.0,'');
INSERT INTO "overrides" VALUES(6,'','mse',2.0,'Nearly.','helena','2026-11-30T20:00:00+01:00',NULL,'mse-4f1c2a');
CREATE TABLE sources (
            student TEXT NOT NULL REFERENCES submissions (student) ON DELETE CASCADE,
            module TEXT NOT NULL,
            position INTEGER NOT NULL,
            lines TEXT NOT NULL,  -- JSON: [[number, cell or null, text], ...]
            left_out INTEGER NOT NULL,
            PRIMARY KEY (student, position)
        );
INSERT INTO "sources" VALUES('ada','from_scratch',0,'[[1, null, "import torch"], [2, null, ""]]',3);
CREATE TABLE submissions (
	student TEXT NOT NULL, 
	status TEXT NOT NULL, 
	note TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	seconds FLOAT NOT NULL, 
	trusted INTEGER DEFAULT '0' NOT NULL, graded_at TEXT DEFAULT '' NOT NULL, variant TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (student)
);
INSERT INTO "submissions" VALUES('ada','graded','left aside: a.txt','digest of ada',1.25,1,'2026-11-30T17:30:00+00:00','b');
INSERT INTO "submissions" VALUES(X'626F62EDB280','graded','','digest of bob',0.5,0,'','');
INSERT INTO "submissions" VALUES('cy','unreadable','no module','digest of cy',0.0,0,'','');
CREATE INDEX groups_by_shows ON groups (exercise, shows);
PRAGMA user_version = 7;
COMMIT;
