CREATE TABLE "knowledge_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"why" text,
	"pairs" integer NOT NULL,
	"judged" integer NOT NULL,
	"found" integer NOT NULL,
	"by" jsonb NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "knowledge_contradictions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"first_id" text NOT NULL,
	"second_id" text NOT NULL,
	"first_hash" text NOT NULL,
	"second_hash" text NOT NULL,
	"first_quote" text NOT NULL,
	"second_quote" text NOT NULL,
	"why" text NOT NULL,
	"model" text NOT NULL,
	"state" text NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" jsonb,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "knowledge_pairs" (
	"first_id" text NOT NULL,
	"second_id" text NOT NULL,
	"first_hash" text NOT NULL,
	"second_hash" text NOT NULL,
	"model" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "knowledge_pairs_first_id_second_id_pk" PRIMARY KEY("first_id","second_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_contradictions_pair" ON "knowledge_contradictions" USING btree ("first_id","second_id");