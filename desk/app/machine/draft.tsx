import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { answerOf, v1, type BodyOf } from '../api/v1.ts'
import { knowledgeKey, once } from '../knowledge/use-knowledge.ts'
import { useWords } from '../words/machine.ts'
import { explainMachine } from './explain.ts'
import { MachineMade } from './made.tsx'
import { TicketPicker, type PickedTicket } from './ticket-picker.tsx'

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

/** Asks for tickets and has an article drafted from them. */
const Asking = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const [chosen, choose] = useState<readonly PickedTicket[]>([])
  const drafting = useDrafting()
  return (
    <Modal
      open
      width={720}
      title={
        <>
          {t('machine.draft.tickets')} <MachineMade />
        </>
      }
      okText={t('machine.draft.go')}
      cancelText={t('cancel')}
      confirmLoading={drafting.isPending}
      okButtonProps={{ disabled: chosen.length === 0 }}
      onOk={() => {
        drafting.mutate({ tickets: chosen.map(({ id }) => id) })
      }}
      onCancel={close}
    >
      <p>{t('machine.draft.about')}</p>
      <TicketPicker chosen={chosen} choose={choose} />
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
