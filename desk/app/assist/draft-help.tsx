import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import Input from 'antd/es/input'
import Space from 'antd/es/space'
import { useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { changeDraft, draftAt, useDraft, type DraftPlace } from '../compose/drafts.ts'
import { run } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/assist.ts'
import { assist, tones, type MadeOf, type Tone } from './ask.ts'
import { Fault, MachineMade, Refused } from './outcome.tsx'

type Wish = { readonly what: 'reply' } | { readonly what: 'rewrite'; readonly how: Tone | 'translated' }
type Source = MadeOf<Awaited<ReturnType<typeof assist.reply>>>['sources'][number]

interface Written {
  readonly text: string
  readonly sources: readonly Source[]
  readonly model: string
}

const Sources = ({ sources }: { readonly sources: readonly Source[] }) => {
  const t = useWords()
  const { may } = useSession()
  if (sources.length === 0) return null
  return (
    <p className="quiet">
      {t('assist.sources')}:{' '}
      {sources.map(({ articleId, question }) => (
        <bdi key={articleId}>
          {may('knowledge.read') ? (
            <Link to="/knowledge/articles/$articleId" params={{ articleId }}>
              {question}
            </Link>
          ) : (
            question
          )}{' '}
        </bdi>
      ))}
    </p>
  )
}

/** What was put into the draft, and what stood there before. */
interface Taken {
  readonly text: string
  readonly before: string
}

interface ProposalProps {
  readonly written: Written
  readonly place: DraftPlace
  readonly readOnly: boolean
  /** It was taken over, or thrown away. */
  readonly close: (taken?: Taken) => void
}

/** What a machine wrote, beside the draft: it becomes one only when somebody says so. */
const Proposal = ({ written: { text: first, sources, model }, place, readOnly, close }: ProposalProps) => {
  const t = useWords()
  const [text, setText] = useState(first)
  const hasDraft = useDraft(place).text.trim() !== ''
  const take = (how: 'replace' | 'append'): void => {
    const before = draftAt(place).text
    const put = how === 'append' && before.trim() !== '' ? `${before}\n${text}` : text
    changeDraft(place, ({ files }) => ({ text: put, files }))
    close({ text: put, before })
    run('reply')
  }
  return (
    <section className="assist-rows" aria-label={t('assist.made')}>
      <MachineMade model={model} />
      <Input.TextArea
        value={text}
        rows={3}
        dir="auto"
        aria-label={t('assist.text')}
        onChange={({ target }) => setText(target.value)}
      />
      <Sources sources={sources} />
      <Space wrap>
        <Button size="small" type="primary" disabled={readOnly} onClick={() => take('replace')}>
          {t(hasDraft ? 'assist.replace' : 'assist.put')}
        </Button>
        {hasDraft ? (
          <Button size="small" disabled={readOnly} onClick={() => take('append')}>
            {t('assist.append')}
          </Button>
        ) : null}
        <Button size="small" onClick={() => close()}>
          {t('assist.close')}
        </Button>
      </Space>
    </section>
  )
}

interface DraftHelpProps {
  readonly detail: TicketDetail
  readonly place: DraftPlace
  /** The draft is being sent: what is put into it now would be lost with it. */
  readonly readOnly: boolean
}

const ask = async (id: string, draft: string, wish: Wish) => {
  if (wish.what === 'reply') return assist.reply(id)
  const assisted = await assist.rewrite(id, draft, wish.how)
  return 'refused' in assisted ? assisted : { ...assisted, made: { ...assisted.made, sources: [] } }
}

/** What was taken over can be given back for as long as it stands as it was put. */
const Restore = ({
  place,
  readOnly,
  taken: { text, before },
  done,
}: { readonly taken: Taken; readonly done: () => void } & Omit<DraftHelpProps, 'detail'>) => {
  const t = useWords()
  const now = useDraft(place).text
  if (text === '' || now !== text) return null
  return (
    <p role="status" className="quiet">
      {t('assist.filled')}{' '}
      {before === '' ? null : (
        <Button
          size="small"
          disabled={readOnly}
          onClick={() => {
            changeDraft(place, ({ files }) => ({ text: before, files }))
            done()
            run('reply')
          }}
        >
          {t('assist.restore')}
        </Button>
      )}
    </p>
  )
}

const Help = ({ detail, place, readOnly }: DraftHelpProps) => {
  const t = useWords()
  const { id } = detail.ticket
  const [taken, setTaken] = useState<Taken>()
  const { text } = useDraft(place)
  const isEmpty = text.trim() === ''
  const { mutate, reset, data, error, isPending, variables } = useMutation({
    mutationFn: (wish: Wish) => ask(id, text, wish),
  })
  const want = (wish: Wish): void => {
    setTaken(undefined)
    mutate(wish)
  }
  const busy = (wish: Wish['what']): boolean => isPending && variables.what === wish
  return (
    <div className="assist-rows" role="group" aria-label={t('assist')} aria-busy={isPending}>
      <Space wrap size={4}>
        <Button
          size="small"
          loading={busy('reply')}
          disabled={isPending}
          onClick={() => want({ what: 'reply' })}
        >
          {t('assist.reply')}
        </Button>
        <Dropdown
          trigger={['click']}
          disabled={isEmpty || isPending}
          menu={{
            items: tones.map((how) => ({
              key: how,
              label: t(`assist.tone.${how}`),
              onClick: () => want({ what: 'rewrite', how }),
            })),
          }}
        >
          <Button size="small" loading={busy('rewrite')} title={isEmpty ? t('assist.empty') : undefined}>
            {t('assist.tone')}
          </Button>
        </Dropdown>
        <Button
          size="small"
          disabled={isEmpty || isPending}
          title={isEmpty ? t('assist.empty') : undefined}
          onClick={() => want({ what: 'rewrite', how: 'translated' })}
        >
          {t('assist.translate-draft')}
        </Button>
      </Space>
      {isPending ? <p role="status">{t('assist.working')}</p> : null}
      <Fault error={error} />
      {data === undefined ? null : 'refused' in data ? (
        <Refused refused={data.refused} />
      ) : (
        <Proposal
          key={data.made.text}
          written={{ ...data.made, model: data.model }}
          {...{ place, readOnly }}
          close={(now) => {
            reset()
            setTaken(now)
          }}
        />
      )}
      {taken === undefined ? null : (
        <Restore {...{ place, readOnly, taken }} done={() => setTaken(undefined)} />
      )}
    </div>
  )
}

/** Has a reply or a draft written by a machine. It is put into the field by a person, and sent by one. */
export const DraftHelp = (props: DraftHelpProps) => <Help key={props.detail.ticket.id} {...props} />
