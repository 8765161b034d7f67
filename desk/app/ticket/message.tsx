import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, memo, Suspense, useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { desk, type MessageView } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { Reveal } from '../people/reveal.tsx'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { isWord, useWords } from '../words/index.ts'
import { Decision } from './decision.tsx'
import { Part } from './part.tsx'

// Short, and the same for every answer: the place is kept until it is there.
const Verdict = lazy(async () => ({ default: (await import('../compose/later.ts')).Verdict }))

// Few messages fail.
const WaysOut = lazy(async () => ({ default: (await import('./ways-out.tsx')).WaysOut }))

const Delivery = ({
  said,
  delivery,
}: {
  readonly said: MessageView
  readonly delivery: NonNullable<MessageView['delivery']>
}) => {
  const { id } = said
  const t = useWords()
  const { message } = App.useApp()
  const { may } = useSession()
  const { status, error, attempts, repeated } = delivery
  const retry = useMutation({
    mutationFn: () => desk.retry(id),
    onSuccess: () => void message.success(t('done.retry')),
    onError: (refusal) => void message.error(explain(refusal, t)),
    onSettled: () => {
      lookAgain(undefined)
    },
  })
  const failed = status === 'failed' || status === 'waiting' || status === 'expired'
  const failure = `failure.${error?.code ?? ''}`
  // Once it is sent, earlier tries are no news; that it may have arrived twice is.
  const fault = status === 'sent' ? undefined : error
  const facts = [
    fault === undefined ? undefined : isWord(failure) ? t(failure) : fault.message,
    fault?.providerCode === undefined ? undefined : t('delivery.code', { code: fault.providerCode }),
    failed && attempts > 1 ? t('delivery.attempts', { n: attempts }) : undefined,
    repeated ? t('delivery.repeated') : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <div className={failed ? 'delivery bad' : 'delivery'} data-status={status}>
      {[t(`delivery.${status}`), ...facts].join(' · ')}
      {(status === 'failed' || status === 'waiting') && may('ticket.reply') ? (
        <Button size="small" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('retry')}
        </Button>
      ) : null}
      {status === 'failed' || status === 'expired' ? (
        <Suspense>
          <WaysOut message={said} />
        </Suspense>
      ) : null}
    </div>
  )
}

const revealMessage = (id: string, reason: string) =>
  answerOf(
    v1.POST('/messages/{id}/reveal', {
      params: { path: { id }, header: { 'Idempotency-Key': createKey() } },
      body: { reason },
    }),
  )

interface MessageProps {
  readonly message: MessageView
  readonly contactName: string
}

/** One message with what belongs to it: how its sending went, what the bot made of it. */
export const Message = memo(({ message, contactName }: MessageProps) => {
  const t = useWords()
  const { id, author, direction, agentName, createdAt, delivery, decision } = message
  // What was revealed stays until the message itself changes.
  const [revealed, setRevealed] = useState<Pick<MessageView, 'parts'>>()
  const { parts } = revealed ?? message
  const name =
    author === 'contact'
      ? contactName || t('author.contact')
      : author === 'agent'
        ? (agentName ?? t('author.agent'))
        : t(`author.${author}`)
  return (
    <article className={`message ${direction} by-${author}`} data-message={id}>
      <div className="bubble">
        <div className="meta">
          {direction === 'note' ? <strong title={t('note.hint')}>{t('note')}</strong> : null}
          <bdi className="author">{name}</bdi>
          <time dateTime={createdAt} title={exactTime(createdAt)}>
            {shortTime(createdAt)}
          </time>
        </div>
        {parts.map((part, at) => (
          // Parts of a message never change their places.
          <Part key={at} part={part} messageId={id} />
        ))}
        <Reveal shown={parts} ask={(reason) => revealMessage(id, reason)} show={setRevealed} />
      </div>
      {delivery === undefined ? null : <Delivery said={message} delivery={delivery} />}
      {decision === undefined ? null : (
        <>
          <Decision message={message} decision={decision} />
          {decision.kind === 'answer' && decision.articleId !== undefined ? (
            <Suspense fallback={<div className="verdict" />}>
              <Verdict message={message} given={decision.articleId} />
            </Suspense>
          ) : null}
        </>
      )}
    </article>
  )
})
Message.displayName = 'Message'
