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
CREATE INDEX "canned_replies_owner" ON "canned_replies" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "ticket_timeline_at" ON "ticket_timeline" USING brin ("at");--> statement-breakpoint
CREATE INDEX "outbox_created" ON "outbox" USING brin ("created_at");