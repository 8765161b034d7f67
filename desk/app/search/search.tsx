import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState, type ReactNode } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { ChannelMark } from '../inbox/chips.tsx'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/index.ts'

type Hit = Schemas['MessageHit']

const pageSize = 30

const useHits = (q: string) =>
  useInfiniteQuery({
    queryKey: ['search', q],
    queryFn: ({ pageParam, signal }) => {
      const query = { q, limit: pageSize, ...(pageParam === undefined ? {} : { cursor: pageParam }) }
      return answerOf(v1.GET('/messages', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: q !== '',
  })

/** A piece of a message with what was found marked. */
const Snippet = ({ snippet: { text, matches, cutBefore, cutAfter } }: Pick<Hit, 'snippet'>) => {
  const pieces: ReactNode[] = []
  let at = 0
  for (const { from, to } of matches) {
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return (
    <p className="words" dir="auto">
      {cutBefore ? '…' : ''}
      {pieces}
      {text.slice(at)}
      {cutAfter ? '…' : ''}
    </p>
  )
}

const Found = ({ hit }: { readonly hit: Hit }) => {
  const t = useWords()
  const { at, channel, contactName, author, ticketId, ticketNumber, snippet } = hit
  return (
    <li className="hit">
      <span className="quiet">
        <ChannelMark channel={channel} /> {exactTime(at)} · <bdi>{contactName || t('author.contact')}</bdi> ·{' '}
        {t(`author.${author}`)}{' '}
      </span>
      {ticketId === undefined ? null : (
        <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId }}>
          T-{ticketNumber}
        </Link>
      )}
      <Snippet snippet={snippet} />
    </li>
  )
}

/** Finds what was said. */
export const Search = () => {
  const t = useWords()
  const [q, setQ] = useState('')
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useHits(q)
  const hits = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t('search')}</h1>
        <Input.Search
          autoFocus
          allowClear
          loading={isFetching}
          aria-label={t('search.label')}
          placeholder={t('search.label')}
          onSearch={(text) => {
            setQ(text.trim())
          }}
        />
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data !== undefined && hits.length === 0 ? <p className="quiet">{t('search.none')}</p> : null}
      <ul className="hits">
        {hits.map((hit) => (
          <Found key={hit.id} hit={hit} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('search.more')}
        </Button>
      ) : null}
    </main>
  )
}
