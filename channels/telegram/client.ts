/** Calls to the Bot API through grammY, which is loaded with the first call. */
import type { Api, InputFile, RawApi } from 'grammy'
import { telegramError } from './errors.ts'
import type { TelegramConfig } from './manifest.ts'

/** grammY types its signals by an older library than Node's; it only reads `aborted` and listens. */
export type GrammySignal = NonNullable<Parameters<RawApi['getMe']>[0]>

/** One call of the raw API. */
type Call<Result> = (raw: RawApi, signal: GrammySignal) => Promise<Result>

/** How long a call may take: `upload` sends a file, `poll` waits for news. */
export type Patience = 'short' | 'upload' | 'poll'

/** The Bot API with our errors. */
export interface TelegramClient {
  /** Makes one call. Throws `ChannelError`; `onRefused` sees the original refusal first. */
  call<Result>(action: string, call: Call<Result>, options?: CallOptions): Promise<Result>
  /** Bytes as grammY uploads them. */
  inputFile(bytes: Uint8Array, name: string): Promise<InputFile>
}

export interface CallOptions {
  /** Default `short`. */
  readonly patience?: Patience
  readonly onRefused?: (error: unknown) => void
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined
}

const load = () => import('grammy')

const isGrammySignal = (signal: unknown): signal is GrammySignal => signal instanceof AbortSignal

/** Aborted with either. Not AbortSignal.any: `stopped` lives as long as the channel and would remember every call. */
const linked = (stopped: AbortSignal, givenUp: AbortSignal) => {
  const either = new AbortController()
  const end = (): void => either.abort()
  if (stopped.aborted || givenUp.aborted) end()
  for (const one of [stopped, givenUp]) one.addEventListener('abort', end)
  return {
    signal: either.signal,
    release: (): void => {
      for (const one of [stopped, givenUp]) one.removeEventListener('abort', end)
    },
  }
}

/** Longest answer we read, in bytes: a hundred updates fit many times. */
const maxAnswerBytes = 16 * 1_048_576

/** A client for one bot; `stopped` ends what is in flight. */
export const createClient = (
  { token, apiRoot, pollSeconds }: Pick<TelegramConfig, 'token' | 'apiRoot' | 'pollSeconds'>,
  stopped: AbortSignal,
): TelegramClient => {
  const seconds: Readonly<Record<Patience, number>> = { short: 10, upload: 90, poll: pollSeconds + 10 }
  const apis = new Map<Patience, Promise<Api>>()
  const open = async (patience: Patience): Promise<Api> => {
    const { Api } = await load()
    const limits = { size: maxAnswerBytes, redirect: 'error' } as const
    return new Api(token, { apiRoot, timeoutSeconds: seconds[patience], baseFetchConfig: limits })
  }
  const apiFor = (patience: Patience): Promise<Api> => {
    const known = apis.get(patience) ?? open(patience)
    apis.set(patience, known)
    return known
  }
  return {
    call: async (action, call, { patience = 'short', onRefused, signal: givenUp } = {}) => {
      const api = await apiFor(patience)
      const both = givenUp === undefined ? undefined : linked(stopped, givenUp)
      const signal: unknown = both?.signal ?? stopped
      if (!isGrammySignal(signal)) throw new TypeError('not a signal')
      try {
        return await call(api.raw, signal)
      } catch (error) {
        onRefused?.(error)
        throw telegramError(action, error)
      } finally {
        both?.release()
      }
    },
    inputFile: async (bytes, name) => {
      const grammy = await load()
      return new grammy.InputFile(bytes, name)
    },
  }
}
