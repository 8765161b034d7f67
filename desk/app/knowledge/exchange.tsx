import Button from 'antd/es/button'
import Table from 'antd/es/table'
import { useRef, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/knowledge.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { Fields } from './diff.tsx'
import { once, useKnowledgeAct } from './use-knowledge.ts'

type Import = Schemas['KnowledgeImport']
type Row = Import['rows'][number]

const formats = ['xlsx', 'csv', 'markdown'] as const
type Format = (typeof formats)[number]

const formatOf = (name: string): Format =>
  /\.csv$/i.test(name) ? 'csv' : /\.(zip|md)$/i.test(name) ? 'markdown' : 'xlsx'

/** A file as base64; read by the browser, which does it in one piece. */
const readBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const { result } = reader
      resolve(typeof result === 'string' ? result.slice(result.indexOf(',') + 1) : '')
    }
    reader.onerror = () => {
      reject(reader.error ?? new Error('the file cannot be read'))
    }
    reader.readAsDataURL(file)
  })

const Faults = ({ faults }: Pick<Row, 'faults'>) => (
  <ul className="addresses">
    {faults.map(({ column, problem, fix }) => (
      <li key={`${column} ${problem}`} className="delivery bad">
        {column}: {problem} <span className="quiet">{fix}</span>
      </li>
    ))}
  </ul>
)

const Rows = ({ read }: { readonly read: Import }) => {
  const t = useWords()
  return (
    <Table<Row>
      size="small"
      rowKey="row"
      dataSource={read.rows.filter(({ does }) => does !== 'same')}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      columns={[
        { title: t('exchange.row'), dataIndex: 'row', width: 90 },
        { title: '', width: 90, render: (_, { does }) => t(`exchange.does.${does}`) },
        { title: 'ID', dataIndex: 'articleId', width: 200 },
        {
          title: '',
          render: (_, { fields, faults }) => (
            <>
              <Fields fields={fields} />
              <Faults faults={faults} />
            </>
          ),
        },
      ]}
    />
  )
}

/** What a read file would do, cell by cell, and doing it. */
const Preview = ({ read, changed }: { readonly read: Import; readonly changed: (next: Import) => void }) => {
  const t = useWords()
  const [isAsking, setAsking] = useState(false)
  const path = { id: read.id }
  const apply = useKnowledgeAct((reason: string) =>
    answerOf(v1.POST('/knowledge/imports/{id}/apply', { params: { path, ...once() }, body: { reason } })),
  )
  const undo = useKnowledgeAct(() =>
    answerOf(v1.POST('/knowledge/imports/{id}/undo', { params: { path, ...once() } })),
  )
  return (
    <section aria-label={read.name}>
      <h2>
        <bdi>{read.name}</bdi>
      </h2>
      <p role="status">
        {read.state === 'applied'
          ? t('exchange.applied', { n: read.draftIds.length })
          : read.state === 'undone'
            ? t('exchange.undone')
            : t('exchange.counts', read.counts)}
      </p>
      <div className="actions">
        {read.state === 'read' ? (
          <Button type="primary" disabled={read.counts.faulty > 0} onClick={() => setAsking(true)}>
            {t('exchange.apply')}
          </Button>
        ) : null}
        {read.state === 'applied' ? (
          <Button loading={undo.isPending} onClick={() => undo.mutate(undefined, { onSuccess: changed })}>
            {t('exchange.undo')}
          </Button>
        ) : null}
      </div>
      <Rows read={read} />
      {isAsking ? (
        <AskWords
          title={t('exchange.apply')}
          label={t('exchange.reason')}
          ok={t('exchange.apply')}
          pending={apply.isPending}
          close={() => setAsking(false)}
          finish={(reason) => {
            apply.mutate(reason, {
              onSuccess: (next) => {
                setAsking(false)
                changed(next)
              },
            })
          }}
        />
      ) : null}
    </section>
  )
}

/** Articles out to a sheet and back. */
export const Exchange = () => {
  const t = useWords()
  const { may } = useSession()
  const picker = useRef<HTMLInputElement>(null)
  const [read, setRead] = useState<Import>()
  const take = useKnowledgeAct(async (file: File) => {
    const body = { format: formatOf(file.name), name: file.name.slice(-200), data: await readBase64(file) }
    return answerOf(v1.POST('/knowledge/imports', { params: once(), body }))
  })
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.exchange')}</h1>
      </header>
      <p>{t('exchange.hint')}</p>
      <div className="actions">
        {formats.map((format) => (
          <Button key={format} href={`/api/v1/knowledge/export?format=${format}`}>
            {t('exchange.export')} {format.toUpperCase()}
          </Button>
        ))}
        {may('knowledge.edit') ? (
          <Button type="primary" loading={take.isPending} onClick={() => picker.current?.click()}>
            {t('exchange.import')}
          </Button>
        ) : null}
        <input
          ref={picker}
          type="file"
          hidden
          accept=".xlsx,.csv,.zip"
          aria-label={t('exchange.choose')}
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file !== undefined) take.mutate(file, { onSuccess: setRead })
            target.value = ''
          }}
        />
      </div>
      {read === undefined ? null : <Preview read={read} changed={setRead} />}
    </>
  )
}
