import { useQuery } from '@tanstack/react-query'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import Table from 'antd/es/table'
import { useDeferredValue, useState } from 'react'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { isWord } from '../words/index.ts'
import { useWords } from '../words/knowledge.ts'
import { knowledgeKey } from './use-knowledge.ts'

type Persona = Schemas['Persona']
type Faces = Persona['stickers'][number]
type Tone = Schemas['Tones']['data'][number]

const channels = ['wechat', 'wecom', 'weibo', 'email', 'web', 'telegram', 'wechaty'] as const
type Channel = (typeof channels)[number]

const namesOf = ({ name, brand, nameEn, brandEn }: Persona) => ({ name, brand, nameEn, brandEn })

const Shown = ({ faces }: { readonly faces: readonly string[] }) => {
  const t = useWords()
  return faces.length === 0 ? (
    <span className="quiet">{t('persona.faces.none')}</span>
  ) : (
    <bdi>{faces.join(' ')}</bdi>
  )
}

const Stickers = ({ stickers }: Pick<Persona, 'stickers'>) => {
  const t = useWords()
  const nameOf = (channel: string): string => {
    const key = `channel.${channel}`
    return channel === 'default' ? t('persona.faces.default') : isWord(key) ? t(key) : channel
  }
  return (
    <section aria-label={t('persona.faces')} className="health">
      <h2>{t('persona.faces')}</h2>
      <p className="quiet">{t('persona.faces.about')}</p>
      <Table<Faces>
        size="small"
        rowKey="channel"
        dataSource={[...stickers]}
        pagination={false}
        columns={[
          { title: t('persona.try.channel'), render: (_, { channel }) => nameOf(channel) },
          { title: t('persona.faces.hello'), render: (_, { hello }) => <Shown faces={hello} /> },
          { title: t('persona.faces.answer'), render: (_, { answer }) => <Shown faces={answer} /> },
          { title: t('persona.faces.ask'), render: (_, { ask }) => <Shown faces={ask} /> },
        ]}
      />
    </section>
  )
}

/** Whether both tones tell the same facts. */
const Sameness = ({ tones }: { readonly tones: readonly Tone[] }) => {
  const t = useWords()
  const [id, ...others] = new Set(tones.map(({ articleId }) => articleId))
  if (others.length > 0) return <p role="alert">{t('persona.differs')}</p>
  return <p role="status">{id === undefined ? t('persona.no-article') : t('persona.same', { id })}</p>
}

const Trying = () => {
  const t = useWords()
  const [typed, type] = useState(t('persona.try.example'))
  const [channel, choose] = useState<Channel>('wechat')
  const text = useDeferredValue(typed.trim())
  const { data, error } = useQuery({
    queryKey: knowledgeKey('tones', text, channel),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/tones', { params: { query: { text, channel } }, signal })),
    enabled: text !== '',
    placeholderData: (before) => before,
  })
  return (
    <section aria-label={t('persona.try')} className="health">
      <h2>{t('persona.try')}</h2>
      <div className="try">
        <label>
          {t('persona.try.text')}
          <Input value={typed} maxLength={500} onChange={({ target }) => type(target.value)} />
        </label>
        <div className="field">
          <span aria-hidden="true">{t('persona.try.channel')}</span>
          <Select<Channel>
            value={channel}
            aria-label={t('persona.try.channel')}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
            onChange={choose}
          />
        </div>
      </div>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <>
          <div className="cards">
            {data.data.map(({ tone, isInForce, reply }) => (
              <section key={tone} className="card" aria-label={t(`persona.tone.${tone}`)}>
                <h3>
                  {t(`persona.tone.${tone}`)}{' '}
                  {isInForce ? <span className="chip due-done">{t('persona.in-force')}</span> : null}
                </h3>
                <p className="said">{reply}</p>
              </section>
            ))}
          </div>
          <Sameness tones={data.data} />
        </>
      )}
    </section>
  )
}

/** Who speaks, with which faces, and what an answer sounds like in each tone. */
export const PersonaPage = () => {
  const t = useWords()
  const { data, error } = useQuery({
    queryKey: knowledgeKey('persona'),
    queryFn: ({ signal }) => answerOf(v1.GET('/knowledge/persona', { signal })),
  })
  return (
    <>
      <header className="page-head">
        <h1>{t('knowledge.persona')}</h1>
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {data === undefined ? null : (
        <dl className="facts">
          <dt>{t('persona.who')}</dt>
          <dd>{t('persona.names', namesOf(data))}</dd>
          <dt>{t('persona.tone')}</dt>
          <dd>{t(`persona.tone.${data.tone}`)}</dd>
        </dl>
      )}
      <p className="quiet">{t('persona.where')}</p>
      <Trying />
      {data === undefined ? null : <Stickers stickers={data.stickers} />}
    </>
  )
}
