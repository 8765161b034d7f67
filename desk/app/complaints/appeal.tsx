import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { useSession } from '../shell/session.ts'
import { exactTime, useNow } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/complaint.ts'
import { useCaseAct, useKept, type Case } from './use-case.ts'
import { Why } from './why.tsx'

interface Typed {
  readonly side: 'reporter' | 'reported'
  readonly statement: string
}

const AppealForm = ({ found, close }: { readonly found: Case; readonly close: () => void }) => {
  const t = useWords()
  const [typed, type, clear] = useKept<Typed>(`${found.id}.appeal`, { side: 'reporter', statement: '' })
  const appeal = useCaseAct(found, 'done.appealed', (params, { side, statement }: Typed) =>
    answerOf(v1.POST('/complaints/{id}/appeal', { params, body: { side, statement: statement.trim() } })),
  )
  // What was written is kept, and stands here again when the dialog is opened.
  const { askClose, stays } = useAskClose(() => false, close)
  const { side, statement } = typed
  // Without a measure the one who was reported has nothing to object to.
  const sides = found.actions.length === 0 ? (['reporter'] as const) : (['reporter', 'reported'] as const)
  return (
    <Modal
      open
      title={`${t('case.appeal')} T-${found.ticketNumber}`}
      okText={t('case.appeal.file')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: statement.trim() === '' }}
      confirmLoading={appeal.isPending}
      {...stays}
      onCancel={askClose}
      onOk={() =>
        appeal.mutate(typed, {
          onSuccess: () => {
            clear()
            close()
          },
        })
      }
    >
      <Form layout="vertical">
        <Form.Item label={t('case.appeal.side')} htmlFor="appeal-side">
          <Select
            id="appeal-side"
            value={side}
            options={sides.map((one) => ({ value: one, label: t(`case.appeal.${one}`) }))}
            onChange={(one) => type({ side: one })}
          />
        </Form.Item>
        <Form.Item label={t('case.appeal.statement')} htmlFor="appeal-statement" required>
          <Input.TextArea
            id="appeal-statement"
            rows={4}
            maxLength={2_000}
            value={statement}
            onChange={({ target }) => type({ statement: target.value })}
          />
        </Form.Item>
        <p className="quiet">{t(side === 'reporter' ? 'case.appeal.hint' : 'case.appeal.counter-hint')}</p>
      </Form>
    </Modal>
  )
}

const withdrawable: readonly Case['state'][] = ['received', 'examining', 'awaiting-evidence', 'proposed']

/** Ending a case before it is decided. */
const Withdraw = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const [isAsking, setAsking] = useState(false)
  const withdraw = useCaseAct(found, 'done.withdrawn', (params, why: string) =>
    answerOf(v1.POST('/complaints/{id}/withdraw', { params, body: { why } })),
  )
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t('case.withdraw')}
      </Button>
      {isAsking ? (
        <AskWords
          title={`${t('case.withdraw')} T-${found.ticketNumber}`}
          hint={t('case.withdraw.hint')}
          label={t('case.withdraw.why')}
          ok={t('case.withdraw')}
          pending={withdraw.isPending}
          finish={(why) => withdraw.mutate(why, { onSuccess: () => setAsking(false) })}
          close={() => setAsking(false)}
        />
      ) : null}
    </>
  )
}

/** A second look at what was decided; before that, the case can be withdrawn. */
export const Appeal = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const now = useNow()
  const { may } = useSession()
  const [isAsking, setAsking] = useState(false)
  const { state, round, appealUntil } = found
  const canWithdraw = round === 1 && withdrawable.includes(state)
  if (state !== 'decided' && !canWithdraw) return null
  if (!may('complaint.work')) return <Why text={t('case.why.work')} />
  if (canWithdraw)
    return (
      <div className="actions">
        <Withdraw found={found} />
      </div>
    )
  const isLate = appealUntil !== undefined && Date.parse(appealUntil) <= now
  return (
    <section aria-label={t('case.appeal')}>
      <h3>{t('case.appeal')}</h3>
      {isLate ? (
        <Why text={t('case.appeal.late')} />
      ) : (
        <>
          <p>{t('case.appeal.open', { at: appealUntil === undefined ? '' : exactTime(appealUntil) })}</p>
          <Button onClick={() => setAsking(true)}>{t('case.appeal.file')}</Button>
        </>
      )}
      {isAsking ? <AppealForm found={found} close={() => setAsking(false)} /> : null}
    </section>
  )
}
