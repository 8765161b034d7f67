import {
  createCodes,
  createComplaints,
  createFormIntake,
  createIdentityMail,
  createIdentityWatch,
  loadPolicy,
  type ComplaintDeps,
  type Meaning,
} from '../complaints/index.ts'
import { topics } from '../core/bus.ts'
import type { ComplaintService } from '../core/complaint-work.ts'
import type { Message } from '../core/conversation.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import { repeatFromNow } from '../core/repeat.ts'
import { createWordVectors } from '../feedback/index.ts'
import { createIdentityChecks, createListUnopened } from '../store/index.ts'
import { createTokeniser } from '../text/index.ts'
import { createMailRoom, type MailRoom } from './identity-mail.ts'
import { sendIdentityCode } from './identity-job.ts'
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

/** What cases stand on. */
interface Surroundings {
  readonly inboxes: Inboxes
  readonly mailRoom: MailRoom
  readonly policy: ComplaintDeps['policy']
}

const depsOf = (parts: Parts, { inboxes, mailRoom, policy }: Surroundings): ComplaintDeps => {
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
    identity: {
      checks: createIdentityChecks(stores.database),
      codeOf: createCodes(stores.identityCodeKey),
      canSend: () => mailRoom.inboxId() !== undefined,
    },
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

const codesEveryMs = 2_000

/** Sends codes, and hears the answers. */
const startIdentityWatch = ({ work, log }: Parts, deps: ComplaintDeps): (() => Promise<void>) =>
  repeatFromNow(
    codesEveryMs,
    createIdentityWatch({
      deps,
      send: async (checkId) => {
        await work.jobs.enqueue(sendIdentityCode, { checkId }, { key: checkId })
      },
      log: log.child({ part: 'complaints' }),
    }),
  )

/** Complaint cases, as they run. */
export interface RunningComplaints {
  readonly service: ComplaintService
  readonly jobs: readonly JobHandler[]
  /** Starts to open cases, end times for appeal and send codes. Gives its end. */
  startUpkeep(): () => Promise<void>
}

/** Opens complaint cases. Throws `bad_config` when the list of reasons cannot be used. */
export const openComplaints = async (parts: Parts, inboxes: Inboxes): Promise<RunningComplaints> => {
  const { policy, faults } = await loadPolicy(parts.config.complaints.policy)
  if (policy === undefined)
    throw new TongdaError(
      'bad_config',
      `the list of reasons for complaints cannot be used: ${faults.map(({ file, line, problem }) => `${file}:${String(line)} ${problem}`).join('; ')}`,
    )
  const mailRoom = createMailRoom(inboxes, parts.config.complaints.identity.inbox)
  const deps = depsOf(parts, { inboxes, mailRoom, policy: () => policy })
  const sendCode = createIdentityMail({ deps, deliver: mailRoom.deliver })
  return {
    service: createComplaints(deps),
    jobs: [onJob(sendIdentityCode, ({ checkId }, { attempt }) => sendCode(checkId, attempt))],
    startUpkeep: () => {
      const stops = [startCaseUpkeep(parts, deps), startIdentityWatch(parts, deps)]
      return async () => {
        await Promise.all(stops.map((stop) => stop()))
      }
    },
  }
}
