import { Webhook } from 'standardwebhooks'
import type { Post } from '../core/post.ts'
import type { WebhookClaim, WebhookOutcome } from '../core/webhook.ts'
import { nextWait, readRetryAfter } from './schedule.ts'

/** As much of an answer as is kept. */
const keptBytes = 2_048

const headersOf = ({ id, secrets, payload }: WebhookClaim, now: Date): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  'user-agent': 'Tongda-Webhooks/1',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, payload)).join(' '),
})

/** No more than so many bytes, and no half character at the end. */
const cut = (text: string): string =>
  Buffer.from(text)
    .subarray(0, keptBytes)
    .toString('utf8')
    .replace(/\uFFFD$/, '')

const failed = (
  { attempt }: WebhookClaim,
  facts: Omit<WebhookOutcome, 'kind' | 'retryInMs'>,
  askedMs?: number,
): WebhookOutcome => {
  const retryInMs = nextWait(attempt, askedMs)
  return retryInMs === undefined ? { kind: 'dead', ...facts } : { kind: 'retry', retryInMs, ...facts }
}

/** Makes one attempt and says what it means. 2xx is success, nothing else is. */
export const attempt = async (post: Post, claim: WebhookClaim, now: Date): Promise<WebhookOutcome> => {
  if (claim.secrets.length === 0)
    return { kind: 'dead', error: 'its secret does not open with this master key; rotate it, then replay' }
  const posted = await post(claim.url, { headers: headersOf(claim, now), body: claim.payload })
  if ('failure' in posted)
    return posted.never ? { kind: 'dead', error: posted.failure } : failed(claim, { error: posted.failure })
  const { status, retryAfter } = posted
  const facts = { status, body: cut(posted.body) }
  if (status >= 200 && status < 300) return { kind: 'delivered', ...facts }
  if (status === 410) return { kind: 'gone', ...facts }
  return failed(claim, facts, readRetryAfter(retryAfter, now))
}
