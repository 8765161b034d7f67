import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import type { MessageView, TicketDetail } from '../api/desk.ts'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/assist.ts'
import { assist } from './ask.ts'
import { Fault, MachineMade, Refused } from './outcome.tsx'

/** The newest messages that are offered. */
const most = 3
/** Of a message, as a place to recognise it by. */
const longest = 40

const wordsOf = ({ parts }: MessageView): string =>
  parts
    .flatMap((part) => ('text' in part && typeof part.text === 'string' ? [part.text] : []))
    .join(' ')
    .trim()

const Letter = ({
  ticketId,
  id,
  words,
}: {
  readonly ticketId: string
  readonly id: string
  readonly words: string
}) => {
  const t = useWords()
  const language = useLanguage(({ language: chosen }) => chosen)
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => assist.translation(ticketId, id, language),
  })
  const start = words.length <= longest ? words : `${words.slice(0, longest)}…`
  return (
    <li aria-busy={isPending}>
      <bdi className="quiet">{start}</bdi>{' '}
      <Button
        size="small"
        loading={isPending}
        disabled={isPending}
        aria-label={t('assist.letter', { words: start })}
        onClick={() => mutate()}
      >
        {t('assist.translate')}
      </Button>
      <Fault error={error} />
      {data === undefined ? null : 'refused' in data ? (
        <Refused refused={data.refused} />
      ) : (
        <>
          <p className="words" dir="auto">
            {data.made.text}
          </p>
          <MachineMade model={data.model} />
          {data.made.unsure.length === 0 ? null : (
            <p>
              <strong>⚠ {t('assist.differs', { facts: data.made.unsure.join('、') })}</strong>
            </p>
          )}
        </>
      )}
    </li>
  )
}

/** The contact's newest messages, each to be read in the language of the desk. */
export const Letters = ({ detail: { ticket, messages } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const said = messages
    .filter(({ author }) => author === 'contact')
    .map((message) => ({ id: message.id, words: wordsOf(message) }))
    .filter(({ words }) => words !== '')
    .slice(-most)
  if (said.length === 0) return null
  return (
    <section className="assist-rows" aria-label={t('assist.letters')}>
      <h3>{t('assist.letters')}</h3>
      <ul className="addresses">
        {said.map(({ id, words }) => (
          <Letter key={id} ticketId={ticket.id} {...{ id, words }} />
        ))}
      </ul>
    </section>
  )
}
