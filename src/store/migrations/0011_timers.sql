CREATE TABLE "timers" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"fire_at" timestamp with time zone NOT NULL,
	"payload" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "timers_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
CREATE INDEX "timers_fire" ON "timers" USING btree ("fire_at");