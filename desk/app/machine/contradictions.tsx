import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Empty from 'antd/es/empty'
import Segmented from 'antd/es/segmented'
import Skeleton from 'antd/es/skeleton'
import { useEffect, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { knowledgeKey, once, onceAt } from '../knowledge/use-knowledge.ts'
import { useWords } from '../words/machine.ts'
import { explainMachine } from './explain.ts'
import { MachineMade } from './made.tsx'
import { textName } from './text-name.ts'

type Contradiction = Schemas['Contradiction']
type Check = Schemas['ContradictionCheck']

const states = ['open', 'dismissed'] as const
type State = (typeof states)[number]
const lookEveryMs = 2_000

const isUnderWay = (check: Check | undefined): boolean =>
  check?.state === 'waiting' || check?.state === 'running'

const useCheck = () =>
  useQuery({
    queryKey: knowledgeKey('contradiction-check'),
    queryFn: ({ signal }) => answerOf(v1.GET('/knowledge/contradiction-check', { signal })),
    refetchInterval: ({ state: { data } }) => (isUnderWay(data) ? lookEveryMs : false),
  })

const useContradictions = (state: State, found: number) =>
  useQuery({
    // What is found while somebody looks on joins the list.
    queryKey: knowledgeKey('contradictions', state, found),
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/knowledge/contradictions', { params: { query: { state } }, signal }))).data,
    placeholderData: (before) => before,
  })

/** How far the look at all articles is, and the way to begin it or to go on. */
const Progress = ({ check }: { readonly check: Check }) => {
  const t = useWords()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => answerOf(v1.POST('/knowledge/contradiction-check', { params: once() })),
    onSuccess: (started) => {
      client.setQueryData(knowledgeKey('contradiction-check'), started)
    },
  })
  const { state, why, judged, pairs, found } = check
  const label = state === 'none' ? 'start' : state === 'paused' || state === 'failed' ? 'on' : 'again'
  return (
    <div className="actions">
      <Button
        loading={start.isPending}
        disabled={isUnderWay(check)}
        onClick={() => {
          start.mutate()
        }}
      >
        {t(`contradictions.${label}`)}
      </Button>
      <span role="status">
        {t(`contradictions.state.${state}`, { judged, pairs, found })}
        {why === undefined ? '' : ` ${t(`contradictions.why.${why}`)}`}
      </span>
      {start.error === null ? null : <p role="alert">{explainMachine(start.error, t)}</p>}
    </div>
  )
}

const Place = ({ place }: { readonly place: Contradiction['first'] }) => {
  const t = useWords()
  return (
    <div>
      <Link to="/knowledge/articles/$articleId" params={{ articleId: place.articleId }}>
        <bdi>{place.question}</bdi>
      </Link>{' '}
      <span className="chip">{textName(place.in, t)}</span>
      <p className="note-line words" dir="auto">
        {place.quote}
      </p>
    </div>
  )
}

const One = ({ found }: { readonly found: Contradiction }) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  const act = found.state === 'open' ? 'dismiss' : 'reopen'
  const settle = useMutation({
    mutationFn: () => {
      const params = { path: { id: found.id }, header: onceAt(found.version) }
      return act === 'dismiss'
        ? answerOf(v1.POST('/knowledge/contradictions/{id}/dismiss', { params }))
        : answerOf(v1.POST('/knowledge/contradictions/{id}/reopen', { params }))
    },
    onError: (error) => void message.error(explainMachine(error, t)),
    onSettled: () => client.invalidateQueries({ queryKey: knowledgeKey('contradictions') }),
  })
  return (
    <article className="contradiction">
      <h3>
        <bdi>{found.why === '' ? found.first.question : found.why}</bdi> <MachineMade model={found.model} />
      </h3>
      <div className="columns">
        <Place place={found.first} />
        <Place place={found.second} />
      </div>
      <Button size="small" loading={settle.isPending} onClick={() => settle.mutate()}>
        {t(`contradictions.${act}`)}
      </Button>
    </article>
  )
}

const Pair = ({ pair: { first, second, why } }: { readonly pair: Schemas['UncheckedPair'] }) => {
  const t = useWords()
  const articles = first.articleId === second.articleId ? [first] : [first, second]
  return (
    <li>
      {articles.map(({ articleId, question }, place) => (
        <span key={articleId}>
          {place === 0 ? null : ' · '}
          <Link to="/knowledge/articles/$articleId" params={{ articleId }}>
            <bdi>{question}</bdi>
          </Link>
        </span>
      ))}{' '}
      <span className="quiet">{t(`contradictions.unchecked.why.${why}`)}</span>
    </li>
  )
}

/** Pairs that the model would not compare, and the way to have it try once more. */
const Unchecked = ({ check }: { readonly check: Check }) => {
  const t = useWords()
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: knowledgeKey('contradictions', 'unchecked', check.state),
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/knowledge/unchecked-pairs', { signal }))).data,
    placeholderData: (before) => before,
  })
  const retry = useMutation({
    mutationFn: () => answerOf(v1.POST('/knowledge/unchecked-pairs/retry', { params: once() })),
    onSuccess: (started) => {
      client.setQueryData(knowledgeKey('contradiction-check'), started)
    },
  })
  if (data === undefined || data.length === 0) return null
  return (
    <details>
      <summary>{t('contradictions.unchecked', { n: data.length })}</summary>
      <p className="quiet">{t('contradictions.unchecked.about')}</p>
      <ul className="addresses">
        {data.map((pair) => (
          <Pair key={`${pair.first.articleId} ${pair.second.articleId}`} pair={pair} />
        ))}
      </ul>
      <Button
        size="small"
        loading={retry.isPending}
        disabled={isUnderWay(check)}
        onClick={() => {
          retry.mutate()
        }}
      >
        {t('contradictions.unchecked.retry')}
      </Button>
      {retry.error === null ? null : <p role="alert">{explainMachine(retry.error, t)}</p>}
    </details>
  )
}

/** Articles that contradict each other, as a language model found them. */
export const Contradictions = () => {
  const t = useWords()
  const [state, setState] = useState<State>('open')
  const client = useQueryClient()
  const { data: check, error: faultOfCheck } = useCheck()
  const { data, error } = useContradictions(state, check?.found ?? 0)
  const over = check !== undefined && !isUnderWay(check)
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: knowledgeKey('contradictions') })
  }, [client, over])
  const fault = error ?? faultOfCheck
  if (fault !== null) return <p role="alert">{explainMachine(fault, t)}</p>
  if (data === undefined || check === undefined) return <Skeleton active />
  return (
    <section aria-labelledby="contradictions">
      <header className="page-head">
        <h2 id="contradictions">{t('contradictions')}</h2>
        <MachineMade />
        <Segmented<State>
          value={state}
          options={states.map((one) => ({ value: one, label: t(`contradictions.${one}`) }))}
          onChange={setState}
        />
      </header>
      <p className="quiet">{t('contradictions.about')}</p>
      <Progress check={check} />
      <Unchecked check={check} />
      {data.map((found) => (
        <One key={found.id} found={found} />
      ))}
      {data.length > 0 ? null : state === 'dismissed' ? (
        <Empty description={t('contradictions.none.dismissed')} />
      ) : // Before all were compared nobody knows that there is none.
      check.state === 'done' ? (
        <Empty description={t('contradictions.none')} />
      ) : null}
    </section>
  )
}
