import Table from 'antd/es/table'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { isWord, type AnyTranslate } from '../words/index.ts'
import { useWords, type WordKey } from '../words/admin.ts'
import { PromiseTry } from './promise-try.tsx'
import { countedWords } from './promise-words.ts'
import { useAdmin } from './use-admin.ts'

type Promises = Schemas['PromisesInForce']
type Policy = Promises['policies'][number]
type Told = Promises['warn']
type T = AnyTranslate<WordKey>

const nobody = { kinds: [], priorities: [], channels: [], tiers: [] }

/** A word of the server in words of this page, where it has some. */
const named = (prefix: 'kind' | 'priority' | 'channel', names: readonly string[], t: T): string =>
  names
    .map((name) => {
      const key = `${prefix}.${name}`
      return isWord(key) ? t(key) : name
    })
    .join('/')

const whenWords = ({ kinds, priorities, channels, tiers }: Policy['when'], t: T): string =>
  [
    named('kind', kinds, t),
    named('priority', priorities, t),
    named('channel', channels, t),
    tiers.length === 0 ? '' : t('promises.tier', { tiers: tiers.join('/') }),
  ]
    .filter((words) => words !== '')
    .join(' · ') || t('promises.any')

const toldWords = ({ tell, robots }: Told, t: T): string =>
  [
    ...tell.map((one) =>
      one === 'assignee' || one === 'lead' || one === 'supervisor' ? t(`promises.audience.${one}`) : one,
    ),
    ...robots.map((name) => t('promises.robot', { name })),
  ].join(', ') || t('promises.nobody')

const Policies = ({ promises: { policies, otherwise } }: { readonly promises: Promises }) => {
  const t = useWords()
  const rows: readonly Policy[] = [...policies, { name: 'otherwise', when: nobody, ...otherwise }]
  return (
    <Table<Policy>
      size="small"
      rowKey="name"
      dataSource={[...rows]}
      pagination={false}
      columns={[
        {
          title: t('promises.policy'),
          render: (_, { name }) => (name === 'otherwise' ? t('promises.otherwise') : <bdi>{name}</bdi>),
        },
        { title: t('promises.when'), render: (_, { when }) => whenWords(when, t) },
        {
          title: t('promises.first'),
          width: 100,
          render: (_, { firstReplyHours: n }) => t('promises.hours', { n }),
        },
        {
          title: t('promises.next'),
          width: 100,
          render: (_, { nextReplyHours: n }) => t('promises.hours', { n }),
        },
        {
          title: t('promises.resolution'),
          width: 100,
          render: (_, { resolutionHours: n }) => t('promises.hours', { n }),
        },
        { title: t('promises.counted'), render: (_, { calendar }) => countedWords(calendar, t) },
      ]}
    />
  )
}

const Alarms = ({ promises: { warn, chain } }: { readonly promises: Promises }) => {
  const t = useWords()
  return (
    <section aria-label={t('promises.alarms')} className="health">
      <h2>{t('promises.alarms')}</h2>
      <dl className="facts">
        <dt>{t('promises.warn')}</dt>
        <dd>{toldWords(warn, t)}</dd>
        {chain.map(({ afterMinutes: n, ...told }) => (
          <div key={n} className="fact">
            <dt>{n === 0 ? t('promises.broken.now') : t('promises.broken', { n })}</dt>
            <dd>{toldWords(told, t)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** What contacts are promised, who hears when it is not kept, and trying it on a ticket. */
export const PromisePolicies = () => {
  const t = useWords()
  const { data, error } = useAdmin(['promises'], (signal) => answerOf(v1.GET('/promises', { signal })))
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.promises')}</h1>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <>
          <p>{t('promises.about')}</p>
          <Policies promises={data} />
          <Alarms promises={data} />
          <p>{t('promises.people', { name: data.peopleCalendar })}</p>
          <p className="quiet">{t('settings.where', { key: 'promises', doc: 'docs/promises.md' })}</p>
        </>
      )}
      <PromiseTry />
    </>
  )
}
