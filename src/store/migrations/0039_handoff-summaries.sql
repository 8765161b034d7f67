CREATE TABLE "knowledge_refusals" (
	"first_id" text NOT NULL,
	"second_id" text NOT NULL,
	"first_hash" text NOT NULL,
	"second_hash" text NOT NULL,
	"why" text NOT NULL,
	"models" text NOT NULL,
	"refused_at" timestamp with time zone NOT NULL,
	CONSTRAINT "knowledge_refusals_first_id_second_id_pk" PRIMARY KEY("first_id","second_id")
);
--> statement-breakpoint
CREATE TABLE "handoff_summaries" (
	"ticket_id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"handover_seq" integer NOT NULL,
	"state" text NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"summary" jsonb,
	"reaches_seq" integer,
	"language" text,
	"model" text,
	"masked" text[],
	"made_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "knowledge_contradictions" ADD COLUMN "first_text" text DEFAULT 'answer' NOT NULL;--> statement-breakpoint
ALTER TABLE "knowledge_contradictions" ADD COLUMN "second_text" text DEFAULT 'answer' NOT NULL;--> statement-breakpoint
ALTER TABLE "handoff_summaries" ADD CONSTRAINT "handoff_summaries_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "handoff_summaries_conversation" ON "handoff_summaries" USING btree ("conversation_id");