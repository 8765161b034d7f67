import { ChannelError } from './errors.ts'

/** One thing looked at. */
export interface Check {
  readonly title: string
  readonly passed: boolean
  /** What to do when it did not pass. */
  readonly fix?: string
  /** Worth knowing although it passed. */
  readonly remark?: string
}

/** What a person should read of a failure: what happened and, where somebody knows, what to do. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof ChannelError)
    return [error.message, ...(error.facts.hint === undefined ? [] : [error.facts.hint])].join('; ')
  return error instanceof Error ? error.message : String(error)
}
