import { useQuery } from '@tanstack/react-query'
import Table from 'antd/es/table'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/knowledge.ts'
import { knowledgeKey } from './use-knowledge.ts'

type Report = Schemas['Confusions']
type Pair = NonNullable<Report['pairs']>[number]

const lookAgainMs = 2_000

const Pairs = ({ report }: { readonly report: Report }) => {
  const t = useWords()
  const { state, rows = 0, accuracy = 0, pairs = [] } = report
  if (state !== 'done') return <p role="status">{t(`confusions.${state}`)}</p>
  if (rows === 0) return <p>{t('confusions.empty')}</p>
  return (
    <>
      <p role="status">{t('confusions.about', { rows, accuracy: `${(accuracy * 100).toFixed(1)} %` })}</p>
      <Table<Pair>
        size="small"
        rowKey={({ meant, said }) => `${meant} ${said}`}
        dataSource={[...pairs]}
        pagination={false}
        locale={{ emptyText: t('confusions.none') }}
        columns={[
          { title: t('confusions.pair'), dataIndex: 'meant', width: 170 },
          { title: t('confusions.said'), dataIndex: 'said', width: 170 },
          { title: t('confusions.count'), dataIndex: 'count', width: 80 },
          {
            title: t('confusions.sentences'),
            render: (_, { examples }) => (
              <ul className="concerns">
                {examples.map((text) => (
                  <li key={text}>
                    <bdi>{text}</bdi>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </>
  )
}

/** Which topics are taken for each other, with the sentences; asked again while it is measured. */
export const Confusions = () => {
  const t = useWords()
  const { data, error } = useQuery({
    queryKey: knowledgeKey('confusions'),
    queryFn: ({ signal }) => answerOf(v1.GET('/knowledge/confusions', { signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'measuring' ? lookAgainMs : false),
  })
  return (
    <section aria-label={t('confusions.title')} className="health">
      <h2>{t('confusions.title')}</h2>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : <Pairs report={data} />}
    </section>
  )
}
