import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Spin from 'antd/es/spin'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime } from '../shell/time.ts'
import { isWord } from '../words/index.ts'
import { useWords, type Translate } from '../words/reports.ts'

type Message = Schemas['Message']
type Part = Message['parts'][number]

const textOfPart = (part: Part, t: Translate): string => {
  if (part.kind === 'text') return part.text
  if (part.kind === 'choices') return [part.prompt, ...part.choices.map(({ label }) => label)].join('\n')
  if (part.kind === 'link') return part.title ?? part.url
  const name = `part.${part.kind}`
  return `[${isWord(name) ? t(name) : part.kind}]`
}

const pageSize = 100

/** What was said in a conversation, for who looks into a number; nothing can be written here. */
export const Conversation = ({ id }: { readonly id: string }) => {
  const t = useWords()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['reports', 'conversation', id],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: pageSize, ...(pageParam === undefined ? {} : { cursor: pageParam }) }
      return answerOf(v1.GET('/conversations/{id}/messages', { params: { path: { id }, query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  })
  const messages = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {isPending ? <Spin /> : null}
      <ol className="entries">
        {messages.map(({ id: messageId, author, agentName, createdAt, parts }) => (
          <li key={messageId}>
            <time dateTime={createdAt}>{exactTime(createdAt)}</time>
            <strong>{agentName ?? t(`author.${author}`)}</strong>
            <bdi className="said">{parts.map((part) => textOfPart(part, t)).join('\n')}</bdi>
          </li>
        ))}
      </ol>
      {hasNextPage ? (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}
