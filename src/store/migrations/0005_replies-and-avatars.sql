ALTER TABLE "contact_identities" ADD COLUMN "avatar_media_id" uuid;--> statement-breakpoint
ALTER TABLE "contact_identities" ADD COLUMN "avatar_checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "in_reply_to" text;