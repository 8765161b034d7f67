CREATE TABLE "calendar_exceptions" (
	"set_name" text NOT NULL,
	"date" date NOT NULL,
	"kind" text NOT NULL,
	"like_weekday" text,
	"hours" jsonb,
	"name" text,
	"source" text NOT NULL,
	"imported_at" timestamp with time zone NOT NULL,
	"imported_by" text NOT NULL,
	CONSTRAINT "calendar_exceptions_set_name_date_pk" PRIMARY KEY("set_name","date")
);
--> statement-breakpoint
CREATE TABLE "calendar_sets" (
	"set_name" text PRIMARY KEY NOT NULL,
	"known_until" date,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calendar_exceptions" ADD CONSTRAINT "calendar_exceptions_set_name_calendar_sets_set_name_fk" FOREIGN KEY ("set_name") REFERENCES "public"."calendar_sets"("set_name") ON DELETE no action ON UPDATE no action;