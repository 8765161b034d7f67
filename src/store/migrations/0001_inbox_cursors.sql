CREATE TABLE "inbox_cursors" (
	"inbox_id" text NOT NULL,
	"name" text NOT NULL,
	"value" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_cursors_inbox_id_name_pk" PRIMARY KEY("inbox_id","name")
);
