import { lazy, Suspense } from 'react'
import { isWord, useWords, type WordKey } from '../words/index.ts'
import type { OriginalProps } from './original.tsx'
import { useOriginal } from './originals.ts'

interface MailProps {
  /** What the mail channel noted of the envelope. */
  readonly data: Readonly<Record<string, unknown>>
  readonly original: { readonly remotePictures: number } | undefined
  readonly messageId: string
}

/** What an agent should know before she believes the sender. */
const warningsOf = ({
  class: kind,
  sender,
  participant,
  tokenValid,
}: MailProps['data']): readonly WordKey[] =>
  [
    kind === 'customer' ? '' : `mail.class.${String(kind)}`,
    `mail.sender.${String(sender)}`,
    participant === false ? 'mail.stranger' : '',
    tokenValid === false ? 'mail.forged' : '',
  ].filter(isWord)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

// Few mails are looked at as their senders laid them out.
const Original = lazy(async () => ({ default: (await import('./original.tsx')).Original }))

/** What opens the original. */
const Opener = ({ messageId, remotePictures }: OriginalProps) => {
  const t = useWords()
  const { looks, look } = useOriginal(messageId)
  return (
    <details
      open={looks.isOpen}
      onToggle={({ currentTarget }) => look({ ...looks, isOpen: currentTarget.open })}
    >
      <summary>{t('mail.original')}</summary>
      {looks.isOpen ? (
        <Suspense>
          <Original messageId={messageId} remotePictures={remotePictures} />
        </Suspense>
      ) : null}
    </details>
  )
}

/** A mail's envelope: subject, who claims to have written it, all its words and its own looks one click away. */
export const Mail = ({ data, original, messageId }: MailProps) => {
  const t = useWords()
  const subject = textOf(data.subject)
  const fullText = textOf(data.fullText)
  return (
    <span className="stack">
      <span className="quiet">
        {t('mail.subject')}: {subject === '' ? t('mail.no-subject') : <bdi>{subject}</bdi>}
      </span>
      <span className="quiet">
        <bdi>{textOf(data.from)}</bdi>
        {warningsOf(data).map((key) => (
          <span key={key}> · {t(key)}</span>
        ))}
      </span>
      {fullText === '' ? null : (
        <details>
          <summary>{t('mail.full')}</summary>
          <p className="words" dir="auto">
            {fullText}
          </p>
        </details>
      )}
      {original === undefined ? null : (
        <Opener messageId={messageId} remotePictures={original.remotePictures} />
      )}
    </span>
  )
}
