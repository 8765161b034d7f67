CREATE TABLE "note_mentions" (
	"message_id" uuid NOT NULL,
	"agent_id" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"mentioned_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "note_mentions_message_id_agent_id_pk" PRIMARY KEY("message_id","agent_id")
);
--> statement-breakpoint
ALTER TABLE "note_mentions" ADD CONSTRAINT "note_mentions_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "note_mentions" ADD CONSTRAINT "note_mentions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "note_mentions_ticket" ON "note_mentions" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "note_mentions_unread" ON "note_mentions" USING btree ("agent_id","ticket_id") WHERE read_at is null;