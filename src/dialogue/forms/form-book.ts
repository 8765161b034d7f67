import type { Form } from '../../core/form.ts'
import type { DialogueConfig } from '../config.ts'

/** The forms in use, as rules ask for them. */
export interface FormBook {
  find(id: string): Form | undefined
  /** The form that asks what a tool needs. */
  ofTool(tool: string): Form | undefined
  startedByArticle(articleId: string): Form | undefined
  /** Of what was understood without an article: the intent's, else the topic's. */
  startedBySubject(subject: { readonly intent: string; readonly topic: string }): Form | undefined
  offeredBy(articleId: string): Form | undefined
}

/** Indexes the forms that are switched on. A tool's form is begun for the tool alone. */
export const createFormBook = (
  all: readonly Form[],
  { forms: config }: Pick<DialogueConfig, 'forms'>,
): FormBook => {
  const on = config.enabled ? all.filter(({ id }) => !config.off.includes(id)) : []
  const byId = new Map(on.map((form) => [form.id, form]))
  const forms = on.filter(({ tool }) => tool === undefined)
  const index = (keys: (form: Form) => readonly string[]): ReadonlyMap<string, Form> =>
    new Map(forms.flatMap((form) => keys(form).map((key) => [key, form] as const)))
  const articles = index(({ startedBy }) => startedBy.articles)
  const intents = index(({ startedBy }) => startedBy.intents)
  const topics = index(({ startedBy }) => startedBy.topics)
  const offers = index(({ offeredBy }) => offeredBy)
  return {
    find: (id) => byId.get(id),
    ofTool: (tool) => on.find((form) => form.tool === tool),
    startedByArticle: (articleId) => articles.get(articleId),
    startedBySubject: ({ intent, topic }) => intents.get(intent) ?? topics.get(topic),
    offeredBy: (articleId) => offers.get(articleId),
  }
}
