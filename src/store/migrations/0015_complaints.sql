CREATE TABLE "case_actions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"decision_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"lifts" uuid,
	"facts" jsonb NOT NULL,
	"requests" integer DEFAULT 1 NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"reference" text,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "case_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"policy_version" text NOT NULL,
	"reason_title" jsonb NOT NULL,
	"note" text,
	"hours" integer,
	"to_reported" text,
	"state" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_by_name" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"settled_by" text,
	"settled_by_name" text,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "case_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text,
	"actor_name" text,
	"change" text NOT NULL,
	"detail" jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "case_evidence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"media_id" uuid NOT NULL,
	"name" text,
	"content_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"sent_sha256" text,
	"description" text,
	"side" text NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"side" text NOT NULL,
	"about" text NOT NULL,
	"words" jsonb NOT NULL,
	"message_id" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "complaint_cases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"round" integer DEFAULT 1 NOT NULL,
	"objects" jsonb NOT NULL,
	"rights" jsonb,
	"deadlines" jsonb NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"slowed" boolean DEFAULT false NOT NULL,
	"appeal_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "complaint_groups" (
	"object_key" text PRIMARY KEY NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"flagged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "complaint_objects" (
	"case_id" uuid NOT NULL,
	"object_key" text NOT NULL,
	CONSTRAINT "complaint_objects_case_id_object_key_pk" PRIMARY KEY("case_id","object_key")
);
--> statement-breakpoint
ALTER TABLE "case_actions" ADD CONSTRAINT "case_actions_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_actions" ADD CONSTRAINT "case_actions_decision_id_case_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."case_decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_decisions" ADD CONSTRAINT "case_decisions_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_evidence" ADD CONSTRAINT "case_evidence_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_notices" ADD CONSTRAINT "case_notices_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_cases" ADD CONSTRAINT "complaint_cases_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_objects" ADD CONSTRAINT "complaint_objects_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "case_actions_case" ON "case_actions" USING btree ("case_id","requested_at");--> statement-breakpoint
CREATE INDEX "case_decisions_case" ON "case_decisions" USING btree ("case_id","proposed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "case_decisions_proposed" ON "case_decisions" USING btree ("case_id") WHERE state = 'proposed';--> statement-breakpoint
CREATE INDEX "case_decisions_settled" ON "case_decisions" USING btree ("settled_at") WHERE state = 'effective';--> statement-breakpoint
CREATE INDEX "case_events_case" ON "case_events" USING btree ("case_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "case_events_idempotency" ON "case_events" USING btree ("case_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "case_evidence_file" ON "case_evidence" USING btree ("case_id","sha256");--> statement-breakpoint
CREATE INDEX "case_evidence_media" ON "case_evidence" USING btree ("media_id");--> statement-breakpoint
CREATE INDEX "case_notices_case" ON "case_notices" USING btree ("case_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "complaint_cases_ticket" ON "complaint_cases" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "complaint_cases_queue" ON "complaint_cases" USING btree ("slowed","due_at","id");--> statement-breakpoint
CREATE INDEX "complaint_cases_appeal" ON "complaint_cases" USING btree ("appeal_until") WHERE state = 'decided';--> statement-breakpoint
CREATE INDEX "complaint_objects_key" ON "complaint_objects" USING btree ("object_key");