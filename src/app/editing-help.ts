import { randomUUID } from 'node:crypto'
import { createSearchInTurns } from '../../knowledge/index.ts'
import type { ArticleContent } from '../core/article.ts'
import type {
  ComparedArticle,
  DraftFrom,
  EditingHelp,
  SettledCase,
  ToneWanted,
} from '../core/editing-help.ts'
import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { SearchArticles } from '../core/knowledge.ts'
import type { SaidUnder } from '../core/similar-ticket.ts'
import type { Ticket } from '../core/ticket.ts'
import {
  createContradictions,
  createRunCheck,
  createSuggestWordings,
  createWriteArticle,
  type Settled,
} from '../editing/index.ts'
import type { ApiServices } from '../http/index.ts'
import { createEditorModel } from '../llm/index.ts'
import { createPastTickets } from '../store/index.ts'
import { maskPersonal } from '../text/index.ts'
import { compareArticles } from './editing-job.ts'
import type { Parts } from './parts.ts'

/** Messages of a ticket that are looked at, and those of each side that go on. */
const [mostLookedAt, mostOfSide] = [200, 20]
const mostReplies = 10
const leastName = 2

/** A text without what identifies somebody, and without the names of those who spoke. */
const withoutPersons = (text: string, names: readonly string[]): string =>
  names
    .filter((name) => Array.from(name).length >= leastName)
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, name) => left.replaceAll(name, '[姓名]'), maskPersonal(text.replaceAll('\0', '')))

const isSettled = ({ state }: Ticket): boolean => state === 'solved' || state === 'closed'

/** Throws `bad_input` for a ticket from which nothing may be told to others. */
const checkTicket = (ticket: Ticket): void => {
  const name = `T-${String(ticket.number)}`
  if (ticket.kind === 'complaint' || ticket.kind === 'appeal')
    throw new TongdaError(
      'bad_input',
      `${name} is a ${ticket.kind}: it is about certain people; choose questions`,
    )
  if (!isSettled(ticket))
    throw new TongdaError('bad_input', `${name} is not solved yet; choose one that is, or solve it first`)
}

const caseOf = (ticket: Ticket, said: readonly SaidUnder[]): SettledCase => {
  const names = [ticket.contactName, ...said.map(({ agentName = '' }) => agentName)]
  const of = (author: SaidUnder['author']): readonly string[] =>
    said
      .filter((one) => one.author === author)
      .slice(-mostOfSide)
      .map(({ text }) => withoutPersons(text, names))
  return { asked: of('contact'), replied: of('agent') }
}

const fromTickets = async ({ stores }: Parts, ids: readonly string[]): Promise<Settled> => {
  const tickets = await Promise.all([...new Set(ids)].map((id) => stores.tickets.get(id)))
  const past = createPastTickets(stores.database)
  const cases: SettledCase[] = []
  for (const ticket of tickets) {
    checkTicket(ticket)
    const found = caseOf(ticket, await past.said(ticket.id, mostLookedAt))
    if (found.replied.length === 0)
      throw new TongdaError(
        'bad_input',
        `under T-${String(ticket.number)} no person replied anything; choose another ticket`,
      )
    cases.push(found)
  }
  const topics = new Set(tickets.map(({ topic }) => topic))
  const [topic] = topics
  return {
    cases,
    origin: tickets.map(({ number }) => `T-${String(number)}`).join(', '),
    ...(topics.size === 1 && topic !== undefined ? { topic } : {}),
  }
}

const fromProposal = async ({ stores, clock }: Parts, id: string): Promise<Settled> => {
  const proposal = await stores.proposals.get(id, clock.now())
  if (proposal.kind !== 'new_article')
    throw new TongdaError('bad_input', 'an article is there for these questions; add their words to it')
  const replies = await stores.proposalMaking.repliesTo(id)
  if (replies.length === 0)
    throw new TongdaError(
      'conflict',
      'no person has replied to any of these questions yet; write the article yourself, or come back when somebody has',
    )
  const unique = [...new Map(replies.map((one) => [one.reply, one])).values()]
  return {
    origin: proposal.label,
    cases: unique.slice(0, mostReplies).map(({ sentence, reply, contactName, agentName = '' }) => ({
      asked: [withoutPersons(sentence, [contactName, agentName])],
      replied: [withoutPersons(reply, [contactName, agentName])],
    })),
  }
}

const settledOf = (parts: Parts) => (from: DraftFrom) =>
  'tickets' in from ? fromTickets(parts, from.tickets) : fromProposal(parts, from.proposalId)

/** How the brand speaks in an article: serious matters are sober in every tone. */
const toneFor = ({ config }: Parts, { urgency, handoff }: ArticleContent): ToneWanted => {
  const { tone, brand } = config.dialogue.persona
  return { brand, tone: urgency === 'urgent' || handoff ? 'sober' : tone }
}

/** Of what is found by meaning, and of what is found by words: those of the topic, and the three nearest. */
const [mostNear, nearest] = [5, 3]
const nearIn =
  ({ content }: Parts, search: SearchArticles) =>
  async ({ articleId, topic, question }: ComparedArticle): Promise<readonly string[]> => {
    const { candidates } = await content.understand(question, {})
    const found = search(content.reading().normalise(question), mostNear + 1)
    return [candidates, found].flatMap((hits) =>
      hits
        .filter((one) => one.articleId !== articleId)
        .filter((one, place) => one.topic === topic || place < nearest)
        .slice(0, mostNear)
        .map((one) => one.articleId),
    )
  }

type Knowledge = Pick<ApiServices['knowledge'], 'articles' | 'drafts'>

const liveIn =
  ({ articles }: Pick<Knowledge, 'articles'>) =>
  async (): Promise<readonly ArticleContent[]> =>
    (await articles.list()).flatMap(({ live }) => live ?? [])

const modelOf = ({ config, languageModel }: Parts) =>
  languageModel === undefined || config.llm.editing === 'off' ? undefined : createEditorModel(languageModel)

/** What a language model does for editors; undefined: there is none, or it is switched off for them. */
export const openEditingHelp = (
  parts: Parts,
  knowledge: Knowledge,
  learning: ApiServices['learning']['service'],
): EditingHelp | undefined => {
  const model = modelOf(parts)
  if (model === undefined) return undefined
  const { clock, content, stores, work } = parts
  const shared = { model, articles: liveIn(knowledge), understand: content.understand }
  return {
    wordings: createSuggestWordings({ ...shared, thresholds: content.thresholds }),
    tone: (article) => model.tone(article, toneFor(parts, article)),
    draft: createWriteArticle({
      ...{ ...shared, learning, proposals: stores.proposals, settled: settledOf(parts) },
      ...{ drafts: knowledge.drafts, drafted: knowledge.drafts.get },
      ...{ newId: randomUUID, now: () => clock.now() },
    }),
    contradictions: createContradictions({
      ...{ store: stores.contradictions, checks: stores.contradictionChecks, clock },
      articles: shared.articles,
      enqueue: async (checkId) => {
        await work.jobs.enqueue(compareArticles, { checkId }, { key: checkId })
      },
    }),
  }
}

/** What is done for editors' help in the background. */
export const editingHelpHandler = (parts: Parts, knowledge: Knowledge): JobHandler =>
  onJob(compareArticles, async ({ checkId }, { signal }) => {
    const model = modelOf(parts)
    if (model === undefined) return
    const { clock, content, stores, log } = parts
    const { articles } = content.knowledge()
    const search = await createSearchInTurns({ articles, ...content.tools() })
    await createRunCheck({
      ...{ model, models: parts.languageModel?.models.join(', ') ?? '' },
      ...{ clock, store: stores.contradictions, checks: stores.contradictionChecks },
      ...{ articles: liveIn(knowledge), near: nearIn(parts, search) },
    })(checkId, signal)
    log.info({ checkId }, 'articles were compared')
  })
