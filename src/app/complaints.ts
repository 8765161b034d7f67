import {
  createComplaints,
  createFormIntake,
  loadPolicy,
  type ComplaintDeps,
  type Meaning,
} from '../complaints/index.ts'
import { topics } from '../core/bus.ts'
import type { ComplaintService } from '../core/complaint.ts'
import type { Message } from '../core/conversation.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import { repeatFromNow } from '../core/repeat.ts'
import { createWordVectors } from '../feedback/index.ts'
import { createListUnopened } from '../store/index.ts'
import { createTokeniser } from '../text/index.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'

const pageOfMessages = 500

/** What was said in a conversation, page by page. */
const messagesOf = ({ stores }: Pick<Parts, 'stores'>) =>
  async function* (conversationId: string): AsyncGenerator<readonly Message[]> {
    for (let after = 0; ;) {
      const page = await stores.apiReading.messages(conversationId, { after, limit: pageOfMessages })
      yield page
      if (page.length < pageOfMessages) return
      after = page.at(-1)?.seq ?? after
    }
  }

const byMeaning = (encoder: Encoder): Meaning => ({
  name: encoder.version,
  encode: (texts) => encoder.encode(texts),
})

/** Words alone, learned from the wordings of each article: no encoder is needed. */
const byWords = ({ content }: Pick<Parts, 'content'>): Meaning => {
  const tokeniser = createTokeniser()
  const learn = () =>
    createWordVectors(
      content.knowledge().articles.map(({ question, similar }) => [question, ...similar]),
      (text) => tokeniser.words(text),
    )
  let vectorOf: ReturnType<typeof learn> | undefined
  return {
    name: 'words',
    encode: (texts) => {
      const read = (vectorOf ??= learn())
      return Promise.resolve(texts.map((text) => read(text.toLowerCase())))
    },
  }
}

const depsOf = (parts: Parts, inboxes: Inboxes, policy: ComplaintDeps['policy']): ComplaintDeps => {
  const { config, clock, stores, backbone, links, encoder } = parts
  const compose = composer(inboxes, links)
  return {
    store: stores.complaints,
    media: stores.media,
    messages: messagesOf(parts),
    policy,
    config: config.complaints,
    clock,
    compose: (inboxId, text) =>
      inboxes.find(inboxId) === undefined ? undefined : compose(inboxId, [{ kind: 'text', text }], 'system'),
    meanings: [...(encoder === undefined ? [] : [byMeaning(encoder)]), byWords(parts)],
    publish: (ticketId) => {
      backbone.bus.publish(topics.ticket, { ticketId })
      backbone.bus.publish(topics.outbox, {})
    },
  }
}

const everyMs = 5_000
const atOnce = 200

/** Opens cases that forms brought, and ends the time for appeals. */
const startCaseUpkeep = (parts: Parts, deps: ComplaintDeps): (() => Promise<void>) => {
  const { clock, content, stores } = parts
  const log = parts.log.child({ part: 'complaints' })
  const openFromForms = createFormIntake({
    ...deps,
    forms: content.forms,
    unopened: createListUnopened(stores.database),
    log,
  })
  return repeatFromNow(everyMs, async () => {
    try {
      await openFromForms()
      while ((await deps.store.expire(clock.now(), atOnce)).length === atOnce);
    } catch (error) {
      log.warn({ error }, 'complaint cases could not be looked at; tried again in 5 seconds')
    }
  })
}

/** Complaint cases, as they run. */
export interface RunningComplaints {
  readonly service: ComplaintService
  stop(): Promise<void>
}

/** Opens complaint cases. Throws `bad_config` when the list of reasons cannot be used. */
export const openComplaints = async (parts: Parts, inboxes: Inboxes): Promise<RunningComplaints> => {
  const { policy, faults } = await loadPolicy(parts.config.complaints.policy)
  if (policy === undefined)
    throw new TongdaError(
      'bad_config',
      `the list of reasons for complaints cannot be used: ${faults.map(({ file, line, problem }) => `${file}:${String(line)} ${problem}`).join('; ')}`,
    )
  const deps = depsOf(parts, inboxes, () => policy)
  const stop = startCaseUpkeep(parts, deps)
  return { service: createComplaints(deps), stop }
}
