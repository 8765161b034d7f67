import type { DialogueOptions } from '../dialogue/index.ts'
import { createSurveyReading } from '../surveys/index.ts'
import { toolForms } from '../tools/index.ts'
import type { Parts } from './parts.ts'
import { createServiceHours } from './service-hours.ts'

/** What the bot of this product decides by: its content, configuration and hours, as they are at each turn. */
export const dialogueOptions = (
  { config, content, calendars }: Pick<Parts, 'config' | 'content' | 'calendars'>,
  channelOf: DialogueOptions['channelOf'],
): DialogueOptions => ({
  knowledge: content.knowledge,
  forms: content.forms,
  toolForms: toolForms(config.tools),
  // What is not kept is not thanked for.
  ...(config.feedback.collect ? { suggestions: () => content.suggestions() } : {}),
  replies: content.replies,
  surveys: createSurveyReading(config.surveys),
  channelOf,
  config: config.dialogue,
  hours: createServiceHours(config, calendars),
  thresholds: content.thresholds,
})
