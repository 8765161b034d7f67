import { useMutation, useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useDeferredValue, useState } from 'react'
import { present } from '../api/present.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { momentOf } from './calendar-words.ts'
import { countedWords } from './promise-words.ts'
import { adminKey } from './use-admin.ts'

type Tried = Schemas['TriedPromise']
type Ticket = Schemas['Ticket']

const kinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const
const priorities = ['normal', 'high', 'urgent'] as const
const channels = [
  ...(['wechat', 'wecom', 'weibo', 'email', 'web', 'telegram', 'botframework', 'wechaty', 'api'] as const),
] as const
type Channel = (typeof channels)[number]

interface Facts {
  readonly kind: Ticket['kind']
  readonly priority: Ticket['priority']
  readonly channel: Channel
  readonly tier: string
  /** As it is typed, in China's time. */
  readonly at: string
}

const typedAt = (at: Date | string): string => exactTime(at).replace(' ', 'T')

const isChannel = (name: string): name is Channel => channels.some((one) => one === name)

const factsOf = ({ kind, priority, channel, contactTier, createdAt }: Ticket): Facts => ({
  ...{ kind, priority, tier: contactTier ?? '', at: typedAt(createdAt) },
  channel: isChannel(channel) ? channel : 'api',
})

const useTried = ({ kind, priority, channel, tier, at }: Facts) => {
  const moment = momentOf(at)
  return useQuery({
    queryKey: adminKey('promises', 'try', kind, priority, channel, tier, moment),
    queryFn: ({ signal }) => {
      const query = {
        ...{ kind, priority, channel, at: moment ?? '' },
        ...(tier.trim() === '' ? {} : { tier: tier.trim() }),
      }
      return answerOf(v1.GET('/promises/try', { params: { query }, signal }))
    },
    enabled: moment !== undefined,
  })
}

const Answer = ({ tried }: { readonly tried: Tried }) => {
  const t = useWords()
  const { policy, calendar, firstReplyHours, resolutionHours, firstReplyDueAt, resolutionDueAt } = tried
  return (
    <div role="status">
      <p>
        <strong>
          {t('promises.try.answer', { policy: policy === 'otherwise' ? t('promises.otherwise') : policy })}
        </strong>
      </p>
      <p>
        {t('promises.try.first', {
          ...{ at: exactTime(firstReplyDueAt), n: firstReplyHours, counted: countedWords(calendar, t) },
        })}
      </p>
      <p>{t('promises.try.resolution', { at: exactTime(resolutionDueAt), n: resolutionHours })}</p>
    </div>
  )
}

/** Takes the facts of a ticket that there is. */
const FillIn = ({ fill }: { readonly fill: (facts: Facts) => void }) => {
  const t = useWords()
  const [number, setNumber] = useState('')
  const find = useMutation({
    mutationFn: (id: string) => answerOf(v1.GET('/tickets/{id}', { params: { path: { id } } })),
    onSuccess: (ticket) => fill(factsOf(ticket)),
  })
  const idOf = (typed: string): string => (/^\d+$/.test(typed) ? `T-${typed}` : typed.toUpperCase())
  return (
    <form
      className="try"
      onSubmit={(event) => {
        event.preventDefault()
        find.mutate(idOf(number.trim()))
      }}
    >
      <label>
        {t('promises.try.ticket')}
        <Input value={number} maxLength={20} onChange={({ target }) => setNumber(target.value)} />
      </label>
      <Button htmlType="submit" disabled={number.trim() === ''} loading={find.isPending}>
        {t('promises.try.fill')}
      </Button>
      {find.isError ? <span role="alert">{t('promises.try.missing')}</span> : null}
    </form>
  )
}

/** A ticket that is made up, or the facts of a real one: which policy holds, and what is due when? */
export const PromiseTry = () => {
  const t = useWords()
  const [facts, fill] = useState<Facts>(() => ({
    ...{ kind: 'question', priority: 'normal', channel: 'wechat', tier: '' },
    at: typedAt(new Date(present())),
  }))
  const { data, error } = useTried(useDeferredValue(facts))
  const change = (part: Partial<Facts>): void => fill({ ...facts, ...part })
  return (
    <section aria-label={t('promises.try')} className="health">
      <h2>{t('promises.try')}</h2>
      <FillIn fill={fill} />
      <div className="try">
        <div className="field">
          <span aria-hidden="true">{t('promises.try.kind')}</span>
          <Select
            value={facts.kind}
            aria-label={t('promises.try.kind')}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </div>
        <div className="field">
          <span aria-hidden="true">{t('promises.try.priority')}</span>
          <Select
            value={facts.priority}
            aria-label={t('promises.try.priority')}
            options={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
            onChange={(priority) => change({ priority })}
          />
        </div>
        <div className="field">
          <span aria-hidden="true">{t('promises.try.channel')}</span>
          <Select
            value={facts.channel}
            aria-label={t('promises.try.channel')}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
            onChange={(channel) => change({ channel })}
          />
        </div>
        <label>
          {t('promises.try.tier')}
          <Input
            value={facts.tier}
            maxLength={40}
            onChange={({ target }) => change({ tier: target.value })}
          />
        </label>
        <label>
          {t('promises.try.at')}
          <Input
            type="datetime-local"
            value={facts.at}
            onChange={({ target }) => change({ at: target.value })}
          />
        </label>
      </div>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : <Answer tried={data} />}
    </section>
  )
}
