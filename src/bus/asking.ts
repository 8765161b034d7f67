import type { Logger } from '../core/log.ts'

/** So long Redis may take for an answer, in milliseconds; then whoever asked goes on without it. */
const patienceMs = 1_000

/** Redis as far as it answers. */
export interface Asking {
  /** Gives what `command` gives, or, while Redis is away or does not answer, what `otherwise` gives. */
  readonly ask: <Answer>(
    command: () => Promise<Answer>,
    otherwise: () => Answer | Promise<Answer>,
  ) => Promise<Answer>
  /** False while it is away, or an answer is overdue. */
  readonly isAnswering: () => boolean
}

/**
 * A Redis that is held still keeps its connections: commands would wait as long as it sleeps, and everything that asks with
 * them. One that is overdue is left alone, and until it has been answered nobody else asks.
 */
export const createAsking = (client: { readonly isReady: boolean }, log: Logger): Asking => {
  let overdue = 0
  let failing = false
  const inTime = <Answer>(asked: Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const back = (): void => {
        overdue -= 1
      }
      const timer = setTimeout(() => {
        overdue += 1
        asked.then(back, back)
        reject(new Error(`no answer within ${String(patienceMs)} ms`))
      }, patienceMs)
      asked.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  const isAnswering = (): boolean => client.isReady && overdue === 0
  return {
    ask: async (command, otherwise) => {
      if (!isAnswering()) return otherwise()
      try {
        const answer = await inTime(command())
        if (failing) log.info({}, 'Redis answers again')
        failing = false
        return answer
      } catch (error) {
        if (!failing)
          log.warn({ reason: String(error) }, 'Redis does not do what it is asked, going on without it')
        failing = true
        return otherwise()
      }
    },
    isAnswering,
  }
}
