import type { Assisted, HandoffSummary } from '../core/assist.ts'
import { topics } from '../core/bus.ts'
import { TongdaError } from '../core/errors.ts'
import type { KeptHandoff } from '../core/handoff.ts'
import { onJob, type JobHandler, type JobRun } from '../core/jobs.ts'
import { keepLooking } from '../core/keep-looking.ts'
import type { LanguageModel } from '../core/language-model.ts'
import type { Ticket } from '../core/ticket.ts'
import { createSummary } from '../llm/index.ts'
import { createMasker } from '../text/index.ts'
import { lookedBack, saidIn } from './assist.ts'
import { summariseHandover } from './handoff-job.ts'
import type { Parts } from './parts.ts'

/** What nobody told of is found so late at most. */
const lookEveryMs = 10_000
/** However much happens, it is looked for no more often. */
const gatherMs = 500
/** A handover that nobody looked at for so long is summarised when an agent asks. */
const newForMs = 600_000

const modelOf = ({ config, languageModel }: Pick<Parts, 'config' | 'languageModel'>) =>
  config.llm.assist === 'on' && config.llm.summaries === 'on-handover' ? languageModel : undefined

/** Looks for conversations that were handed over, and has each summarised in the background. Gives its end. */
export const startHandoffs = async (parts: Parts): Promise<() => Promise<void>> => {
  if (modelOf(parts) === undefined) return () => Promise.resolve()
  const { clock, log, stores, work, backbone } = parts
  return keepLooking({
    ...{ bus: backbone.bus, topics: [topics.ticket], gatherMs, everyMs: lookEveryMs },
    look: async () => {
      const now = clock.now()
      await stores.handoffs.plan(
        { since: new Date(now.getTime() - newForMs), now },
        async (transaction, handover) => {
          await work.jobs.enqueueIn(transaction, summariseHandover, handover)
        },
      )
      return false
    },
    onFault: (error) =>
      log.warn({ error }, 'handovers to summarise could not be looked for; tried again in ten seconds'),
  })
}

/** The model is away, or there is nothing left to spend. */
const isOfModel = (error: unknown): error is TongdaError =>
  error instanceof TongdaError && /^model_/.test(error.code)

const mayTryAgain = ({ code }: TongdaError, { attempt }: JobRun): boolean =>
  code === 'model_unavailable' && attempt < summariseHandover.tries

/** Writes down that the model was asked, before anything is made of it: the words may have left the house. */
const record = ({ stores }: Parts, { handover: { ticketId } }: KeptHandoff, outcome: string): Promise<void> =>
  stores.audit.record({
    act: 'assist.asked',
    object: { kind: 'ticket', id: ticketId },
    detail: { purpose: 'summary', outcome, at: 'handover' },
  })

const settleMade = async (
  parts: Parts,
  { handover }: KeptHandoff,
  { assisted, reachesSeq }: { readonly assisted: Assisted<HandoffSummary>; readonly reachesSeq: number },
): Promise<void> => {
  const { config, clock, stores, backbone } = parts
  if ('refused' in assisted) {
    await stores.handoffs.settle(handover, undefined, clock.now())
    return
  }
  const made = {
    ...{ summary: assisted.made, model: assisted.model, language: config.llm.summaryLanguage },
    ...{ reachesSeq, masked: config.privacy.mask },
  }
  await stores.handoffs.settle(handover, made, clock.now())
  backbone.bus.publish(topics.ticket, { ticketId: handover.ticketId })
}

const summarise = async (
  parts: Parts,
  model: LanguageModel,
  { kept, ticket, run }: { readonly kept: KeptHandoff; readonly ticket: Ticket; readonly run: JobRun },
): Promise<void> => {
  const { config, clock, stores } = parts
  const { text: masked } = createMasker(config.privacy.mask)
  const { conversationId } = ticket
  const messages = await stores.tickets.transcript(conversationId, lookedBack)
  // Without what colleagues tell each other: the contact may have a copy of what is kept of them.
  const said = saidIn(messages)
    .filter(({ by }) => by !== 'note')
    .map(({ by, text }) => ({ by, text: masked(text) }))
  try {
    const language = config.llm.summaryLanguage
    const assisted = await createSummary(model)(said, { conversationId, language, signal: run.signal })
    await record(parts, kept, 'refused' in assisted ? assisted.refused.why : 'made')
    await settleMade(parts, kept, { assisted, reachesSeq: messages.at(-1)?.seq ?? kept.handover.seq })
  } catch (error) {
    if (!isOfModel(error)) throw error
    await record(parts, kept, error.code)
    // A stop ended it: whoever takes the job up asks again.
    run.signal.throwIfAborted()
    if (mayTryAgain(error, run)) throw error
    await stores.handoffs.settle(kept.handover, undefined, clock.now())
  }
}

const isOver = ({ state }: Ticket): boolean => state === 'solved' || state === 'closed'

/** Summarises what was handed over. */
export const handoffHandler = (parts: Parts): JobHandler =>
  onJob(summariseHandover, async ({ ticketId, seq }, run) => {
    const model = modelOf(parts)
    const { clock, stores } = parts
    const kept = await stores.handoffs.find(ticketId)
    // It was erased, is done, or was handed over again.
    if (kept?.state !== 'planned' || kept.handover.seq !== seq) return
    const ticket = await stores.tickets.get(ticketId)
    if (model === undefined || isOver(ticket) || ticket.conversationId !== kept.conversationId) {
      await stores.handoffs.settle(kept.handover, undefined, clock.now())
      return
    }
    await summarise(parts, model, { kept, ticket, run })
  })
