CREATE INDEX "ticket_timeline_at" ON "ticket_timeline" USING brin ("at");--> statement-breakpoint
CREATE INDEX "outbox_created" ON "outbox" USING brin ("created_at");