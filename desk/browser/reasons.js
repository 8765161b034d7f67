import { has, t } from './words.js'

/** Why the bot decided so; earlier versions stored words instead of codes. */
export const reasonText = (reason) => {
  if (typeof reason === 'string') return reason
  const { code, values } = reason
  if (!has(`reason.${code}`)) return code
  const kinds = values.kinds?.split(',').map((kind) => t(`reason.kind.${kind}`))
  return t(`reason.${code}`, { ...values, ...(kinds === undefined ? {} : { kinds: kinds.join(t('list')) }) })
}
