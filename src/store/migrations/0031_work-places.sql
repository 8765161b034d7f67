CREATE TABLE "canned_replies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text,
	"name" text NOT NULL,
	"body" text NOT NULL,
	"variants" jsonb NOT NULL,
	"pictures" jsonb NOT NULL,
	"sounds" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
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
CREATE TABLE "agent_reads" (
	"agent_id" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "agent_reads_conversation_id_agent_id_pk" PRIMARY KEY("conversation_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "note_mentions" (
	"message_id" uuid NOT NULL,
	"agent_id" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"mentioned_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "note_mentions_message_id_agent_id_pk" PRIMARY KEY("message_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "agent_preferences" (
	"agent_id" text PRIMARY KEY NOT NULL,
	"preferences" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "answer_verdicts" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"article_id" text NOT NULL,
	"verdict" text NOT NULL,
	"right_article" text,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_drafts" ADD CONSTRAINT "agent_drafts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_reads" ADD CONSTRAINT "agent_reads_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_reads" ADD CONSTRAINT "agent_reads_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "note_mentions" ADD CONSTRAINT "note_mentions_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "note_mentions" ADD CONSTRAINT "note_mentions_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_preferences" ADD CONSTRAINT "agent_preferences_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "canned_replies_owner" ON "canned_replies" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "note_mentions_ticket" ON "note_mentions" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "note_mentions_unread" ON "note_mentions" USING btree ("agent_id","ticket_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "answer_verdicts_article" ON "answer_verdicts" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "answer_verdicts_conversation" ON "answer_verdicts" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "ticket_timeline_at" ON "ticket_timeline" USING brin ("at");--> statement-breakpoint
CREATE INDEX "outbox_created" ON "outbox" USING brin ("created_at");