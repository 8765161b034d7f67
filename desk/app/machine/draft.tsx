import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { knowledgeKey, once } from '../knowledge/use-knowledge.ts'
import { useWords } from '../words/machine.ts'
import { explainMachine } from './explain.ts'
import { MachineMade } from './made.tsx'

/** Has an article drafted and opens it. */
const useDrafting = () => {
  const t = useWords()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: (body: BodyOf<'/knowledge/help/drafts', 'post'>) =>
      answerOf(v1.POST('/knowledge/help/drafts', { params: once(), body })),
    onSuccess: async ({ id }) => {
      void message.success(t('machine.draft.done'))
      await client.invalidateQueries({ queryKey: knowledgeKey() })
      void navigate({ to: '/knowledge/drafts/$draftId', params: { draftId: id } })
    },
  })
}

const numbersIn = (typed: string): string[] => [
  ...new Set((typed.match(/\d{1,10}/g) ?? []).map((number) => `T-${number}`)),
]

const most = 10

/** Asks for ticket numbers and has an article drafted from them. */
const Asking = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const [typed, type] = useState('')
  const drafting = useDrafting()
  const tickets = numbersIn(typed)
  return (
    <Modal
      open
      title={
        <>
          {t('machine.draft.tickets')} <MachineMade />
        </>
      }
      okText={t('machine.draft.go')}
      cancelText={t('cancel')}
      confirmLoading={drafting.isPending}
      okButtonProps={{ disabled: tickets.length === 0 || tickets.length > most }}
      onOk={() => {
        drafting.mutate({ tickets })
      }}
      onCancel={close}
    >
      <p>{t('machine.draft.about')}</p>
      <label>
        {t('machine.draft.numbers')}
        <Input
          value={typed}
          placeholder="T-1001 T-1002"
          onChange={({ target }) => {
            type(target.value)
          }}
        />
      </label>
      {drafting.error === null ? null : (
        <p role="alert">{explainMachine(drafting.error, t, 'machine.draft')}</p>
      )}
    </Modal>
  )
}

/** Drafts an article from solved tickets. */
export const TicketDraft = () => {
  const t = useWords()
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('machine.draft.tickets')}</Button>
      {isAsking ? <Asking close={() => setAsking(false)} /> : null}
    </>
  )
}

/** Drafts an article from what people replied to questions that the bot did not settle. */
export const ProposalDraft = ({ proposalId }: { readonly proposalId: string }) => {
  const t = useWords()
  const drafting = useDrafting()
  return (
    <>
      <Button loading={drafting.isPending} onClick={() => drafting.mutate({ proposalId })}>
        {t('machine.draft')}
      </Button>
      {drafting.error === null ? null : (
        <p role="alert">{explainMachine(drafting.error, t, 'machine.draft')}</p>
      )}
    </>
  )
}
