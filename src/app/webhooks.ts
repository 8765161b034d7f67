import {
  AddressRefused,
  createAddressCheck,
  createOutgoing,
  FetchError,
  type OutgoingPolicy,
} from '../../channels/kit/index.ts'
import type { Config } from '../config.ts'
import type { Post } from '../core/post.ts'
import { startWebhooks } from '../webhooks/index.ts'
import type { Parts } from './parts.ts'

/** Which addresses outside may be called. */
export const outgoingPolicyOf = ({ webhooks }: Config): OutgoingPolicy => ({
  allow: webhooks.allowPrivate,
  loopbackHttp: webhooks.loopbackHttp,
})

/** Says why an address may not be called. */
export const createAddressFault = (config: Config): ((url: string) => string | undefined) => {
  const check = createAddressCheck(outgoingPolicyOf(config))
  return (url) => {
    try {
      check.read(url)
      return undefined
    } catch (error) {
      if (error instanceof AddressRefused) return error.hint
      throw error
    }
  }
}

/** Posts through the guarded client. */
export const createPost = (outgoing: Pick<ReturnType<typeof createOutgoing>, 'call'>): Post => {
  return async (url, { headers, body }) => {
    try {
      const answer = await outgoing.call(url, { method: 'POST', headers, body })
      const retryAfter = answer.headers.get('retry-after') ?? undefined
      return { status: answer.status, retryAfter, body: Buffer.from(answer.bytes).toString('utf8') }
    } catch (error) {
      // A name without an address may have one tomorrow; what is refused stays refused.
      if (error instanceof AddressRefused) return { failure: error.hint, never: error.fault !== 'not_found' }
      if (error instanceof FetchError) return { failure: `no answer: ${error.failure}`, never: false }
      throw error
    }
  }
}

const dayMs = 86_400_000

/** Starts to tell systems outside what happens. Gives its end. */
export const openWebhooks = async ({
  config,
  clock,
  log,
  stores,
  backbone,
}: Parts): Promise<() => Promise<void>> => {
  const outgoing = createOutgoing({ policy: outgoingPolicyOf(config) })
  const stop = await startWebhooks({
    queue: stores.webhookQueue,
    post: createPost(outgoing),
    bus: backbone.bus,
    clock,
    log: log.child({ part: 'webhooks' }),
    disableAfterMs: config.webhooks.disableAfterDays * dayMs,
  })
  return async () => {
    await stop()
    await outgoing.close()
  }
}
