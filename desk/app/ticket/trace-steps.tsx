import App from 'antd/es/app'
import Button from 'antd/es/button'
import type { MessageView } from '../api/desk.ts'
import { shortTime } from '../shell/time.ts'
import { useWords } from '../words/trace.ts'

type TraceView = NonNullable<MessageView['trace']>

interface TraceProps {
  readonly message: MessageView
  readonly trace: TraceView
}

const shown = (ms: number): string => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)))

const Steps = ({ message, trace: { steps, totalMs } }: TraceProps) => {
  const t = useWords()
  const longest = Math.max(1, ...steps.map(({ ms }) => ms))
  const text = message.parts.find((part) => part.kind === 'text')?.text
  return (
    <table>
      <caption>
        {text === undefined
          ? t('trace.caption.plain', { at: shortTime(message.createdAt) })
          : t('trace.caption', { text: text.length > 24 ? `${text.slice(0, 24)}…` : text })}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('trace.step')}</th>
          <th scope="col" className="number">
            {t('trace.ms')}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {steps.map(({ step, ms, isWait }) => (
          <tr key={step} className={isWait ? 'wait' : undefined}>
            <th scope="row">
              {isWait ? <span className="chip">{t('trace.wait')}</span> : null} {t(`trace.step.${step}`)}
            </th>
            <td className="number">{shown(ms)}</td>
            <td aria-hidden="true">
              <span className="bar" style={{ inlineSize: `${String((ms / longest) * 100)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('trace.total')}</th>
          <td className="number">{shown(totalMs)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  )
}

const Id = ({ what, id }: { readonly what: string; readonly id: string }) => {
  const t = useWords()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(id)
      void message.success(t('trace.copied'))
    } catch {
      void message.error(t('trace.copy.failed'))
    }
  }
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        <code>{id}</code>{' '}
        <Button size="small" aria-label={t('trace.copy.named', { what, id })} onClick={() => void copy()}>
          {t('trace.copy')}
        </Button>
      </dd>
    </div>
  )
}

/** Each step from the arrival of a message to the sent answer, what was waiting, and what the logs call it. */
export const TraceSteps = (props: TraceProps) => {
  const t = useWords()
  const { message, trace } = props
  const { pieces, attempts, outboxIds, turn, steps } = trace
  return (
    <>
      <Steps {...props} />
      {pieces > 1 ? <p>{t('trace.pieces', { n: pieces })}</p> : null}
      {attempts > outboxIds.length ? <p>{t('trace.attempts', { n: attempts })}</p> : null}
      {steps.some(({ step }) => step === 'stored') ? null : <p>{t('trace.unknown')}</p>}
      <section aria-label={t('trace.ids')}>
        <dl className="facts">
          <Id what={t('trace.id.message')} id={message.id} />
          <Id what={t('trace.id.conversation')} id={message.conversationId} />
          <Id what={t('trace.id.turn')} id={String(turn)} />
          {outboxIds.map((id) => (
            <Id key={id} what={t('trace.id.outbox')} id={id} />
          ))}
        </dl>
      </section>
    </>
  )
}
