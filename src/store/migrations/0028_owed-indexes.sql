CREATE INDEX "feedback_items_worded" ON "feedback_items" USING btree ("said_at","id") WHERE sentence <> '';--> statement-breakpoint
CREATE INDEX "learning_questions_said" ON "learning_questions" USING btree ("said_at","id");--> statement-breakpoint
CREATE INDEX "survey_invitations_message" ON "survey_invitations" USING btree ("message_id") WHERE campaign_id is not null;