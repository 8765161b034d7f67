import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useWords } from '../words/canned.ts'
import { settle, useOther, type DraftPlace } from './drafts.ts'

/** What the agent wrote here in another browser, where both stand against each other; nothing of either goes by itself. */
export const OtherDraft = ({ place }: { readonly place: DraftPlace }) => {
  const t = useWords()
  const other = useOther(place)
  if (other === undefined) return null
  return (
    <Alert
      type="warning"
      role="alert"
      title={t('draft.other')}
      description={
        <>
          <blockquote className="words draft-other" dir="auto">
            {other.text}
            {other.files.map(({ name }) => ` 📎 ${name}`)}
          </blockquote>
          {(['both', 'theirs', 'ours'] as const).map((how) => (
            <Button key={how} size="small" onClick={() => settle(place, how)}>
              {t(`draft.${how}`)}
            </Button>
          ))}
        </>
      }
    />
  )
}
