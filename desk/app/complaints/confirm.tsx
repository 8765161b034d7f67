import Modal from 'antd/es/modal'
import type { Schemas } from '../api/v1.ts'
import { useWords } from '../words/complaint.ts'
import type { Case, Verdict } from './use-case.ts'

interface ConfirmProps {
  readonly found: Case
  readonly verdict: Verdict
  readonly ask: string | undefined
  readonly preview: Schemas['ComplaintDecisionPreview']
  readonly pending: boolean
  readonly finish: () => void
  readonly close: () => void
}

/** What a decision brings about, side by side, before it is taken. */
export const Confirm = ({ found, verdict, ask, preview, pending, finish, close }: ConfirmProps) => {
  const t = useWords()
  const { isProposal, language, notices, actions } = preview
  const names = found.objects.map(({ kind, id }) => `${t(`case.object.${kind}`)} ${id}`)
  const name = t(`case.verdict.${verdict}`)
  return (
    <Modal
      open
      width={720}
      title={t('case.confirm', { verdict: name, n: found.objects.length })}
      okText={t(isProposal ? 'case.confirm.propose' : 'case.confirm.decide', { verdict: name })}
      okButtonProps={{ danger: actions.length > 0 && verdict !== 'warn' }}
      cancelText={t('cancel')}
      confirmLoading={pending}
      onOk={finish}
      onCancel={close}
    >
      {names.length === 0 ? null : (
        <ul className="addresses">
          {names.map((one) => (
            <li key={one}>
              <bdi>{one}</bdi>
            </li>
          ))}
        </ul>
      )}
      {isProposal ? <p role="note">{t('case.confirm.two')}</p> : null}
      <div className="columns">
        {(['reporter', 'reported'] as const).map((side) => {
          const heard = notices.filter((notice) => notice.side === side)
          return (
            <section key={side} aria-label={t(`case.hears.${side}`)}>
              <h3>{t(`case.hears.${side}`)}</h3>
              {heard.length === 0 ? <p className="quiet">{t('case.hears.nothing')}</p> : null}
              {heard.map(({ words }) => (
                <blockquote
                  key={words.zh}
                  className="heard words"
                  lang={side === 'reporter' ? language : 'zh'}
                >
                  {side === 'reporter' ? words[language] : words.zh}
                </blockquote>
              ))}
            </section>
          )
        })}
      </div>
      {actions.length === 0 ? null : (
        <p className="quiet">
          {t('case.confirm.actions', {
            actions: actions.map((kind) => t(`case.action.${kind}`)).join(t('case.comma')),
          })}
        </p>
      )}
      {ask === undefined ? null : <p className="quiet">{t('case.confirm.ask')}</p>}
    </Modal>
  )
}
