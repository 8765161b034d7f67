import { useQuery } from '@tanstack/react-query'
import Empty from 'antd/es/empty'
import List from 'antd/es/list'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import type { TicketView } from '../api/desk.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { Planned } from '../automation/planned.tsx'
import { useLanguage } from '../words/index.ts'
import { useWords } from '../words/hints.ts'
import { useChange } from './use-change.ts'

type Macro = Schemas['Macro']

const useMacros = () =>
  useQuery({
    queryKey: ['macros'],
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/macros', { signal }))).data,
  })

interface MacrosProps {
  readonly ticket: TicketView
  readonly close: () => void
}

/** What a macro would do to this ticket. */
const usePlan = (ticketId: string, macro: Macro | undefined) =>
  useQuery({
    queryKey: ['ticket', ticketId, 'macro', macro?.id],
    queryFn: ({ signal }) =>
      answerOf(
        v1.GET('/tickets/{id}/macros/{macroId}', {
          params: { path: { id: ticketId, macroId: macro?.id ?? '' } },
          signal,
        }),
      ),
    enabled: macro !== undefined,
    staleTime: 0,
  })

/** Chooses a macro, shows what it will do, and does it. */
export const Macros = ({ ticket, close }: MacrosProps) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const { data: macros = [], isPending } = useMacros()
  const [macro, setMacro] = useState<Macro>()
  const { data: plan } = usePlan(ticket.id, macro)
  const apply = useChange(ticket, 'done.macro', t('macro.undone'))
  const run = (): void => {
    if (macro === undefined) return
    apply.mutate(
      ({ path, header }) =>
        answerOf(
          v1.POST('/tickets/{id}/macros/{macroId}', {
            params: { path: { ...path, macroId: macro.id }, header },
          }),
        ),
      { onSuccess: close },
    )
  }
  return (
    <Modal
      open
      title={t('action.macro')}
      okText={t('macro.apply')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: plan === undefined }}
      confirmLoading={apply.isPending}
      onOk={run}
      onCancel={close}
    >
      {macro === undefined ? (
        <List
          loading={isPending}
          dataSource={macros}
          locale={{ emptyText: <Empty description={t('macro.none')} /> }}
          renderItem={(one) => (
            <List.Item>
              <button
                type="button"
                className="plain"
                onClick={() => {
                  setMacro(one)
                }}
              >
                <bdi>{one.name[language]}</bdi>
              </button>
            </List.Item>
          )}
        />
      ) : (
        <>
          <p>
            <bdi>{macro.name[language]}</bdi> {t('macro.will')}
          </p>
          {plan === undefined ? null : <Planned plan={plan} />}
        </>
      )}
    </Modal>
  )
}
