CREATE TABLE "feedback_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"theme_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text,
	"actor_name" text,
	"change" text NOT NULL,
	"detail" jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "feedback_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"message_id" uuid,
	"ordinal" integer,
	"ticket_id" uuid,
	"conversation_id" uuid,
	"contact_id" uuid,
	"inbox_id" text,
	"channel" text,
	"sentence" text NOT NULL,
	"language" text NOT NULL,
	"cues" text[] NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"theme_id" uuid,
	"placed_by" text,
	"is_fixed" boolean DEFAULT false NOT NULL,
	"vector" "bytea",
	"space_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"discarded_at" timestamp with time zone,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "feedback_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"theme_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"status" text NOT NULL,
	"contact_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"sentence" text NOT NULL,
	"language" text NOT NULL,
	"wording_zh" text NOT NULL,
	"wording_en" text,
	"state" text NOT NULL,
	"way" text,
	"reason" text,
	"message_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "event_readers" (
	"name" text PRIMARY KEY NOT NULL,
	"place" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback_refusals" (
	"conversation_id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback_spaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"maker" text NOT NULL,
	"dimensions" integer NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback_themes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text,
	"label" text NOT NULL,
	"words" text[] NOT NULL,
	"status" text DEFAULT 'collected' NOT NULL,
	"status_at" timestamp with time zone,
	"wording_zh" text,
	"wording_en" text,
	"round" integer DEFAULT 0 NOT NULL,
	"is_held" boolean DEFAULT false NOT NULL,
	"merged_into" uuid,
	"ended_at" timestamp with time zone,
	"count" integer DEFAULT 0 NOT NULL,
	"sum" "bytea",
	"sum_space" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "feedback_history_theme" ON "feedback_history" USING btree ("theme_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_history_key" ON "feedback_history" USING btree ("theme_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_items_message" ON "feedback_items" USING btree ("message_id","ordinal");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_items_ticket" ON "feedback_items" USING btree ("ticket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_items_key" ON "feedback_items" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "feedback_items_theme" ON "feedback_items" USING btree ("theme_id","said_at");--> statement-breakpoint
CREATE INDEX "feedback_items_conversation" ON "feedback_items" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "feedback_items_said" ON "feedback_items" USING btree ("said_at","id");--> statement-breakpoint
CREATE INDEX "feedback_items_loose" ON "feedback_items" USING btree ("id") WHERE theme_id is null and discarded_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_notices_contact" ON "feedback_notices" USING btree ("theme_id","round","contact_id");--> statement-breakpoint
CREATE INDEX "feedback_notices_open" ON "feedback_notices" USING btree ("conversation_id") WHERE state in ('planned', 'waits');--> statement-breakpoint
CREATE INDEX "feedback_notices_settled" ON "feedback_notices" USING btree ("settled_at");--> statement-breakpoint
CREATE INDEX "feedback_themes_count" ON "feedback_themes" USING btree ("count","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "feedback_themes_stale" ON "feedback_themes" USING btree ("id") WHERE ended_at is null and sum is null;