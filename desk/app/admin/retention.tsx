import Table from 'antd/es/table'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { isAdminWord, useWords, type WordKey } from '../words/admin.ts'
import { useAdmin } from './use-admin.ts'

type Kept = Schemas['RetentionInForce']

interface Row {
  readonly name: WordKey
  readonly kept: string
  readonly then: WordKey
}

const useRows = ({ days, auditDays, exportHours }: Kept): readonly Row[] => {
  const t = useWords()
  const spanOf = (n = 0): string => (n === 0 ? t('retention.forever') : t('retention.days', { n }))
  const kinds = [
    ['messages', 'retention.then.messages'],
    ['tickets', 'retention.then.numbers'],
    ['complaints', 'retention.then.numbers'],
    ['questions', 'retention.then.removed'],
    ['suggestions', 'retention.then.removed'],
    ['drafts', 'retention.then.removed'],
    ['invitations', 'retention.then.removed'],
  ] as const
  return [
    ...kinds.map(([kind, then]) => ({
      name: `retention.${kind}` as const,
      kept: spanOf(days[kind]),
      then,
    })),
    { name: 'retention.audit', kept: spanOf(auditDays), then: 'retention.then.removed' },
    {
      name: 'retention.exports',
      kept: t('retention.hours', { n: exportHours }),
      then: 'retention.then.removed',
    },
  ]
}

const Rules = ({ kept }: { readonly kept: Kept }) => {
  const t = useWords()
  const rows = useRows(kept)
  const masked = kept.masked.map((kind) => {
    const key = `masked.${kind}`
    return isAdminWord(key) ? t(key) : kind
  })
  return (
    <>
      <Table<Row>
        size="small"
        rowKey="name"
        dataSource={[...rows]}
        pagination={false}
        columns={[
          { title: t('retention.kind'), render: (_, { name }) => t(name) },
          { title: t('retention.kept'), dataIndex: 'kept' },
          { title: t('retention.then'), render: (_, { then }) => t(then) },
        ]}
      />
      <p>
        {kept.lastRunAt === undefined
          ? t('retention.last.never')
          : t('retention.last', { at: exactTime(kept.lastRunAt) })}{' '}
        {t('retention.held')}
      </p>
      <p>
        {masked.length === 0
          ? t('retention.masked.none')
          : t('retention.masked', { kinds: masked.join(', ') })}
      </p>
    </>
  )
}

/** How long what is kept, and what becomes of it then. */
export const Retention = () => {
  const t = useWords()
  const { data, error } = useAdmin(['retention'], (signal) => answerOf(v1.GET('/retention', { signal })))
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.retention')}</h1>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : <Rules kept={data} />}
      <p className="quiet">{t('settings.where', { key: 'privacy', doc: 'docs/privacy.md' })}</p>
    </>
  )
}
