import { TongdaError } from '../core/errors.ts'

/**
 * Why something is done, as it was given on the command line. Throws `bad_input` for an empty one and for one of more
 * than `most` characters; `example` says what a good one is.
 */
export const readReason = (given: string | undefined, example: string, most = 2_000): string => {
  const reason = (given ?? '').trim()
  if (reason === '') throw new TongdaError('bad_input', `要写原因 this needs a reason: --reason "${example}"`)
  if (reason.length > most)
    throw new TongdaError(
      'bad_input',
      `原因最多 ${String(most)} 字，给了 ${String(reason.length)} 字；写短一些 the reason has at most ${String(most)} characters, not ${String(reason.length)}; shorten it`,
    )
  return reason
}
