import Alert from 'antd/es/alert'
import { useWords } from '../words/canned.ts'
import { namesIn } from './names.ts'

/** Which values a text still lacks, by name. */
export const Missing = ({ text }: { readonly text: string }) => {
  const t = useWords()
  const names = namesIn(text).map((name) => `${t(`canned.value.${name}`)} {{${name}}}`)
  if (names.length === 0) return null
  return <Alert type="warning" role="status" title={t('canned.missing', { names: names.join(t('list')) })} />
}
