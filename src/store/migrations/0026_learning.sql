CREATE TABLE "learning_proposals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text,
	"label" text NOT NULL,
	"words" text[] NOT NULL,
	"is_held" boolean DEFAULT false NOT NULL,
	"merged_into" uuid,
	"ended_at" timestamp with time zone,
	"count" integer DEFAULT 0 NOT NULL,
	"sum" "bytea",
	"sum_space" uuid,
	"kind" text,
	"state" text DEFAULT 'open' NOT NULL,
	"article_id" text,
	"evidence" jsonb,
	"assessed_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"settled_by" jsonb,
	"settled_count" integer,
	"reason" text,
	"since" timestamp with time zone,
	"draft_ids" uuid[] DEFAULT '{}' NOT NULL,
	"evaluation_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning_questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"message_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"inbox_id" text NOT NULL,
	"channel" text NOT NULL,
	"sentence" text NOT NULL,
	"given" text,
	"candidates" jsonb NOT NULL,
	"answer_at" real NOT NULL,
	"right_article" text,
	"said_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"theme_id" uuid,
	"placed_by" text,
	"is_fixed" boolean DEFAULT false NOT NULL,
	"vector" "bytea",
	"space_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"discarded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "learning_proposals_count" ON "learning_proposals" USING btree ("count","id") WHERE ended_at is null and kind is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "learning_questions_message" ON "learning_questions" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "learning_questions_theme" ON "learning_questions" USING btree ("theme_id","said_at");--> statement-breakpoint
CREATE INDEX "learning_questions_conversation" ON "learning_questions" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "learning_questions_loose" ON "learning_questions" USING btree ("id") WHERE theme_id is null and discarded_at is null;