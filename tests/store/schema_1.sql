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
	advice TEXT NOT NULL, 
	PRIMARY KEY (student, id), 
	FOREIGN KEY(student) REFERENCES submissions (student) ON DELETE CASCADE
);
INSERT INTO "exercises" VALUES('ada','mse',0,'forbidden',0.0,4.0,NULL,'mse_loss is not allowed.',X'5B5B227768657265222C20226C696E652033225D2C205B2263616C6C6564222C20226D736528EDA0BD29225D5D','Write it yourself.','["Use mean()."]');
CREATE TABLE submissions (
	student TEXT NOT NULL, 
	status TEXT NOT NULL, 
	note TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	seconds FLOAT NOT NULL, 
	PRIMARY KEY (student)
);
INSERT INTO "submissions" VALUES('ada','graded','left aside: a.txt','digest of ada',1.25);
INSERT INTO "submissions" VALUES(X'626F62EDB280','unreadable','no module','digest of bob',0.5);
PRAGMA user_version = 1;
COMMIT;
