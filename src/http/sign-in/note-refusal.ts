import type { SignInRefusal } from '../../core/sign-in.ts'
import type { SignInOptions } from './options.ts'

/** Refused tries the audit log keeps: guessing links must not flood it. The other log has them all. */
const notedPerMinute = 60

/** Writes a refused sign-in down. */
export type NoteRefusal = (refusal: SignInRefusal) => Promise<void>

/** Writes refused sign-ins down, no more than a minute may have: guessing must not flood the log. */
export const createNoteRefusal = ({
  stores,
  limiters,
}: Pick<SignInOptions, 'stores' | 'limiters'>): NoteRefusal => {
  const noted = limiters.create({ name: 'refused-sign-ins', points: notedPerMinute, durationMs: 60_000 })
  return async (refusal) => {
    const { allowed } = await noted.take('all')
    if (allowed) await stores.refusals.record(refusal)
  }
}
