import { z } from 'zod'
import type { TongdaOptions } from '../client/index.mjs'
import { TongdaRefused } from './refused.ts'
import type { TongdaSource } from './source.ts'

/** Where a Tongda runs, a key with the scope `knowledge:search`, and how long to wait for it. */
export interface ConnectOptions extends TongdaOptions {
  /** Milliseconds for one request. Default 10 000. */
  readonly timeoutMs?: number
}

const Found = z.object({
  version: z.string(),
  data: z.array(
    z
      .object({
        articleId: z.string(),
        topic: z.string(),
        question: z.string(),
        score: z.number(),
        text: z.string(),
        url: z.string().optional(),
      })
      .transform(({ url, ...rest }) => ({ ...rest, ...(url === undefined ? {} : { url }) })),
  ),
})

const Vectors = z.object({
  model: z.string(),
  dimensions: z.int(),
  vectors: z.array(z.array(z.number())),
})

const Refusal = z.object({ code: z.string(), detail: z.string().default('') })

/** What to do about a refusal, where its own words do not say. */
const advice: Readonly<Record<string, string>> = {
  unauthenticated: 'make a key with: tongda key create --name … --scope knowledge:search',
  forbidden: 'give the key the scope knowledge:search',
  too_many: 'ask less often, or raise api.requestsPerMinute',
  not_found: 'check that url is the address of a Tongda that is new enough',
}

const refusalOf = async (response: Response): Promise<TongdaRefused> => {
  const { status } = response
  const parsed = Refusal.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success)
    return new TongdaRefused(
      'not_understood',
      `HTTP ${String(status)} from something that is no Tongda; check url`,
      {
        status,
      },
    )
  const { code, detail } = parsed.data
  const hint = advice[code]
  return new TongdaRefused(code, `Tongda refused: ${detail}${hint === undefined ? '' : `; ${hint}`}`, {
    status,
  })
}

const createRequest = ({ url, key, timeoutMs = 10_000 }: ConnectOptions) => {
  if (!URL.canParse(url))
    throw new TongdaRefused('unreachable', `"${url}" is no address; give url as https://support.example.com`)
  const base = new URL('/api/v1/', url)
  return async <T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      // A key goes to whom it was given for, and nowhere else.
      redirect: 'error',
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new TongdaRefused('unreachable', `no answer from ${base.origin}; check url, and that it runs`, {
        cause,
      })
    })
    if (!response.ok) throw await refusalOf(response)
    const parsed = schema.safeParse(await response.json().catch(() => undefined))
    if (parsed.success) return parsed.data
    throw new TongdaRefused('not_understood', `${base.origin} gave no answer of a Tongda; check url`, {
      cause: parsed.error,
    })
  }
}

/** Asks a running product over its API. Throws `unreachable` where `url` is no address. */
export const connectTongda = (options: ConnectOptions): TongdaSource => {
  const request = createRequest(options)
  return {
    search: async (question, limit) => {
      const query = new URLSearchParams({ text: question, limit: String(limit) })
      const { version, data } = await request(Found, `knowledge/search?${query.toString()}`)
      return { version, articles: data }
    },
    embed: (texts) => request(Vectors, 'embeddings', { texts }),
    close: () => Promise.resolve(),
  }
}
