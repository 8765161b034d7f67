import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import Spin from 'antd/es/spin'
import { useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { isWord, useLanguage } from '../words/index.ts'
import { useWords } from '../words/reports.ts'
import { Conversation } from './conversation.tsx'
import { textOf } from './number.tsx'
import type { Opened, ReportName } from './types.ts'
import { useSpan } from './use-span.ts'

type Entry = Schemas['ReportEntry']

const pageSize = 50

const useEntries = (report: ReportName, { metric, section, key }: Opened) => {
  const { span } = useSpan()
  const language = useLanguage((state) => state.language)
  return useInfiniteQuery({
    queryKey: ['reports', 'entries', report, metric, section, key, span, language],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        ...{ ...span, report, metric, limit: pageSize },
        ...(section === undefined ? {} : { section }),
        ...(key === undefined ? {} : { key }),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }
      return answerOf(v1.GET('/reports/entries', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  })
}

interface EntryLineProps {
  readonly entry: Entry
  readonly read: (conversationId: string) => void
}

const EntryLine = ({
  entry: { at, channel, conversationId, ticket, name, seconds },
  read,
}: EntryLineProps) => {
  const t = useWords()
  const { may } = useSession()
  const channelKey = `channel.${channel ?? ''}`
  return (
    <li>
      <time dateTime={at}>{exactTime(at)}</time>
      {channel === undefined ? null : <span>{isWord(channelKey) ? t(channelKey) : channel}</span>}
      {name === undefined ? null : <bdi>{name}</bdi>}
      {seconds === undefined ? null : <span>{textOf(seconds, 'seconds', t)}</span>}
      {ticket === undefined ? null : (
        <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId: ticket.id }}>
          T-{ticket.number}
        </Link>
      )}
      {conversationId === undefined || !may('ticket.read') ? null : (
        <Button type="link" size="small" onClick={() => read(conversationId)}>
          {t('reports.conversation')}
        </Button>
      )}
    </li>
  )
}

interface EntriesProps {
  readonly report: ReportName
  readonly opened: Opened
  readonly close: () => void
}

/** What a number counts, each with the way to it. */
export const Entries = ({ report, opened, close }: EntriesProps) => {
  const t = useWords()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useEntries(
    report,
    opened,
  )
  const [reading, setReading] = useState<string>()
  const entries = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <Drawer open title={opened.name} size="large" onClose={close}>
      {reading === undefined ? (
        <>
          {error === null ? null : <p role="alert">{explain(error, t)}</p>}
          {isPending ? <Spin /> : null}
          {data !== undefined && entries.length === 0 ? <p>{t('reports.entries.none')}</p> : null}
          <ol className="entries">
            {entries.map((entry) => (
              <EntryLine key={`${entry.id} ${entry.at}`} entry={entry} read={setReading} />
            ))}
          </ol>
          {hasNextPage ? (
            <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('more')}
            </Button>
          ) : null}
        </>
      ) : (
        <>
          <Button onClick={() => setReading(undefined)}>{t('reports.back')}</Button>
          <Conversation id={reading} />
        </>
      )}
    </Drawer>
  )
}
