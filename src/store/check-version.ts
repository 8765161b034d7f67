import { TongdaError } from '../core/errors.ts'

/** The refusal of a write on a version that is gone. */
export const checkVersion = (current: number, yours: number | undefined): void => {
  if (yours === undefined || yours === current) return
  throw new TongdaError('conflict', 'this was changed meanwhile; load it again, then try once more', {
    current,
    yours,
  })
}
