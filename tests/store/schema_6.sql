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
	advice TEXT NOT NULL, cause TEXT, graded_with TEXT DEFAULT '' NOT NULL, around TEXT, seconds FLOAT, of_limit FLOAT, search_cut INTEGER, 
	PRIMARY KEY (student, id), 
	FOREIGN KEY(student) REFERENCES submissions (student) ON DELETE CASCADE
);
INSERT INTO "exercises" VALUES('ada','mse',0,'forbidden',0.0,4.0,NULL,'mse_loss is not allowed.',X'5B5B227768657265222C20226C696E652033225D2C205B2263616C6C6564222C20226D736528EDA0BD29225D5D','Write it yourself.','["Use mean()."]',NULL,'ab/cd',NULL,NULL,NULL,NULL);
INSERT INTO "exercises" VALUES('ada','train',1,'passed',5.0,5.0,NULL,NULL,'[]','','[]',NULL,'ab/cd',NULL,NULL,NULL,NULL);
INSERT INTO "exercises" VALUES(X'626F62EDB280','mse',0,'partial',2.5,4.0,'sum_for_mean','The sum.','[]','','[]','{"by": "bank", "module": "from_scratch", "line": 3, "says": "The sum.", "cell": null}','','{"first": 2, "lines": ["def mse(a, b):", "    return (a - b).sum()"]}',0.25,0.05,0);
CREATE TABLE overrides (
	id INTEGER NOT NULL, 
	student TEXT NOT NULL, 
	exercise TEXT NOT NULL, 
	points FLOAT, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	checks_gave FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "overrides" VALUES(1,'ada','mse',1.0,'First.','helena','2026-11-24T10:00:00+01:00',0.0);
INSERT INTO "overrides" VALUES(2,'ada','mse',4.0,'Agreed in class.','helena','2026-11-24T10:00:00+01:00',0.0);
INSERT INTO "overrides" VALUES(3,X'626F62EDB280','mse',3.0,'Nearly.','otto','2026-11-24T10:00:00+01:00',0.0);
INSERT INTO "overrides" VALUES(4,X'626F62EDB280','mse',NULL,'','otto','2026-11-24T10:00:00+01:00',0.0);
INSERT INTO "overrides" VALUES(5,'gone','train',2.0,X'4F6E20706170657220EDA0BD2E','helena','2026-11-24T10:00:00+01:00',0.0);
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
	trusted INTEGER DEFAULT '0' NOT NULL, graded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (student)
);
INSERT INTO "submissions" VALUES('ada','graded','left aside: a.txt','digest of ada',1.25,1,'2026-11-30T17:30:00+00:00');
INSERT INTO "submissions" VALUES(X'626F62EDB280','graded','','digest of bob',0.5,0,'');
INSERT INTO "submissions" VALUES('cy','unreadable','no module','digest of cy',0.0,0,'');
PRAGMA user_version = 6;
COMMIT;
