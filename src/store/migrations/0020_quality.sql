CREATE TABLE "coaching_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"author_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"text" text NOT NULL,
	"review_id" uuid,
	"ticket_id" uuid,
	"follow_up_at" timestamp with time zone,
	"due_since" timestamp with time zone,
	"followed_up_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_draws" (
	"rule_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"seed" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"found" integer NOT NULL,
	"drawn" integer NOT NULL,
	CONSTRAINT "review_draws_rule_id_from_at_pk" PRIMARY KEY("rule_id","from_at")
);
--> statement-breakpoint
CREATE TABLE "review_form_numbers" (
	"form_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"name" jsonb NOT NULL,
	"groups" jsonb NOT NULL,
	"criteria" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "review_form_numbers_form_id_number_pk" PRIMARY KEY("form_id","number")
);
--> statement-breakpoint
CREATE TABLE "review_forms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"number" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"conditions" jsonb NOT NULL,
	"amount" jsonb NOT NULL,
	"form_id" uuid NOT NULL,
	"reviewers" jsonb NOT NULL,
	"due_days" integer NOT NULL,
	"wait_days" integer NOT NULL,
	"double_share" double precision NOT NULL,
	"enabled" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "work_review_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"review_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_id" text,
	"actor_name" text,
	"change" text NOT NULL,
	"detail" jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "work_review_scores" (
	"review_id" uuid NOT NULL,
	"criterion_id" text NOT NULL,
	"reached" double precision NOT NULL,
	CONSTRAINT "work_review_scores_review_id_criterion_id_pk" PRIMARY KEY("review_id","criterion_id")
);
--> statement-breakpoint
CREATE TABLE "work_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"work_id" uuid NOT NULL,
	"ticket_id" uuid,
	"conversation_id" uuid NOT NULL,
	"work_at" timestamp with time zone NOT NULL,
	"reviewee_id" text,
	"team_id" uuid,
	"channel" text NOT NULL,
	"topic" text NOT NULL,
	"article_id" text,
	"confidence" double precision,
	"form_id" uuid NOT NULL,
	"form_number" integer NOT NULL,
	"round" integer NOT NULL,
	"rule_id" uuid,
	"reviewer_team_id" uuid,
	"reviewer_ids" text[] NOT NULL,
	"reviewer_id" text,
	"state" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone,
	"answers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"comment" text,
	"right_article_id" text,
	"total" double precision,
	"failed" boolean,
	"wrong_answer" boolean,
	"acknowledged_at" timestamp with time zone,
	"dispute" jsonb,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "review_form_numbers" ADD CONSTRAINT "review_form_numbers_form_id_review_forms_id_fk" FOREIGN KEY ("form_id") REFERENCES "public"."review_forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_review_history" ADD CONSTRAINT "work_review_history_review_id_work_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."work_reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_review_scores" ADD CONSTRAINT "work_review_scores_review_id_work_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."work_reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "coaching_notes_agent" ON "coaching_notes" USING btree ("agent_id","id");--> statement-breakpoint
CREATE INDEX "coaching_notes_author" ON "coaching_notes" USING btree ("author_id","id");--> statement-breakpoint
CREATE INDEX "work_review_history_review" ON "work_review_history" USING btree ("review_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "work_review_history_key" ON "work_review_history" USING btree ("review_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "work_reviews_once" ON "work_reviews" USING btree ("work_id","form_id","round");--> statement-breakpoint
CREATE INDEX "work_reviews_queue" ON "work_reviews" USING btree ("due_at","id") WHERE state in ('open', 'claimed');--> statement-breakpoint
CREATE INDEX "work_reviews_reviewee" ON "work_reviews" USING btree ("reviewee_id","completed_at");--> statement-breakpoint
CREATE INDEX "work_reviews_completed" ON "work_reviews" USING btree ("completed_at") WHERE state = 'completed';--> statement-breakpoint
CREATE INDEX "work_reviews_conversation" ON "work_reviews" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "work_reviews_disputed" ON "work_reviews" USING btree ("id") WHERE dispute ->> 'state' = 'open';--> statement-breakpoint
CREATE INDEX "messages_decided" ON "messages" USING btree ("created_at") WHERE decision is not null;