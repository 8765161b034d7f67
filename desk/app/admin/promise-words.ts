import type { AnyTranslate } from '../words/index.ts'
import type { WordKey } from '../words/admin.ts'

/** In whose time the hours of a promise are counted. */
export const countedWords = (calendar: string | undefined, t: AnyTranslate<WordKey>): string =>
  calendar === undefined ? t('promises.counted.around') : t('promises.counted.calendar', { name: calendar })
