import { Fragment } from 'react'
import { showKeys } from '../shell/chords.ts'
import { useWords } from '../words/keys.ts'

/** Keys as they stand on the keyboard; words where there are none. */
export const ShownKeys = ({ keys }: { readonly keys: string }) => {
  const t = useWords()
  if (keys === '') return <span className="quiet">{t('keys.none')}</span>
  return keys.split(' ').map((key, place) => (
    // Two keys at most, and their order is what they are.
    <Fragment key={place}>
      {place === 0 ? null : <span className="quiet"> {t('keys.then')} </span>}
      <kbd>{showKeys(key)}</kbd>
    </Fragment>
  ))
}
