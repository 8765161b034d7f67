import { useQuery } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Table from 'antd/es/table'
import { useDeferredValue, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useLanguage } from '../words/index.ts'
import { isKnowledgeWord, useWords } from '../words/knowledge.ts'
import { Confusions } from './confusions.tsx'
import { knowledgeKey } from './use-knowledge.ts'

type Intent = Schemas['Intent']
type Detail = Schemas['IntentDetail']

/** Below so many, an intent is easily mistaken. */
const few = 10

/** As Rasa's `nlu.yml` has it, which the files of intents read too. */
const asRasa = ({ intent, examples }: Detail): string =>
  [`- intent: ${intent}`, '  examples: |', ...examples.map((text) => `    - ${text}`), ''].join('\n')

const Examples = ({ name }: { readonly name: string }) => {
  const t = useWords()
  const { message } = App.useApp()
  const { data, error } = useQuery({
    queryKey: knowledgeKey('intents', name),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/intents/{intent}', { params: { path: { intent: name } }, signal })),
  })
  if (error !== null) return <p role="alert">{explain(error, t)}</p>
  if (data === undefined) return null
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(asRasa(data))
    void message.success(t('intents.copied', { n: data.examples.length }))
  }
  return (
    <>
      <Button size="small" onClick={() => void copy()}>
        {t('intents.copy')}
      </Button>
      <ul className="days">
        {data.examples.map((text) => (
          <li key={text}>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
      {data.replies.standard.length === 0 ? null : (
        <>
          <h3>{t('intents.replies')}</h3>
          <ul className="concerns">
            {data.replies.standard.map((text) => (
              <li key={text}>
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const useIntents = (typed: string) => {
  const language = useLanguage((state) => state.language)
  const { data, error, isPending } = useQuery({
    queryKey: knowledgeKey('intents'),
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/knowledge/intents', { signal }))).data,
  })
  const wanted = typed.trim().toLowerCase()
  const rows = (data ?? []).filter(({ intent, topicName }) =>
    [intent, topicName.zh, topicName.en].some((text) => text.toLowerCase().includes(wanted)),
  )
  return { rows, error, isPending, nameOf: ({ topicName }: Intent) => topicName[language] }
}

/** What can be understood, from which sentences, and what is confused. */
export const Intents = () => {
  const t = useWords()
  const [typed, type] = useState('')
  const { rows, error, isPending, nameOf } = useIntents(useDeferredValue(typed))
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.intents')}</h1>
        <Input
          value={typed}
          allowClear
          aria-label={t('intents.search')}
          placeholder={t('intents.search')}
          onChange={({ target }) => type(target.value)}
        />
      </header>
      <p className="quiet">{t('intents.about')}</p>
      <Table<Intent>
        size="small"
        rowKey="intent"
        dataSource={rows}
        loading={isPending}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        locale={{ emptyText: error === null ? t('intents.none') : explain(error, t) }}
        expandable={{ expandedRowRender: ({ intent }) => <Examples name={intent} /> }}
        columns={[
          { title: t('intents.topic'), render: (_, intent) => nameOf(intent) },
          { title: t('intents.name'), render: (_, { intent }) => <code>{intent}</code> },
          {
            title: t('intents.handling'),
            width: 140,
            render: (_, { handling }) => {
              const key = `intents.handling.${handling}`
              return isKnowledgeWord(key) ? t(key) : handling
            },
          },
          {
            title: t('intents.examples'),
            width: 160,
            render: (_, { examples }) => (
              <>
                {examples} {examples < few ? <p className="delivery">⚠ {t('intents.examples.few')}</p> : null}
              </>
            ),
          },
        ]}
      />
      <Confusions />
    </>
  )
}
