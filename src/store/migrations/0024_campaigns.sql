CREATE TABLE "survey_campaign_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"change" text NOT NULL,
	"reason" text,
	"detail" jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "survey_campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"question" jsonb NOT NULL,
	"audience" jsonb NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"share" double precision NOT NULL,
	"most_a_day" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "survey_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"way" text NOT NULL,
	"proof" text,
	"by" jsonb,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" jsonb,
	"withdrawal" text
);
--> statement-breakpoint
ALTER TABLE "survey_invitations" ALTER COLUMN "ticket_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "survey_invitations" ALTER COLUMN "solved_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "survey_invitations" ADD COLUMN "campaign_id" uuid;--> statement-breakpoint
CREATE INDEX "survey_campaign_history_campaign" ON "survey_campaign_history" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "survey_campaign_history_key" ON "survey_campaign_history" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "survey_consents_conversation" ON "survey_consents" USING btree ("conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "survey_invitations_campaign" ON "survey_invitations" USING btree ("campaign_id","contact_id");