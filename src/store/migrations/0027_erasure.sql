CREATE TABLE "contact_erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"contacts" uuid[] NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"lines" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"planned_by" jsonb NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"confirmed_by" jsonb,
	"confirmed_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"bytes" bigint,
	"pieces" integer
);
--> statement-breakpoint
CREATE TABLE "erased_messages" (
	"digest" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "legal_holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"object_kind" text NOT NULL,
	"object_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"set_by" jsonb NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"lifted_by" jsonb,
	"lifted_at" timestamp with time zone,
	"lift_reason" text,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_erasures_open" ON "contact_erasures" USING btree ("contact_id") WHERE state in ('planned', 'confirmed');--> statement-breakpoint
CREATE INDEX "contact_erasures_contacts" ON "contact_erasures" USING gin ("contacts");--> statement-breakpoint
CREATE INDEX "contact_exports_contact" ON "contact_exports" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_exports_expiry" ON "contact_exports" USING btree ("expires_at") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "erased_messages_until" ON "erased_messages" USING btree ("until");--> statement-breakpoint
CREATE INDEX "legal_holds_standing" ON "legal_holds" USING btree ("object_id") WHERE lifted_at is null;--> statement-breakpoint
CREATE INDEX "legal_holds_set" ON "legal_holds" USING btree ("set_at","id");
--> statement-breakpoint
-- Tombstones: nothing is written into the conversations and tickets of somebody who was erased, by whatever node, job or
-- version. The row is left out without an error: what came late is not worth failing for.
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if exists (select from conversations c where c.id = new.conversation_id and c.erased_at is not null)
    and coalesce(current_setting('tongda.erasing', true), '') <> 'on' then
    return null;
  end if;
  return new;
end
$$;--> statement-breakpoint
CREATE FUNCTION refuse_erased_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if exists (select from tickets t join conversations c on c.id = t.conversation_id
      where t.id = new.ticket_id and c.erased_at is not null)
    and coalesce(current_setting('tongda.erasing', true), '') <> 'on' then
    return null;
  end if;
  return new;
end
$$;--> statement-breakpoint
CREATE TRIGGER messages_erased BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER outbox_erased BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER tickets_erased BEFORE INSERT OR UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER survey_invitations_erased BEFORE INSERT ON survey_invitations FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER survey_consents_erased BEFORE INSERT ON survey_consents FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER feedback_items_erased BEFORE INSERT ON feedback_items FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER feedback_notices_erased BEFORE INSERT ON feedback_notices FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER incident_followers_erased BEFORE INSERT ON incident_followers FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER learning_questions_erased BEFORE INSERT ON learning_questions FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER work_reviews_erased BEFORE INSERT ON work_reviews FOR EACH ROW EXECUTE FUNCTION refuse_erased();--> statement-breakpoint
CREATE TRIGGER ticket_timeline_erased BEFORE INSERT ON ticket_timeline FOR EACH ROW EXECUTE FUNCTION refuse_erased_ticket();--> statement-breakpoint
CREATE TRIGGER complaint_cases_erased BEFORE INSERT ON complaint_cases FOR EACH ROW EXECUTE FUNCTION refuse_erased_ticket();
