import {
  complaintsConfig,
  createCodes,
  createComplaints,
  loadPolicy,
  type ComplaintDeps,
} from '../../src/complaints/index.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { ComplaintService } from '../../src/core/complaint-work.ts'
import {
  createApiReading,
  createComplaintStore,
  createIdentityChecks,
  type Database,
} from '../../src/store/index.ts'
import { buildDraft } from './builders.ts'

/** What a test's complaints stand on. */
export interface ComplaintGround {
  readonly database: Database
  readonly media: ComplaintDeps['media']
  readonly clock: Clock
  readonly config?: Parameters<typeof complaintsConfig.parse>[0]
}

/** Texts are alike by the characters they share. */
const byCharacters: ComplaintDeps['meanings'][number] = {
  name: 'characters',
  encode: (texts) =>
    Promise.resolve(
      texts.map((text) => {
        const vector = new Float32Array(512)
        for (const character of text) {
          const place = (character.codePointAt(0) ?? 0) % 512
          vector[place] = (vector[place] ?? 0) + 1
        }
        const length = Math.hypot(...vector) || 1
        return vector.map((value) => value / length)
      }),
    ),
}

/** Everything the service stands on, with the shipped list of reasons. */
export const complaintDeps = async ({
  database,
  media,
  clock,
  config = {},
}: ComplaintGround): Promise<ComplaintDeps> => {
  const { policy } = await loadPolicy('knowledge/complaints')
  if (policy === undefined) throw new Error('the shipped list of reasons is faulty')
  const reading = createApiReading(database)
  return {
    store: createComplaintStore(database),
    media,
    messages: async function* (conversationId) {
      yield await reading.messages(conversationId, { after: 0, limit: 200 })
    },
    policy: () => policy,
    config: complaintsConfig.parse(config),
    clock,
    compose: (_inboxId, text) => buildDraft(text, { author: 'system' }),
    identity: {
      checks: createIdentityChecks(database),
      codeOf: createCodes('a key of the tests'),
      canSend: () => true,
    },
    meanings: [byCharacters],
    publish: () => undefined,
  }
}

/** Complaints as they run in a test. */
export const openTestComplaints = async (ground: ComplaintGround): Promise<ComplaintService> =>
  createComplaints(await complaintDeps(ground))
