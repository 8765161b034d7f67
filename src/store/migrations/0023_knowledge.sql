CREATE TABLE "knowledge_drafts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"article_id" text NOT NULL,
	"action" text NOT NULL,
	"content" jsonb,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"author" jsonb NOT NULL,
	"reviewer" jsonb,
	"note" text,
	"source" jsonb,
	"base" text,
	"base_version" integer NOT NULL,
	"file_hash" text,
	"published_in" integer,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "knowledge_evaluations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"draft_ids" uuid[] NOT NULL,
	"fingerprint" text NOT NULL,
	"questions" text[] NOT NULL,
	"whole" boolean NOT NULL,
	"by" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"result" jsonb,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "knowledge_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"format" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"rows" jsonb NOT NULL,
	"draft_ids" uuid[] NOT NULL,
	"by" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "knowledge_overlays" (
	"id" uuid PRIMARY KEY NOT NULL,
	"article_id" text NOT NULL,
	"content" jsonb,
	"file_hash" text,
	"from_version" integer NOT NULL,
	"until_version" integer
);
--> statement-breakpoint
CREATE TABLE "knowledge_schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draft_ids" uuid[] NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"override" text,
	"by" jsonb NOT NULL,
	"state" text NOT NULL,
	"failure" text,
	"published_in" integer,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "knowledge_versions" (
	"number" integer PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" jsonb NOT NULL,
	"reason" text NOT NULL,
	"override" text,
	"restored" integer,
	"changes" jsonb NOT NULL,
	"evaluation" jsonb,
	"content_hash" text NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE INDEX "knowledge_drafts_state" ON "knowledge_drafts" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "knowledge_drafts_article" ON "knowledge_drafts" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "knowledge_evaluations_fingerprint" ON "knowledge_evaluations" USING btree ("fingerprint","done_at");--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_overlays_in_use" ON "knowledge_overlays" USING btree ("article_id") WHERE until_version is null;--> statement-breakpoint
CREATE INDEX "knowledge_overlays_versions" ON "knowledge_overlays" USING btree ("from_version","until_version");--> statement-breakpoint
CREATE INDEX "knowledge_schedules_due" ON "knowledge_schedules" USING btree ("due_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_versions_key" ON "knowledge_versions" USING btree ("idempotency_key");