CREATE TABLE "survey_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"solved_at" timestamp with time zone NOT NULL,
	"agent_id" text,
	"team_id" uuid,
	"channel" text NOT NULL,
	"topic" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"due_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"message_id" uuid,
	"score" integer,
	"comment" text,
	"review_at" timestamp with time zone,
	"review_ticket_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_stops" (
	"conversation_id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "survey_invitations_ticket" ON "survey_invitations" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "survey_invitations_conversation" ON "survey_invitations" USING btree ("conversation_id","asked_at") WHERE asked_at is not null;--> statement-breakpoint
CREATE INDEX "survey_invitations_asked" ON "survey_invitations" USING btree ("asked_at") WHERE asked_at is not null;--> statement-breakpoint
CREATE INDEX "survey_invitations_open" ON "survey_invitations" USING btree ("expires_at") WHERE state = 'asked';--> statement-breakpoint
CREATE INDEX "survey_invitations_review" ON "survey_invitations" USING btree ("review_at") WHERE review_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "survey_invitations_review_ticket" ON "survey_invitations" USING btree ("review_ticket_id");