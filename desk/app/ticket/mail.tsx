import Button from 'antd/es/button'
import { useState } from 'react'
import { isWord, useWords, type WordKey } from '../words/index.ts'

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

/** The mail as its sender laid it out, in a frame where nothing runs; fetched once it is asked for. */
const Original = ({
  messageId,
  remotePictures,
}: {
  readonly messageId: string
  readonly remotePictures: number
}) => {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const [pictures, setPictures] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(open || currentTarget.open)}>
      <summary>{t('mail.original')}</summary>
      {remotePictures > 0 && !pictures ? (
        <Button size="small" title={t('mail.pictures.hint')} onClick={() => setPictures(true)}>
          {t('mail.pictures', { n: remotePictures })}
        </Button>
      ) : null}
      {open ? (
        <iframe
          className="original"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          title={t('mail.original')}
          src={`/api/desk/messages/${messageId}/original${pictures ? '?pictures=1' : ''}`}
        />
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
        <Original messageId={messageId} remotePictures={original.remotePictures} />
      )}
    </span>
  )
}
