CREATE SEQUENCE "public"."incident_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "incident_counts" (
	"bucket" timestamp with time zone NOT NULL,
	"topic" text NOT NULL,
	"channel" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "incident_counts_bucket_topic_channel_pk" PRIMARY KEY("bucket","topic","channel")
);
--> statement-breakpoint
CREATE TABLE "incident_followers" (
	"incident_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"language" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"left_at" timestamp with time zone,
	CONSTRAINT "incident_followers_incident_id_contact_id_pk" PRIMARY KEY("incident_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "incident_hearings" (
	"incident_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"notice_version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_hearings_incident_id_conversation_id_pk" PRIMARY KEY("incident_id","conversation_id")
);
--> statement-breakpoint
CREATE TABLE "incident_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"change" text NOT NULL,
	"detail" jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "incident_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"update_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"language" text NOT NULL,
	"state" text NOT NULL,
	"way" text,
	"reason" text,
	"message_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "incident_tickets" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"noted_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "incident_updates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"wording" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"title" jsonb NOT NULL,
	"notice" jsonb NOT NULL,
	"channel_notices" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"notice_version" integer DEFAULT 1 NOT NULL,
	"topics" text[] NOT NULL,
	"channels" text[] NOT NULL,
	"parent_ticket_id" uuid,
	"spike_id" uuid,
	"since_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"declared_at" timestamp with time zone NOT NULL,
	"declared_by" jsonb NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_by" jsonb,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "spike_proposals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"topic" text,
	"channel" text,
	"since_at" timestamp with time zone NOT NULL,
	"evidence" jsonb NOT NULL,
	"state" text NOT NULL,
	"ended_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"settled_by" jsonb,
	"reason" text,
	"incident_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "spike_watch" (
	"name" text PRIMARY KEY NOT NULL,
	"place" text NOT NULL,
	"last" integer,
	"state" "bytea",
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "incident_followers_conversation" ON "incident_followers" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "incident_followers_contact" ON "incident_followers" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "incident_hearings_conversation" ON "incident_hearings" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "incident_history_incident" ON "incident_history" USING btree ("incident_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_history_key" ON "incident_history" USING btree ("incident_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_notices_contact" ON "incident_notices" USING btree ("update_id","contact_id");--> statement-breakpoint
CREATE INDEX "incident_notices_incident" ON "incident_notices" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "incident_notices_open" ON "incident_notices" USING btree ("conversation_id") WHERE state in ('planned', 'waits');--> statement-breakpoint
CREATE INDEX "incident_notices_planned" ON "incident_notices" USING btree ("incident_id") WHERE state = 'planned';--> statement-breakpoint
CREATE INDEX "incident_tickets_incident" ON "incident_tickets" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "incident_tickets_unnoted" ON "incident_tickets" USING btree ("at") WHERE noted_at is null;--> statement-breakpoint
CREATE INDEX "incident_tickets_unsettled" ON "incident_tickets" USING btree ("incident_id") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "incident_updates_incident" ON "incident_updates" USING btree ("incident_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_number" ON "incidents" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_key" ON "incidents" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "incidents_open" ON "incidents" USING btree ("number") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "spike_proposals_open" ON "spike_proposals" USING btree ("created_at") WHERE state = 'proposed';