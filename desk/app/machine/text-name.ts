import { isWord } from '../words/index.ts'
import type { Translate } from '../words/machine.ts'

/** The name of one of an article's texts. */
export const textName = (name: string, t: Translate): string => {
  if (name === 'answer' || name === 'en') return t(`machine.text.${name}`)
  const key = `channel.${name}`
  return t('machine.text.channel', { channel: isWord(key) ? t(key) : name })
}
