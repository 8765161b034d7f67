CREATE TABLE "identity_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"address" text NOT NULL,
	"state" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"seen_seq" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"queued_at" timestamp with time zone,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "complaint_cases" ADD COLUMN "identity" jsonb;--> statement-breakpoint
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_case_id_complaint_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."complaint_cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "identity_checks_open" ON "identity_checks" USING btree ("case_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "identity_checks_case" ON "identity_checks" USING btree ("case_id","created_at");--> statement-breakpoint
CREATE INDEX "identity_checks_recent" ON "identity_checks" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "identity_checks_address" ON "identity_checks" USING btree ("address","created_at");--> statement-breakpoint
CREATE INDEX "complaint_cases_identity_wanted" ON "complaint_cases" USING btree ("created_at") WHERE identity ->> 'state' = 'wanted';