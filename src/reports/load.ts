import { TongdaError } from '../core/errors.ts'
import { mostFacts, type ReportFacts, type TimeSpan } from '../core/report.ts'
import {
  caseFacts,
  failureFacts,
  replyFacts,
  sessionFacts,
  solvingFacts,
  suggestionFacts,
  surveyFacts,
  ticketFacts,
  type Fact,
  type FactKind,
  type Reading,
} from './fact.ts'

/** Facts, and what people call the agents and themes in them. */
export interface Loaded {
  readonly facts: readonly Fact[]
  readonly named: ReadonlyMap<string, string>
}

const dayMs = 86_400_000
/** A session that begins in the span may go on after it, and a question be repeated three days later. */
const heardAfterMs = 8 * dayMs

const refuseMany = <Kind>(facts: readonly Kind[]): readonly Kind[] => {
  if (facts.length <= mostFacts) return facts
  throw new TongdaError(
    'bad_input',
    `this span has more than ${String(mostFacts)} sessions or tickets; ask for a shorter one`,
  )
}

/** Reads what is needed of a span, and no more. Throws `bad_input` for a span with too much in it. */
export const loadFacts = async (
  store: ReportFacts,
  span: TimeSpan,
  { kinds, reading }: { readonly kinds: ReadonlySet<FactKind>; readonly reading: Reading },
): Promise<Loaded> => {
  const named = new Map<string, string>()
  const facts: Fact[] = []
  const add = (more: readonly Fact[]): void => {
    for (const fact of more) facts.push(fact)
  }
  if (kinds.has('session')) {
    const heardUntil = new Date(Math.min(reading.now.getTime(), span.to.getTime() + heardAfterMs))
    const sessions = await store.sessions({ from: span.from, to: heardUntil }, heardUntil)
    add(sessionFacts(refuseMany(sessions), reading))
  }
  if (kinds.has('ticket') || kinds.has('solving')) {
    const tickets = refuseMany(await store.tickets(span))
    add(ticketFacts(tickets, reading))
    add(solvingFacts(tickets))
  }
  if (kinds.has('survey')) add(surveyFacts(await store.surveys(span)))
  if (kinds.has('reply')) {
    add(replyFacts(await store.replies(span)))
    for (const [id, name] of await store.agents()) named.set(id, name)
  }
  if (kinds.has('failure')) add(failureFacts(await store.failures(span)))
  if (kinds.has('case')) add(caseFacts(await store.cases(span), reading))
  if (kinds.has('suggestion')) {
    const suggestions = await store.suggestions(span)
    add(suggestionFacts(suggestions))
    for (const { themeId, theme } of suggestions)
      if (themeId !== undefined && theme !== undefined) named.set(themeId, theme)
  }
  return { facts, named }
}

/** Those of a span. */
export const within = (facts: readonly Fact[], { from, to }: TimeSpan): readonly Fact[] =>
  facts.filter(({ at }) => at >= from && at < to)
