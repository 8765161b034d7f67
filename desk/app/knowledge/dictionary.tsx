import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import Table from 'antd/es/table'
import { useDeferredValue, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/knowledge.ts'
import { knowledgeKey } from './use-knowledge.ts'

type Entry = Schemas['Dictionary']['data'][number]
type Kind = Entry['kind']

const kinds = ['word', 'typo', 'abbreviation', 'slang', 'mood', 'concept'] as const
const limit = 200

const useDictionary = (text: string, kind: Kind | 'all') =>
  useQuery({
    queryKey: knowledgeKey('dictionary', text, kind),
    queryFn: ({ signal }) => {
      const query = { limit, ...(text === '' ? {} : { text }), ...(kind === 'all' ? {} : { kind }) }
      return answerOf(v1.GET('/knowledge/dictionary', { params: { query }, signal }))
    },
    placeholderData: (before) => before,
  })

/** The words that messages are read with, found by what they are, mean, or sound like. */
export const Dictionary = () => {
  const t = useWords()
  const [typed, type] = useState('')
  const [kind, setKind] = useState<Kind | 'all'>('all')
  const { data, error, isPending } = useDictionary(useDeferredValue(typed.trim()), kind)
  const entries = data?.data ?? []
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.dictionary')}</h1>
        <Input
          value={typed}
          allowClear
          maxLength={40}
          aria-label={t('dictionary.search')}
          placeholder={t('dictionary.search')}
          onChange={({ target }) => type(target.value)}
        />
        <Select<Kind | 'all'>
          value={kind}
          aria-label={t('dictionary.kind')}
          popupMatchSelectWidth={false}
          options={[
            { value: 'all', label: t('dictionary.kind.all') },
            ...kinds.map((value) => ({ value, label: t(`dictionary.kind.${value}`) })),
          ]}
          onChange={setKind}
        />
      </header>
      <p className="quiet">{t('dictionary.about')}</p>
      <p role="status">
        {data === undefined ? '' : t('dictionary.count', { of: data.of, n: entries.length })}
      </p>
      <Table<Entry>
        size="small"
        rowKey={({ kind: own, term }) => `${own} ${term}`}
        dataSource={[...entries]}
        loading={isPending}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        locale={{ emptyText: error === null ? t('dictionary.none') : explain(error, t) }}
        columns={[
          { title: t('dictionary.term'), width: 160, render: (_, { term }) => <bdi>{term}</bdi> },
          { title: t('dictionary.pinyin'), width: 160, dataIndex: 'pinyin' },
          {
            title: t('dictionary.kind'),
            width: 120,
            render: (_, { kind: own }) => t(`dictionary.kind.${own}`),
          },
          { title: t('dictionary.means'), render: (_, { means }) => <bdi>{means.join('、')}</bdi> },
          { title: t('dictionary.file'), width: 190, render: (_, { file }) => <code>{file}</code> },
        ]}
      />
    </>
  )
}
