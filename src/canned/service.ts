import {
  cannedNames,
  type CannedCaller,
  type CannedEntry,
  type CannedFacts,
  type CannedPicture,
  type CannedReply,
  type CannedService,
  type CannedStore,
  type KeepCannedPicture,
} from '../core/canned.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { loadSounds, type SoundsOf } from '../text/index.ts'

/** What canned replies stand on. */
export interface CannedServiceOptions {
  readonly store: CannedStore
  readonly keepPicture: KeepCannedPicture
  readonly clock: Clock
}

const named = /\{\{\s*([^{}]*?)\s*\}\}/gu

/** Throws `bad_input` for a name that nothing stands behind. */
const checkNames = (text: string): void => {
  for (const [written, name = ''] of text.matchAll(named))
    if (!cannedNames.some((one) => one === name))
      throw new TongdaError(
        'bad_input',
        `${written} stands for nothing; a text may name ${cannedNames.map((one) => `{{${one}}}`).join(', ')}`,
      )
}

const checkTexts = ({ text, variants, pictures }: CannedFacts): void => {
  if (text.trim() === '' && pictures.length === 0)
    throw new TongdaError('bad_input', 'a canned reply has a text, pictures or both; write one of them')
  const channels = variants.map(({ channel }) => channel)
  if (new Set(channels).size < channels.length)
    throw new TongdaError('bad_input', 'a channel has one text of its own at most; remove the others')
  for (const one of [text, ...variants.map((variant) => variant.text)]) checkNames(one)
}

/** Whose it is. Programs have none of their own, and the team's is written by whoever may. */
const ownerFor = ({ agentId, mayManage }: CannedCaller, scope: CannedFacts['scope']): string | undefined => {
  if (scope === 'team') {
    if (mayManage) return undefined
    throw new TongdaError(
      'forbidden',
      'canned replies of the team are written by seniors; make a personal one',
    )
  }
  if (agentId === undefined)
    throw new TongdaError('bad_input', 'a program has no canned replies of its own; make one of the team')
  return agentId
}

/** Each picture under its lasting id. */
const keepAll = async (
  pictures: readonly CannedPicture[],
  keep: KeepCannedPicture,
): Promise<readonly CannedPicture[]> =>
  Promise.all(pictures.map(async ({ mediaId, name }) => ({ mediaId: (await keep(mediaId)).mediaId, name })))

/** What people do with canned replies; see the port. */
export const createCannedService = ({ store, keepPicture, clock }: CannedServiceOptions): CannedService => {
  // Loaded when it is first needed: its dictionary takes memory.
  let sounds: Promise<SoundsOf> | undefined
  const entryOf = async (caller: CannedCaller, facts: CannedFacts): Promise<CannedEntry> => {
    checkTexts(facts)
    const ownerId = ownerFor(caller, facts.scope)
    sounds ??= loadSounds()
    const { name, text, variants } = facts
    const pictures = await keepAll(facts.pictures, keepPicture)
    return { ownerId, name, text, variants, pictures, sounds: (await sounds)(name) }
  }
  const writable = async (caller: CannedCaller, id: string): Promise<CannedReply> => {
    const reply = await store.get(caller.agentId, id)
    ownerFor(caller, reply.scope)
    return reply
  }
  return {
    list: ({ agentId }) => store.list(agentId),
    get: ({ agentId }, id) => store.get(agentId, id),
    create: async (caller, facts, idempotencyKey) =>
      store.create(await entryOf(caller, facts), clock.now(), idempotencyKey),
    change: async (caller, id, { facts, version }) => {
      const before = await writable(caller, id)
      const { scope, name, text, variants, pictures } = before
      const entry = await entryOf(caller, { scope, name, text, variants, pictures, ...facts })
      return store.change(before, entry, version ?? before.version, clock.now())
    },
    remove: async (caller, id) => store.remove(await writable(caller, id)),
  }
}
