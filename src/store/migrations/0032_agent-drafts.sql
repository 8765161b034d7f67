CREATE TABLE "agent_drafts" (
	"agent_id" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"text" text NOT NULL,
	"files" jsonb NOT NULL,
	"draft_key" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agent_drafts_agent_id_ticket_id_mode_pk" PRIMARY KEY("agent_id","ticket_id","mode")
);
--> statement-breakpoint
ALTER TABLE "agent_drafts" ADD CONSTRAINT "agent_drafts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;