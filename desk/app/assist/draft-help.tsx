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

interface ProposalProps {
  readonly written: Written
  readonly place: DraftPlace
  /** It was taken over, in place of the draft that is given back, or thrown away. */
  readonly close: (before?: string) => void
}

/** What a machine wrote, beside the draft: it becomes one only when somebody says so. */
const Proposal = ({ written: { text: first, sources, model }, place, close }: ProposalProps) => {
  const t = useWords()
  const [text, setText] = useState(first)
  const hasDraft = useDraft(place).text.trim() !== ''
  const take = (how: 'replace' | 'append'): void => {
    const before = draftAt(place).text
    changeDraft(place, ({ files }) => ({
      text: how === 'append' && before.trim() !== '' ? `${before}\n${text}` : text,
      files,
    }))
    close(before)
    run('reply')
  }
  return (
    <section aria-label={t('assist.made')}>
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
        <Button size="small" type="primary" onClick={() => take('replace')}>
          {t(hasDraft ? 'assist.replace' : 'assist.put')}
        </Button>
        {hasDraft ? (
          <Button size="small" onClick={() => take('append')}>
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
}

const ask = async (id: string, draft: string, wish: Wish) => {
  if (wish.what === 'reply') return assist.reply(id)
  const assisted = await assist.rewrite(id, draft, wish.how)
  return 'refused' in assisted ? assisted : { ...assisted, made: { ...assisted.made, sources: [] } }
}

/** What was taken over can be given back for as long as it stands as it was put. */
const Restore = ({
  place,
  before,
  done,
}: { readonly before: string; readonly done: () => void } & DraftHelpProps) => {
  const t = useWords()
  return (
    <p role="status" className="quiet">
      {t('assist.filled')}{' '}
      {before === '' ? null : (
        <Button
          size="small"
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

const Help = ({ detail, place }: DraftHelpProps) => {
  const t = useWords()
  const { id } = detail.ticket
  const [before, setBefore] = useState<string>()
  const { text } = useDraft(place)
  const isEmpty = text.trim() === ''
  const { mutate, reset, data, error, isPending, variables } = useMutation({
    mutationFn: (wish: Wish) => ask(id, text, wish),
  })
  const want = (wish: Wish): void => {
    setBefore(undefined)
    mutate(wish)
  }
  const busy = (wish: Wish['what']): boolean => isPending && variables.what === wish
  return (
    <div role="group" aria-label={t('assist')} aria-busy={isPending}>
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
          place={place}
          close={(old) => {
            reset()
            setBefore(old)
          }}
        />
      )}
      {before === undefined ? null : (
        <Restore {...{ detail, place, before }} done={() => setBefore(undefined)} />
      )}
    </div>
  )
}

/** Has a reply or a draft written by a machine. It is put into the field by a person, and sent by one. */
export const DraftHelp = ({ detail, place }: DraftHelpProps) => (
  <Help key={detail.ticket.id} detail={detail} place={place} />
)
