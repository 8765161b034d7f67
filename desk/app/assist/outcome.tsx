import Alert from 'antd/es/alert'
import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/assist.ts'
import type { RefusalOf } from './ask.ts'

/** Why there is nothing: what the server refused, or that the model was of no use. */
export const Fault = ({ error }: { readonly error: Error | null }) => {
  const t = useWords()
  if (error === null) return null
  const code = error instanceof ApiError ? error.code : ''
  const words = code === 'unavailable' || code === 'too_many' ? t(`fault.${code}`) : explain(error, t)
  return <Alert type="error" role="alert" title={words} />
}

/** Why what was written is not given. */
export const Refused = ({ refused }: { readonly refused: RefusalOf }) => {
  const t = useWords()
  const list = (facts: readonly string[]): string =>
    facts.length === 0 ? t('assist.none') : facts.join('、')
  const words =
    refused.why === 'changed'
      ? t('refused.changed', { lost: list(refused.lost), added: list(refused.added) })
      : t(`refused.${refused.why}`)
  return <Alert type="warning" role="status" title={words} />
}

/** Says that a machine wrote what stands beside it. */
export const MachineMade = ({ model }: { readonly model: string }) => {
  const t = useWords()
  return <span className="chip">{t('assist.made.by', { model })}</span>
}
