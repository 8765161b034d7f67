import type { FormInstance } from 'antd'
import type { ArticleContent } from './use-knowledge.ts'

/** An article as the editor's fields hold it: lists are lines, what is missing is empty. */
export interface ArticleFields {
  readonly id: string
  readonly topic: string
  readonly question: string
  readonly similar: string
  readonly negative: string
  readonly answer: string
  readonly enQuestion: string
  readonly enAnswer: string
  /** A field that nobody touched has no value. */
  readonly channels: Readonly<Record<string, string | undefined>>
  readonly tags: readonly string[]
  readonly followups: readonly string[]
  readonly from: string
  readonly until: string
  readonly handoff: boolean
  readonly urgent: boolean
}

export const emptyFields: ArticleFields = {
  ...{ id: '', topic: '', question: '', similar: '', negative: '', answer: '', enQuestion: '', enAnswer: '' },
  ...{ channels: {}, tags: [], followups: [], from: '', until: '', handoff: false, urgent: false },
}

export const fieldsOf = (content: ArticleContent): ArticleFields => ({
  id: content.id,
  topic: content.topic,
  question: content.question,
  similar: content.similar.join('\n'),
  negative: content.negative.join('\n'),
  answer: content.answer,
  enQuestion: content.en?.question ?? '',
  enAnswer: content.en?.answer ?? '',
  channels: content.channels,
  tags: content.tags,
  followups: content.followups,
  from: content.from ?? '',
  until: content.until ?? '',
  handoff: content.handoff,
  urgent: content.urgency === 'urgent',
})

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
]

export const contentOf = (fields: ArticleFields): ArticleContent => {
  const question = fields.enQuestion.trim()
  const answer = fields.enAnswer.trim()
  return {
    id: fields.id.trim(),
    topic: fields.topic.trim(),
    question: fields.question.trim(),
    similar: linesOf(fields.similar),
    negative: linesOf(fields.negative),
    answer: fields.answer.trim(),
    channels: Object.fromEntries(
      Object.entries(fields.channels).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
      ),
    ),
    tags: [...fields.tags],
    followups: [...fields.followups],
    handoff: fields.handoff,
    urgency: fields.urgent ? 'urgent' : 'normal',
    ...(question === '' || answer === '' ? {} : { en: { question, answer } }),
    ...(fields.from === '' ? {} : { from: fields.from }),
    ...(fields.until === '' ? {} : { until: fields.until }),
  }
}

/** What stands in the fields. Nothing where one is at fault: it says so itself, and is brought into sight with the focus in it. */
export const checkedFields = (form: FormInstance<ArticleFields>): Promise<ArticleFields | undefined> =>
  form.validateFields().catch(() => {
    const faulty = form.getFieldsError().find(({ errors }) => errors.length > 0)
    if (faulty !== undefined) form.scrollToField(faulty.name, { block: 'center', focus: true })
    return undefined
  })
