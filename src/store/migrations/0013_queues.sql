CREATE TABLE "presence" (
	"agent_id" text PRIMARY KEY NOT NULL,
	"availability" text NOT NULL,
	"automatic" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"active_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue_exits" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"team_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"agent_id" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"left_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" uuid NOT NULL,
	"agent_id" text NOT NULL,
	"grade" text NOT NULL,
	"skills" text[] NOT NULL,
	"last_assigned_at" timestamp with time zone,
	CONSTRAINT "team_members_team_id_agent_id_pk" PRIMARY KEY("team_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"spread" text NOT NULL,
	"is_default" boolean NOT NULL,
	"kinds" text[] NOT NULL,
	"topics" text[] NOT NULL,
	"priorities" text[] NOT NULL,
	"channels" text[] NOT NULL,
	"skills" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "queued_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "presence" ADD CONSTRAINT "presence_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "queue_exits_pace" ON "queue_exits" USING btree ("team_id","left_at");--> statement-breakpoint
CREATE INDEX "queue_exits_age" ON "queue_exits" USING btree ("left_at");--> statement-breakpoint
CREATE INDEX "team_members_agent" ON "team_members" USING btree ("agent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_default" ON "teams" USING btree ("is_default") WHERE is_default and retired_at is null;--> statement-breakpoint
CREATE INDEX "tickets_unrouted" ON "tickets" USING btree ("number") WHERE team_id is null and assignee_id is null and state in ('new', 'open');--> statement-breakpoint
CREATE INDEX "tickets_waiting" ON "tickets" USING btree ("team_id") WHERE team_id is not null and assignee_id is null and state in ('new', 'open');--> statement-breakpoint
CREATE INDEX "tickets_carried" ON "tickets" USING btree ("assignee_id") WHERE assignee_id is not null and state in ('new', 'open', 'pending');