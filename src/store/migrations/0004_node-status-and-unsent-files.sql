CREATE TABLE "node_inboxes" (
	"node_id" uuid NOT NULL,
	"node_name" text NOT NULL,
	"inbox_id" text NOT NULL,
	"channel" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"error_at" timestamp with time zone,
	"error" text,
	"next_try_at" timestamp with time zone,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "node_inboxes_node_id_inbox_id_pk" PRIMARY KEY("node_id","inbox_id")
);
--> statement-breakpoint
ALTER TABLE "media" ADD COLUMN "unsent_since" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "media_unsent" ON "media" USING btree ("unsent_since") WHERE unsent_since is not null;