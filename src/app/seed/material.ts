import type { Article } from '../../core/knowledge.ts'
import {
  seedInboxes,
  type SeedLine,
  type SeedMaterial,
  type SeedRole,
  type SeedWords,
} from '../../core/seed.ts'
import { gramsOf, gramsOfFacts, hashGrams } from '../../search/index.ts'
import { foldText } from '../../text/index.ts'
import { closings, namesOf, notes, openings, replies } from './words.ts'

const withGrams = (text: string): SeedWords => ({ text, grams: hashGrams(gramsOf(foldText(text).text)) })

const line = (role: SeedRole, text: string, topic?: string): SeedLine => ({
  role,
  ...(topic === undefined ? {} : { topic }),
  ...withGrams(text),
})

/** An answer, a line at a time, as a bot that speaks shortly would say it. */
const sentencesOf = ({ answer }: Article): readonly string[] =>
  answer
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text.length > 4)
    .map((text) => text.slice(0, 160))

/** Who says what in which direction. */
const voices = ['contact in', 'bot out', 'agent out', 'agent note'] as const

const factsOf = (): ReadonlyMap<string, readonly number[]> =>
  new Map(
    seedInboxes.flatMap(({ inboxId, channel }) =>
      voices.map((voice) => {
        const [author = '', direction = ''] = voice.split(' ')
        const grams = hashGrams(gramsOfFacts({ inboxId, channel, author, direction }))
        return [`${inboxId} ${voice}`, grams] as const
      }),
    ),
  )

/** A ticket's title is one of so many. */
const leastAsks = 3

/** Puts together what is said from the articles' own wordings, so that words are as frequent as they are. */
export const seedMaterial = (articles: readonly Article[]): SeedMaterial => {
  const asks = articles.flatMap(({ topic, question, similar }) =>
    [question, ...similar].map((text) => line('ask', text, topic)),
  )
  const answers = articles.flatMap((article) =>
    sentencesOf(article).map((text) => line('answer', text, article.topic)),
  )
  const howMany = (lines: readonly SeedLine[], topic: string): number =>
    lines.filter((one) => one.topic === topic).length
  const topics = [...new Set(asks.flatMap(({ topic }) => topic ?? []))].filter(
    (topic) => howMany(asks, topic) >= leastAsks && howMany(answers, topic) > 0,
  )
  const isTold = ({ topic }: SeedLine): boolean => topics.includes(topic ?? '')
  return {
    lines: [
      ...asks.filter(isTold),
      ...answers.filter(isTold),
      ...[...replies, ...articles.flatMap(sentencesOf)].map((text) => line('reply', text)),
      ...notes.map((text) => line('note', text)),
    ],
    // They end and begin with a mark: what words are found by does not reach over it.
    before: openings.map(withGrams),
    after: closings().map(withGrams),
    topics,
    names: namesOf(),
    facts: factsOf(),
  }
}
