import { useState } from 'react'
import { desk, type QuietMessage } from '../api/desk.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { isWord } from '../words/index.ts'
import { useAdmin } from './use-admin.ts'

/** What a message that nobody answered was: when, from whom, and what it says. */
const Quiet = ({ message: { at, contactKey, parts } }: { readonly message: QuietMessage }) => {
  const t = useWords()
  const mail = parts.find((part) => part.kind === 'event' && part.name === 'mail')
  const { value = '', data = {} } = mail?.kind === 'event' ? mail : {}
  const words = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n')
  const label = `mail.class.${String(data.class)}`
  return (
    <details>
      <summary>
        {exactTime(at)} {isWord(label) ? <span className="chip">{t(label)}</span> : null}{' '}
        <bdi>{contactKey}</bdi> <bdi>{value}</bdi>
      </summary>
      <p className="words" dir="auto">
        {words}
      </p>
    </details>
  )
}

/** What came in the last days, was not answered and became no ticket; fetched once it is unfolded. */
export const QuietList = ({ inboxId }: { readonly inboxId: string }) => {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useAdmin(['quiet', inboxId], (signal) => desk.quiet(inboxId, signal), isOpen)
  return (
    <details
      onToggle={({ currentTarget, target }) => {
        if (target === currentTarget) setOpen(currentTarget.open)
      }}
    >
      <summary>{t('inboxes.quiet')}</summary>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data?.messages.length === 0 ? <p className="quiet">{t('inboxes.quiet.none')}</p> : null}
      {data === undefined || data.messages.length === 0 ? null : (
        <ul className="addresses">
          {data.messages.map((message) => (
            <li key={message.id}>
              <Quiet message={message} />
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}
