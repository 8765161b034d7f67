CREATE TABLE "help_votes" (
	"article_id" text NOT NULL,
	"language" text NOT NULL,
	"day" date NOT NULL,
	"answer" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "help_votes_article_id_language_day_answer_pk" PRIMARY KEY("article_id","language","day","answer")
);
--> statement-breakpoint
ALTER TABLE "learning_questions" ALTER COLUMN "conversation_id" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "help_votes_day" ON "help_votes" USING btree ("day");