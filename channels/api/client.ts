/** Posts one message to the brand's address, signed. Source: standardwebhooks.com, "Webhook headers". */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { DeliveryReceipt } from '../../src/core/message.ts'
import type { Outgoing } from '../kit/index.ts'
import { callFailed, errorOf } from './errors.ts'
import type { ApiConfig } from './manifest.ts'
import { sign } from './signing.ts'
import { secretsOf } from './verify.ts'

export interface ClientDeps {
  readonly config: ApiConfig
  readonly host: Pick<ChannelHost, 'clock'>
  readonly outgoing: Outgoing
  readonly stopped: AbortSignal
}

const Receipt = z.object({ id: z.string().min(1).max(200) })

const maxAnswerBytes = 65_536

/** The brand's own id of the message, when it tells one. */
const receiptOf = (bytes: Uint8Array): DeliveryReceipt => {
  try {
    return { providerId: Receipt.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).id }
  } catch {
    return {}
  }
}

/** Sends `body` under `id`, which stays the same over tries. Throws `ChannelError`. */
export const createClient =
  ({ config, host, outgoing, stopped }: ClientDeps) =>
  async (id: string, body: string): Promise<DeliveryReceipt> => {
    const now = host.clock.now()
    const seconds = Math.floor(now.getTime() / 1_000)
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Tongda',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': sign(secretsOf(config), { id, seconds, body }),
    }
    const answer = await outgoing
      .call(
        config.webhookUrl,
        { method: 'POST', headers, body },
        { timeoutMs: config.timeoutMs, maxBytes: maxAnswerBytes, signal: stopped },
      )
      .catch((error: unknown) => {
        throw callFailed(error)
      })
    const error = errorOf(answer, host.clock.now())
    if (error !== undefined) throw error
    return receiptOf(answer.bytes)
  }
