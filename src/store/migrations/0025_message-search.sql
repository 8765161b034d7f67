CREATE TABLE "message_search" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"grams" integer[] NOT NULL
);
--> statement-breakpoint
ALTER TABLE "message_search" ADD CONSTRAINT "message_search_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_search_grams" ON "message_search" USING gin ("grams") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "tickets_view" ON "tickets" USING btree ("due_at","number");--> statement-breakpoint
CREATE INDEX "tickets_created" ON "tickets" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "contact_identities_name" ON "contact_identities" USING btree (lower("display_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "contact_identities_key" ON "contact_identities" USING btree (lower("contact_key") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "contacts_name" ON "contacts" USING btree (lower("display_name") text_pattern_ops);