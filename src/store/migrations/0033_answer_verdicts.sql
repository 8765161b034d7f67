CREATE TABLE "answer_verdicts" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"article_id" text NOT NULL,
	"verdict" text NOT NULL,
	"right_article" text,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "answer_verdicts_article" ON "answer_verdicts" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "answer_verdicts_conversation" ON "answer_verdicts" USING btree ("conversation_id");