import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { isMachineWord, type Translate } from '../words/machine.ts'

/** Why a model was of no help, and what to do; `place`: what was asked for, where that matters. */
export const explainMachine = (error: unknown, t: Translate, place = 'machine'): string => {
  const code = error instanceof ApiError ? error.code : 'other'
  const [own, common] = [`${place}.fault.${code}`, `machine.fault.${code}`]
  if (isMachineWord(own)) return t(own)
  if (isMachineWord(common)) return t(common)
  return error instanceof ApiError ? explain(error, t) : t('machine.fault.other')
}
