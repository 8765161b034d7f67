import { useMutation } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Tabs from 'antd/es/tabs'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { useChannelName } from '../inbox/chips.tsx'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/knowledge.ts'
import { once, type ArticleContent } from './use-knowledge.ts'

type Preview = Schemas['ArticlePreview']

const Label = ({ preview: { channel, inboxId, language } }: { readonly preview: Preview }) => (
  <>
    {useChannelName(channel)} <span className="quiet">{inboxId}</span> {language}
  </>
)

const Messages = ({ preview: { messages, limit } }: { readonly preview: Preview }) => {
  const t = useWords()
  return (
    <div className="stack">
      {messages.map(({ text, bytes, characters }, at) => {
        const n = limit.unit === 'bytes' ? bytes : characters
        return (
          // The pieces of one answer, in their order.
          <div key={at}>
            <p className="bubble words" dir="auto">
              {text}
            </p>
            <span className={n > limit.max ? 'delivery bad' : 'delivery'}>
              {t(`article.${limit.unit}`, { n, max: limit.max })}
            </span>
          </div>
        )
      })}
    </div>
  )
}

/** What each channel makes of an article, and how much of its room that takes. */
export const Previews = ({ read }: { readonly read: () => ArticleContent }) => {
  const t = useWords()
  const preview = useMutation({
    mutationFn: async () =>
      (await answerOf(v1.POST('/knowledge/preview', { params: once(), body: { content: read() } }))).data,
  })
  const { data = [], error } = preview
  return (
    <section aria-label={t('article.preview')}>
      <Button
        loading={preview.isPending}
        onClick={() => {
          preview.mutate()
        }}
      >
        {t('article.preview.show')}
      </Button>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data.length === 0 ? (
        <p className="quiet">{t('article.preview.none')}</p>
      ) : (
        <Tabs
          items={data.map((one) => ({
            key: `${one.inboxId} ${one.language}`,
            label: <Label preview={one} />,
            children: <Messages preview={one} />,
          }))}
        />
      )}
    </section>
  )
}
